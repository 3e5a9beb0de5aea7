"""The topic for dead letters."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from tests.simulation.loop import Injected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.messages import Visit
    from tests.simulation.world import World

TIMEOUT: Final = 1.0
"""Seconds that the runtime waits for one to be written."""


class DeadLetterFailed(Injected):
    """A dead letter is refused, or nobody knows whether it was."""


class DeadLetters:
    """Takes dead letters, unless that is what goes wrong."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def write(self, visit: Visit, reasons: Mapping[str, str]) -> None:
        """Write one."""
        world = self._world
        await asyncio.sleep(world.latency())
        if world.fails("dead-letter-refused"):
            raise DeadLetterFailed
        if world.fails("dead-letter-hangs"):
            await asyncio.sleep(TIMEOUT * 100)
        world.ledger.dead(visit, reasons)
        try:
            await asyncio.sleep(world.latency())
        except asyncio.CancelledError:
            world.ledger.may_repeat(visit.item)
            raise
        if world.fails("dead-letter-unanswered"):
            world.ledger.may_repeat(visit.item)
            raise DeadLetterFailed
