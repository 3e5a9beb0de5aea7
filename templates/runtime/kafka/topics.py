"""The topics that a service needs: which there are, and creating those that are missing."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped] # it has no types
from aiokafka.errors import (  # type: ignore[import-untyped] # it has no types
    InvalidReplicationFactorError,
    TopicAlreadyExistsError,
    for_code,
)

from ..adapter import CannotStart
from .sources import Layout

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
        self._needed: dict[str, Layout] = {}

    @property
    def needed(self) -> tuple[str, ...]:
        """Topics that messages come from, and those for dead letters."""
        return tuple(self._needed)

    def need(self, name: str, layout: Layout) -> None:
        """Say that a topic must exist, and what it is created with; what says something goes before what does not."""
        if layout != Layout() or name not in self._needed:
            self._needed[name] = layout

    async def existing(self) -> set[str]:
        """Ask which topics there are. CannotStart when Kafka does not answer.

        No topic is named in the question: a broker may create what it is asked for.
        """
        async with self._admin() as admin:
            return set(await admin.list_topics())

    async def create(self, names: Iterable[str], replicas: int | None = None) -> None:
        """Create topics that are needed, as the contract lays them out; the brokers decide what it does not say.

        `replicas` counts instead of the contract's. Topics that exist stay as they are. CannotStart when Kafka refuses
        one or does not answer.
        """
        async with self._admin() as admin:
            answer = await admin.create_topics([_new(name, self._needed[name], replicas) for name in names])
        for error in answer.to_object()["topic_errors"]:
            code = for_code(error["error_code"])
            if error["error_code"] and code is not TopicAlreadyExistsError:
                reason = error.get("error_message") or code.__name__
                hint = "; --replicas says how many" if code is InvalidReplicationFactorError else ""
                raise CannotStart(f"Kafka does not create the topic {error['topic']!r}: {reason}{hint}")

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


def _new(name: str, layout: Layout, replicas: int | None) -> NewTopic:
    partitions, copies = layout.partitions or _BROKERS_DEFAULT, replicas or layout.replicas or _BROKERS_DEFAULT
    # an empty assignment of replicas only makes aiokafka accept that the brokers decide
    assignment: dict[int, list[int]] | None = {} if _BROKERS_DEFAULT in {partitions, copies} else None
    return NewTopic(name, partitions, copies, replica_assignments=assignment, topic_configs=dict(layout.settings))
