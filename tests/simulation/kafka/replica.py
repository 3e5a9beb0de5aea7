"""A replica of a service that receives from Kafka: `Partitions` and `Delivery` as they are, and what is around them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from tests.simulation.loop import Process
from tests.simulation.messages import ATTEMPTS, PATIENCE, TOMBSTONE, Item
from tests.simulation.service import Event, Service

from .consumer import Consumer
from .dead_letters import TIMEOUT, DeadLetters
from .group import SESSION
from .watch import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.world import World

    from .group import Assignment, Group
    from .log import Log

_SHUTDOWN: Final = 0.5
"""Seconds for which FastStream stops its broker; until then the consumer is in the group and fetches."""


class Replica(Process):
    """A process of the service; `options` are those of `Partitions`."""

    def __init__(self, world: World, log: Log, group: Group, *, name: str, options: Mapping[str, Any]) -> None:
        super().__init__(world.loop)
        self._world = world
        self._group = group
        self._name = name
        self.is_stopping = False
        self._must_rejoin = asyncio.Event()
        self._watch = Watch(world, log, self, options["concurrency"])
        self._consumer = Consumer(world, log, group, self)
        self._dead_letters = DeadLetters(world)
        service = Service(world, self._watch)
        self._partitions: Any
        self._delivery = world.code.delivery.Delivery(
            service.deserialize,
            service.dispatch,
            self._write_dead_letter,
            world.code.delivery.Retry(ATTEMPTS, 0.2, 4.0),
            operations={Event: "receive"},
            prepare=service.prepare,
            skips_left_out=True,
            dead_letter_timeout=TIMEOUT,
            is_given_up=lambda _: self._partitions.is_given_up(),
        )
        self._partitions = world.code.partitions.Partitions(self._delivery, drain_timeout=PATIENCE, **options)
        self.spawn(self._be_member())
        self.spawn(self._consume())

    def __str__(self) -> str:
        return self._name

    def kill(self) -> None:
        """End without a word: the group notices when the session is over."""
        self.end()
        self._world.ledger.disturb(f"{self} is killed")
        self.loop.call_later(SESSION, self._group.leave, self)

    def terminate(self) -> None:
        """Get a SIGTERM."""
        self.is_stopping = True
        self.spawn(self._stop())

    def freeze(self) -> None:
        """Stand still; the group notices when that is for too long."""
        if self.is_held:
            return
        seconds = self._world.rng.choice((1.0, SESSION + 2.0))
        self._world.ledger.note(f"{self} stands still for {seconds} s")
        self.hold(seconds)
        self._watch.excused += seconds
        if seconds > SESSION:
            self._world.ledger.disturb("its session ends")
            self.loop.call_later(SESSION, self._group.leave, self)
            self.loop.call_later(seconds, self.rejoin)

    def rejoin(self) -> None:
        """Hear from the group that there is a rebalance."""
        self._must_rejoin.set()

    def commits_slowly(self, seconds: float) -> None:
        """Wait for the answer to a commit."""
        self._watch.excused += seconds

    def problems(self) -> list[str]:
        """Give what would be told by /ready."""
        return list(self._delivery.problems()) if self.is_alive else []

    async def _be_member(self) -> None:
        """Do what aiokafka's coordinator does: revoke, join, assign."""
        while True:
            self._consumer.begin_reassignment()
            await self._watch.revoke(self._partitions.revoke(self._consumer))
            self._consumer.assign(await self._join())
            self._partitions.assign()
            await self._must_rejoin.wait()
            await asyncio.sleep(self._world.rng.choice((0.0, 0.2, 1.0)))  # until the next heartbeat

    async def _join(self) -> Assignment:
        while True:
            self._must_rejoin.clear()
            if assignment := await self._group.join(self):
                return assignment

    async def _consume(self) -> None:
        """Do what FastStream's loop does."""
        while True:
            batch = await self._consumer.getmany()
            for _ in range(3):
                await asyncio.sleep(0)
            messages = {partition: [self._message(item) for item in items] for partition, items in batch.items()}
            await self._partitions.take(self._consumer, messages)

    async def _stop(self) -> None:
        began = self.loop.time()
        await self._watch.stop(self._partitions.stop(self._consumer))
        if self.loop.time() - began > 0.99 * PATIENCE:  # with handlers, or with a commit that is not answered
            self._world.ledger.disturb(f"{self} has not committed in time")
        await asyncio.sleep(_SHUTDOWN)
        self._group.leave(self)
        self.end()

    async def _write_dead_letter(self, message: Any, reasons: dict[str, str]) -> None:
        await self._dead_letters.write(self._watch.visit_of(message), reasons)

    def _message(self, item: Item) -> Any:
        body = None if item.kind is TOMBSTONE else b"body"
        message = self._world.code.message.KafkaMessage("t", 0, item.number, 0, item.key, body)
        self._watch.came(item, message)
        return message
