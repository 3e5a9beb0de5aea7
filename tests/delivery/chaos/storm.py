"""The storm itself: kills of the service and restarts of the broker at random moments, then calm, then the account."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.brokers import Service
from tests.delivery.chaos.account import Account, account, mixture
from tests.delivery.chaos.handling import LEDGER

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.brokers import Server
    from tests.delivery.chaos.sides import Side

_PATIENCE: Final = 60.0
"""Seconds without anything handled after which the rest counts as lost."""


@dataclass(frozen=True)
class Plan:
    """How many messages, and what happens meanwhile."""

    messages: int
    kills: int
    restarts: int
    pause: tuple[float, float]
    """Seconds of calm before each of them, at least and at most."""


@dataclass(frozen=True)
class Aftermath:
    """What there was to see when everything was over."""

    account: Account
    left: int
    exit_code: int | None
    was_running: bool
    """Whether the service still ran when everything was handled: it must survive the restarts of its broker."""
    seconds: float
    handled_before_last_blow: int

    def complaints(self, plan: Plan, *, keeps_order: bool) -> list[str]:
        """Tell what is not as it should be."""
        complaints = self.account.complaints(plan.kills, keeps_order=keeps_order)
        if self.left:
            complaints.append(f"{self.left} messages are not finished for the broker")
        if self.exit_code != 0 or not self.was_running:
            complaints.append(f"the service ended with {self.exit_code}, was running: {self.was_running}")
        if self.handled_before_last_blow >= self.account.sent - len(self.account.not_dead):
            complaints.append("everything was handled before the last kill: send more messages")
        return complaints


async def storm(
    side: Side, plan: Plan, chance: Random, tell: Callable[[str], None], *, server: Server | None = None
) -> Aftermath:
    """Run it; the broker runs already, and `server` is it when the plan has restarts."""
    began = time.monotonic()
    messages = mixture(plan.messages, chance)
    await side.fill(messages)
    tell(f"{len(messages)} messages sent in {time.monotonic() - began:.1f} s")
    service = side.package.service(side.settings)
    service.start()
    blows = ["kill"] * plan.kills + ["restart"] * plan.restarts
    chance.shuffle(blows)
    for number, blow in enumerate(blows):
        await asyncio.sleep(chance.uniform(*plan.pause))
        tell(f"{time.monotonic() - began:6.1f} s: {len(_handled(side))} handled; {blow}")
        await asyncio.to_thread(_strike, service if blow == "kill" else server, number)
    before_last_blow = len(_handled(side))
    await _calm(side, sum(not one.is_hopeless for one in messages))
    was_running = service.is_running()
    code = await asyncio.to_thread(service.stop)
    found = account(messages, _handled(side), await side.dead())
    return Aftermath(found, await side.left(), code, was_running, time.monotonic() - began, before_last_blow)


def _strike(struck: Server | None, number: int) -> None:
    assert struck is not None, "who restarts the broker has started it"
    if number % 2 or isinstance(struck, Service):
        struck.kill()
    else:
        struck.stop()
    struck.start()


async def _calm(side: Side, hopeful: int) -> None:
    """Wait until all that can be handled is, and a little longer for what cannot."""
    handled, deadline = -1, time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        names = _handled(side)
        if len(set(names)) >= hopeful:
            await asyncio.sleep(3)  # the last ones may be hopeless
            return
        if len(names) > handled:
            handled, deadline = len(names), time.monotonic() + _PATIENCE
        await asyncio.sleep(0.5)


def _handled(side: Side) -> list[str]:
    file = side.package.folder / LEDGER
    if not file.exists():
        return []
    return [line.strip() for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
