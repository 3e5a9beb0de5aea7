"""The topics that a service needs: which there are, and creating those that are missing."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped] # it has no types
from aiokafka.errors import TopicAlreadyExistsError, for_code  # type: ignore[import-untyped] # it has no types

from ..adapter import CannotStart

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from .connection import Connection

_PATIENCE_MS: Final = 10_000
"""How long each server has to answer before it counts as unreachable."""
_BROKERS_DEFAULT: Final = -1


class Topics:
    """The topics of a service, and those that Kafka has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._needed: dict[str, None] = {}

    @property
    def needed(self) -> tuple[str, ...]:
        """Topics that messages come from, and those for dead letters."""
        return tuple(self._needed)

    def need(self, *names: str) -> None:
        """Say that these topics must exist."""
        self._needed.update(dict.fromkeys(names))

    async def existing(self) -> set[str]:
        """Ask which topics there are. CannotStart when Kafka does not answer.

        No topic is named in the question: a broker may create what it is asked for.
        """
        async with self._admin() as admin:
            return set(await admin.list_topics())

    async def create(self, names: Iterable[str]) -> None:
        """Create topics with the number of partitions and replicas that the brokers give by default.

        Those that exist stay as they are. CannotStart when Kafka refuses one or does not answer.
        """
        async with self._admin() as admin:
            # an empty assignment of replicas only makes aiokafka accept that the brokers decide
            new = [NewTopic(name, _BROKERS_DEFAULT, _BROKERS_DEFAULT, replica_assignments={}) for name in names]
            answer = await admin.create_topics(new)
        for error in answer.to_object()["topic_errors"]:
            code = for_code(error["error_code"])
            if error["error_code"] and code is not TopicAlreadyExistsError:
                reason = error.get("error_message") or code.__name__
                raise CannotStart(f"Kafka does not create the topic {error['topic']!r}: {reason}")

    @asynccontextmanager
    async def _admin(self) -> AsyncGenerator[Any, None]:
        admin = AIOKafkaAdminClient(**self._connection.options, request_timeout_ms=_PATIENCE_MS)
        try:
            await admin.start()
            yield admin
        except Exception as error:
            raise CannotStart(await self._connection.refusal(error)) from error
        finally:
            await admin.close()
