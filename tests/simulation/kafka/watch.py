"""What must hold of the records in the hands of one replica, as long as a partition is its own."""

from __future__ import annotations

import asyncio
from itertools import dropwhile
from math import inf
from typing import TYPE_CHECKING, Any, Final

from tests.simulation.messages import PATIENCE, Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tests.simulation.loop import Process
    from tests.simulation.messages import Item
    from tests.simulation.world import World

    from .log import Log

_MOMENT: Final = 0.5
"""Seconds that all but handlers may take."""
_STEPS: Final = 5
"""After how many steps those that were cancelled have come to know of it."""


class Watch:
    """Knows which record came during which membership; has the run fail when more is done with it than may be."""

    def __init__(self, world: World, log: Log, owner: Process, concurrency: int) -> None:
        self._world = world
        self._log = log
        self._owner = owner
        self._concurrency = concurrency
        self._visits: dict[int, tuple[Visit, Any]] = {}
        """By the number of the message, which is kept, so that no other gets its number."""
        self._revokes_begun = self._revokes_done = 0
        self._in_progress = 0
        self._may_cancel_at = inf
        self.is_stopped = False
        self.excused = 0.0
        """Seconds for which it is not to blame."""

    def came(self, item: Item, message: Any) -> None:
        """Know a record that was fetched."""
        self._visits[id(message)] = Visit(item, self._owner, origin=self._revokes_begun), message

    def visit_of(self, message: Any) -> Visit:
        return self._visits[id(message)][0]

    def check_begin(self, visit: Visit) -> None:
        item, fail = visit.item, self._world.loop.fail
        if self.is_stopped:
            fail(f"{item} is begun after SIGTERM")
        if visit.origin != self._revokes_begun:
            fail(f"{item} is begun by a replica that gives up its partition")
        in_work = [one.item for one, _ in self._visits.values() if one.is_busy and not one.is_given_up]
        in_work = [one for one in in_work if one.source == item.source]
        if len(in_work) >= self._concurrency:
            fail(f"{item} is begun beside {len(in_work)} others of its partition")
        if any(one.key == item.key is not None for one in in_work):
            fail(f"{item} is begun beside another record of its key")
        for earlier in self._log.records[item.source]:
            has_order = self._concurrency == 1 or earlier.key == item.key is not None
            if earlier.number < item.number and has_order and earlier not in self._world.ledger.finished:
                fail(f"{item} is begun before {earlier} is finished")

    def check_going_on(self, visit: Visit) -> None:
        if self._revokes_done > visit.origin:
            self._world.loop.fail(f"the handler of {visit.item} goes on although others may have its partition")

    def check_cancelled(self, visit: Visit) -> None:
        if self._world.loop.time() < self._may_cancel_at:
            self._world.loop.fail(f"the handler of {visit.item} is cancelled although it still has time")

    async def revoke(self, revoking: Awaitable[None]) -> None:
        """Wait until partitions are given up."""
        self._revokes_begun += 1
        await self._in_time(revoking)
        self._revokes_done = self._revokes_begun

    async def stop(self, stopping: Awaitable[None]) -> None:
        """Wait until nothing more is done."""
        self.is_stopped = True
        await self._in_time(stopping)

    async def _in_time(self, giving_up: Awaitable[None]) -> None:
        """Wait for no longer than handlers have, unless Kafka is slow or the process stood still."""
        loop = self._world.loop
        began = loop.time()
        if not self._in_progress:  # a rebalance may come while it stops, and the other way round
            self._may_cancel_at = began + PATIENCE
        self._in_progress += 1
        await giving_up
        for _ in range(_STEPS):
            await asyncio.sleep(0)
        self._in_progress -= 1
        seconds = loop.time() - began
        if seconds > PATIENCE + _MOMENT + self.excused:
            loop.fail(f"{self._owner} gives up its partitions only after {seconds:.1f} s")
        self._let_repeat_what_is_ahead()

    def _let_repeat_what_is_ahead(self) -> None:
        """Let come again what is finished and could not be committed, since a record before it is not finished."""
        ledger = self._world.ledger
        for items in self._log.records.values() if self._concurrency > 1 else ():
            for item in dropwhile(ledger.is_settled, items):
                if item in ledger.finished:
                    ledger.may_repeat(item)
