"""A consumer group that rebalances eagerly: all members give up all partitions, and get others."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from tests.simulation.loop import Injected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.world import World

    from .log import Log

SESSION: Final = 4.0
"""Seconds after which a member that is not heard of is none any more."""
_REBALANCE: Final = 12.0
"""Seconds that members have to give up their partitions."""
_ROUND_TRIP: Final = 0.001


class Assignment(NamedTuple):
    """What a member gets."""

    generation: int
    partitions: list[str]


class Member(Protocol):
    """What brokers tell a member."""

    def rejoin(self) -> None: ...
    def commits_slowly(self, seconds: float) -> None: ...


class Fenced(Injected):
    """A commit comes from somebody who is no member any more."""


class Group:
    """The group of all replicas."""

    def __init__(self, world: World, log: Log) -> None:
        self._world = world
        self._log = log
        self._members: list[Member] = []
        self._joined: dict[Member, asyncio.Future[Assignment | None]] = {}
        self._generation = 0
        self._has_changed = asyncio.Event()

    async def coordinate(self) -> None:
        """Rebalance whenever a member comes or goes, for ever."""
        while True:
            await self._has_changed.wait()
            await self._gather()
            for member in self._missing():
                self._world.ledger.disturb(f"{member} has not given up its partitions in time")
                self._members.remove(member)
            await asyncio.sleep(_ROUND_TRIP)
            self._assign()

    def join(self, member: Member) -> asyncio.Future[Assignment | None]:
        """Give what will be assigned to a member that has given up all it had; None when it has to join again."""
        if member not in self._members:
            self._members.append(member)
        self._joined[member] = answer = self._world.loop.create_future()
        self._has_changed.set()
        return answer

    def leave(self, member: Member) -> None:
        """Have one member less."""
        if member in self._members:
            self._members.remove(member)
            if answer := self._joined.pop(member, None):
                answer.set_result(None)
            self._has_changed.set()

    def commit(self, member: Member, generation: int, offsets: Mapping[str, int]) -> None:
        """Commit offsets for a member of this generation."""
        if member not in self._members or generation != self._generation:
            raise Fenced
        self._log.commit(offsets)

    async def _gather(self) -> None:
        """Wait until all members have joined, or for as long as they may take."""
        loop = self._world.loop
        deadline = loop.time() + _REBALANCE
        while (missing := self._missing()) and loop.time() < deadline:
            for member in missing:
                member.rejoin()
            self._has_changed.clear()
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._has_changed.wait(), deadline - loop.time())
        self._has_changed.clear()

    def _assign(self) -> None:
        self._generation += 1
        joined, self._joined = self._joined, {}
        for number, (member, answer) in enumerate(joined.items()):
            share = [
                partition
                for place, partition in enumerate(self._log.records, self._generation)
                if place % len(joined) == number
            ]
            self._world.ledger.note(f"{member} is assigned {share}")
            answer.set_result(Assignment(self._generation, share))

    def _missing(self) -> list[Member]:
        return [member for member in self._members if member not in self._joined]
