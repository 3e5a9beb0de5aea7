"""The channel that copies are written through: dead letters, and messages that wait for another attempt."""

from __future__ import annotations

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from tests.simulation.loop import Injected
from tests.simulation.wire import Wire

from .broker import Stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.messages import Visit
    from tests.simulation.world import World

    from .broker import Broker

DEAD: Final = ".dead"
_FRAME_MAX: Final = 131_072


class PublishFailed(Injected):
    """A copy is refused, or nobody knows whether it was."""


class Publishing:
    """What the runtime uses of FastStream's broker, aio-pika's connection, its channel and the default exchange."""

    def __init__(self, world: World, broker: Broker, visits: Mapping[str, Visit]) -> None:
        self._world = world
        self._broker = broker
        self._visits = visits
        self._wire = Wire(world)
        self._answers: list[asyncio.Future[None]] = []
        self.is_connected = True
        self.default_exchange = self

    async def connect(self) -> Publishing:
        return self

    def channel(self, **_: bool) -> Publishing:
        return self

    async def initialize(self) -> None:
        await asyncio.sleep(self._world.latency())

    async def get_underlay_channel(self) -> Any:
        return SimpleNamespace(connection=SimpleNamespace(connection_tune=SimpleNamespace(frame_max=_FRAME_MAX)))

    async def declare_queue(self, name: str, *, durable: bool, arguments: Mapping[str, Any], robust: bool) -> None:
        if not durable or robust:
            self._world.loop.fail(f"queue {name} would not outlive the broker, or be declared again and again")
        await self._ask(partial(self._declare, name, arguments))

    async def publish(self, copy: Any, queue: str, *, mandatory: bool) -> None:
        if not mandatory:
            self._world.loop.fail(f"a copy for {queue} would be dropped if that is missing")
        visit = self._visits.get(copy.headers.get("x-visit", ""))
        if visit and visit.origin.closed_at < visit.idle_since and not queue.endswith(DEAD):
            self._world.loop.fail(
                f"{visit.item} is parked although its channel was closed, so that the broker delivers it again"
            )
        await self._ask(partial(self._write, copy, queue))

    def lose(self) -> None:
        """Lose the connection: what is on its way, and what an answer is waited for."""
        self.is_connected = False
        self._wire.cut()
        answers, self._answers = self._answers, []
        for answer in answers:
            _set(answer, PublishFailed())

    async def _ask(self, request: Any) -> None:
        if not self.is_connected:
            raise PublishFailed
        answer: asyncio.Future[None] = self._world.loop.create_future()
        self._answers.append(answer)
        self._wire.send(partial(request, answer))
        await answer
        await asyncio.sleep(self._world.latency())

    def _declare(self, name: str, arguments: Mapping[str, Any], answer: asyncio.Future[None]) -> None:
        is_refused = self._world.fails("declare-refused")
        if not self._broker.declare(name, arguments):
            self._world.loop.fail(f"queue {name} is declared with other arguments than before")
        _set(answer, PublishFailed() if is_refused else None)

    def _write(self, copy: Any, queue: str, answer: asyncio.Future[None]) -> None:
        world, visit = self._world, self._visits.get(copy.headers.get("x-visit", ""))
        if visit is None or (copy.body, copy.message_id) != (str(visit.item).encode(), str(visit.item)):
            world.loop.fail(f"a copy for {queue} is not what its message was")
            return
        fault = "dead-letter" if queue.endswith(DEAD) else "parking"
        if world.fails(f"{fault}-refused"):
            _set(answer, PublishFailed())
            return
        hangs, is_unanswered = world.fails(f"{fault}-hangs"), world.fails(f"{fault}-unanswered")
        if not hangs or world.rng.random() < 0.5:  # it may be written and its confirmation be lost
            if hangs or is_unanswered:
                world.ledger.may_repeat(visit.item)
            self._store(copy, queue, visit)
        if not hangs:
            _set(answer, PublishFailed() if is_unanswered else None)

    def _store(self, copy: Any, queue: str, visit: Visit) -> None:
        item, headers = visit.item, dict(copy.headers)
        if queue == item.source + DEAD:
            origin = [headers.get(f"x-original-{what}") for what in ("exchange", "routing-key", "queue")]
            if origin != ["events", "created", item.source]:
                self._world.loop.fail(f"the dead letter of {item} says that it comes from {origin}")
            self._world.ledger.dead(visit, headers)
            return
        self._world.ledger.note(f"{visit.owner}: {item} is parked in {queue}")
        if visit.is_final or not visit.attempts:
            self._world.loop.fail(f"{item} is parked in {queue} for no other attempt")
        if not self._broker.publish(queue, Stored(item, headers, "", queue, visit.attempts)):
            self._world.loop.fail(f"{queue} does not exist")


def _set(answer: asyncio.Future[None], error: Exception | None) -> None:
    if not answer.done():
        if error is None:
            answer.set_result(None)
        else:
            answer.set_exception(error)
