"""What the runtime uses of aiokafka's consumer, behaving as that does."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from tests.simulation.loop import Injected
from tests.simulation.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.simulation.messages import Item
    from tests.simulation.world import World

    from .group import Assignment, Group, Member
    from .log import Log

_MAX_RECORDS: Final = 4
_SLOW_COMMIT: Final = 5.0


class CommitFailed(Injected):
    """A commit is refused, or nobody knows whether it was."""


class Consumer:
    """A member's view of the log."""

    def __init__(self, world: World, log: Log, group: Group, member: Member) -> None:
        self._world = world
        self._log = log
        self._group = group
        self._member = member
        self._generation = 0
        self._positions: dict[str, int] = {}
        self._paused: set[str] = set()
        self._is_reassigning = True
        self._may_have_records = asyncio.Event()
        self._wire = Wire(world)

    def begin_reassignment(self) -> None:
        """Give no records until there is a new assignment; the old one lasts until then."""
        self._is_reassigning = True

    def assign(self, assignment: Assignment) -> None:
        """Go on at what is committed."""
        self._generation = assignment.generation
        self._positions = {partition: self._log.committed[partition] for partition in assignment.partitions}
        self._paused.clear()
        self._is_reassigning = False
        self._may_have_records.set()

    def assignment(self) -> Iterable[str]:
        return set(self._positions)

    async def getmany(self) -> dict[str, list[Item]]:
        """Wait for records; gives a few at once, mostly of one partition."""
        while True:
            await self._may_have_records.wait()
            await asyncio.sleep(self._world.latency())
            if batch := self._drain():
                return batch
            self._may_have_records.clear()

    async def commit(self, offsets: dict[str, int]) -> None:
        """Send a request, which arrives also when its sender does not wait for the answer."""
        self._check_assigned(offsets)
        answer: asyncio.Future[None] = self._world.loop.create_future()
        self._wire.send(partial(self._commit, self._generation, dict(offsets), answer))
        await answer

    def pause(self, *partitions: str) -> None:
        self._check_assigned(partitions)
        self._paused.update(partitions)

    def resume(self, *partitions: str) -> None:
        self._check_assigned(partitions)
        self._paused.difference_update(partitions)
        self._may_have_records.set()

    def _drain(self) -> dict[str, list[Item]]:
        batch: dict[str, list[Item]] = {}
        room = 0 if self._is_reassigning else _MAX_RECORDS
        for partition, position in self._positions.items():
            if partition not in self._paused and (items := self._log.from_offset(partition, position)[:room]):
                batch[partition] = items
                self._positions[partition] = items[-1].number + 1
                room -= len(items)
        return batch

    def _commit(self, generation: int, offsets: Mapping[str, int], answer: asyncio.Future[None]) -> None:
        error: Exception | None = None
        delay = self._world.latency()
        if self._world.fails("commit-refused"):
            self._world.ledger.disturb("a commit is refused")
            error = CommitFailed()
        else:
            try:
                self._group.commit(self._member, generation, offsets)
            except Injected as fenced:
                error = fenced
            if self._world.fails("commit-unanswered"):
                error = CommitFailed()
            elif self._world.fails("commit-slow"):
                delay = _SLOW_COMMIT
                self._member.commits_slowly(delay)
        self._world.loop.call_later(delay, _answer, answer, error)

    def _check_assigned(self, partitions: Iterable[str]) -> None:
        for partition in partitions:
            if partition not in self._positions:
                self._world.loop.fail(f"{self._member} does something to {partition}, which is not assigned to it")


def _answer(answer: asyncio.Future[None], error: Exception | None) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(None)
    else:
        answer.set_exception(error)
