"""Offsets that are not committed behind finished records: never, without a group; or before a handler runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Generic

from ..failure import Failure
from ..reason import describe, one_line
from .partitions import PartitionT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from ..message import KafkaMessage
    from .partitions import Consumer, Deliverer

logger = logging.getLogger(__name__)

_DELAY: Final = 1.0
"""Seconds until an offset that could not be committed is committed again."""


class Uncommitted(Generic[PartitionT]):
    """A consumer whose finished records are not committed: it has no group, or has committed them already."""

    def __init__(self, consumer: Consumer[PartitionT]) -> None:
        self.assignment: Callable[[], Iterable[PartitionT]] = consumer.assignment
        self.pause: Callable[..., None] = consumer.pause
        self.resume: Callable[..., None] = consumer.resume

    async def commit(self, offsets: dict[PartitionT, int]) -> None:
        """Do nothing: aiokafka refuses it without a group, and else it would take back what is committed ahead."""


class NotCommitted(Exception):  # noqa: N818 - says what happened
    """A record may not be handled yet: that it is cannot be committed."""


class AtMostOnce:
    """Commits each record before its handler runs, so that what a crash interrupts does not come again.

    `commit` commits the offset behind a record. Until that succeeds the record waits, and those behind it. `prefix`
    stands in front of what is said of a record.
    """

    def __init__(
        self,
        delivery: Deliverer[KafkaMessage],
        commit: Callable[[KafkaMessage], Awaitable[None]],
        *,
        prefix: str = "",
    ) -> None:
        self._prefix = prefix
        self._delivery = delivery
        self._commit = commit
        self._waiting: dict[int, str] = {}
        self._failed: set[int] = set()

    async def deliver(self, message: KafkaMessage, earlier: Failure | None = None) -> Failure | None:
        """Commit a record, then make one attempt; later attempts only do that."""
        key = id(message)
        if earlier is None or isinstance(earlier.error, NotCommitted):
            try:
                await self._commit(message)
            except Exception as error:  # noqa: BLE001 - it waits, whatever it is
                text = one_line(f"{message}: cannot be committed before its handler: {describe(error)}")
                self._waiting[key] = f"{self._prefix}{text}"
                logger.warning("%s; again in %g s", self._waiting[key], _DELAY)
                return Failure(NotCommitted(), 0, _DELAY, is_final=False)
            self._waiting.pop(key, None)
            earlier = None
        failure = await self._delivery.deliver(message, earlier)
        (self._failed.add if failure is not None else self._failed.discard)(key)
        return failure

    def forget(self, message: KafkaMessage) -> None:
        """Nobody waits for this record any more; says so when it failed, because it does not come again."""
        self._waiting.pop(id(message), None)
        if id(message) in self._failed:
            self._failed.discard(id(message))
            text = "%s%s: is lost between two attempts: it was committed before the first"
            logger.error(text, self._prefix, one_line(str(message)))
        self._delivery.forget(message)

    def problems(self) -> list[str]:
        """Tell which records wait to be committed, and why they cannot be."""
        return list(self._waiting.values())
