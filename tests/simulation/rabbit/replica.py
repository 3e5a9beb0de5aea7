"""A replica of a service that receives from RabbitMQ: the runtime as it is, and what is around it."""

from __future__ import annotations

import asyncio
import contextvars
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from tests.simulation.loop import Process
from tests.simulation.messages import ATTEMPTS, PATIENCE, Visit
from tests.simulation.service import Event, Service

from .channel import Channel, IncomingMessage
from .publishing import DEAD, Publishing
from .watch import Watch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.world import World

    from .broker import Broker, Stored

_DEAD_LETTER_TIMEOUT: Final = 1.0
_MOMENT: Final = 0.5
"""Seconds that all else may take."""


class _Handler:
    """What is not a stub."""

    async def handle(self, event: Event) -> None:
        """Be called by a mediator that is not there."""


class Replica(Process):
    """A process of the service, with a subscription for each queue and one channel for all."""

    def __init__(self, world: World, broker: Broker, *, name: str, options: Mapping[str, Any]) -> None:
        super().__init__(world.loop)
        self._world = world
        self._broker = broker
        self._name = name
        self._prefetch: int = options["prefetch"]
        self._watch = Watch(world, broker, options["has_order"])
        self.is_stopping = False
        self._visits: dict[str, Visit] = {}
        self._takes: dict[asyncio.Task[Any], IncomingMessage] = {}
        self._channel: Channel | None = None
        self._publishing = Publishing(world, broker, self._visits)
        code = world.code
        self._outbox = code.outbox.Outbox(self._publishing)
        self._copies = code.copies.Copies(self._outbox)
        self._acknowledgements = code.acknowledgements.Acknowledgements(options["limit"])
        service = Service(world, self._watch)
        settings = code.settings.RabbitSettings.model_construct(  # without the environment
            attempts=ATTEMPTS,
            retry_delay=options["retry_delay"],
            retry_delay_max=4.0,
            dead_letter="{address}" + DEAD,
            dead_letter_timeout=_DEAD_LETTER_TIMEOUT,
        )
        self._subscriptions = {
            queue: code.subscription.Subscription(
                None,
                settings,
                self._copies,
                self._acknowledgements,
                queue=code.queues.Queue(queue),
                bindings=(),
                deserialize=service.deserialize,
                operations={Event: "receive"},
                mediator=SimpleNamespace(
                    send=service.dispatch, dispatcher=SimpleNamespace(handlers_of=lambda _: [_Handler])
                ),
                prepare=service.prepare,
            )
            for queue in broker.items
        }
        self.spawn(self._start())

    def __str__(self) -> str:
        return self._name

    def kill(self) -> None:
        """End without a word."""
        self.end()
        self._world.ledger.disturb(f"{self} is killed")
        if self._channel:
            self._channel.close_by_client()

    def terminate(self) -> None:
        """Get a SIGTERM."""
        self.is_stopping = True
        self.spawn(self._stop())

    def close_channel(self) -> None:
        """Have the broker close the channel."""
        if self._channel:
            self._world.ledger.disturb("a channel is closed")
            self._channel.close_by_broker()

    def lose_connection(self) -> None:
        """Have the network break."""
        if self._channel:
            self._world.ledger.disturb("a connection is lost")
            self._publishing.lose()
            self._channel.lose()

    def problems(self) -> list[str]:
        """Give what would be told by /ready."""
        subscriptions = self._subscriptions.values() if self.is_alive else ()
        return [problem for subscription in subscriptions for problem in subscription.problems()]

    def on_message(self, channel: Channel, tag: int, queue: str, stored: Stored) -> None:
        """Do what aiormq does with a message: a task for each."""
        if not self.is_alive:
            return
        visit = Visit(stored.item, self, channel, stored.attempts, stored.attempts, idle_since=self.loop.time())
        number = f"{self} {len(self._visits)}"
        self._visits[number] = visit
        incoming = IncomingMessage(self._world, channel, tag, stored, visit)
        incoming.headers["x-visit"] = number
        self._takes[self.spawn(self._subscriptions[queue].take(SimpleNamespace(raw_message=incoming)))] = incoming

    def on_close(self, channel: Channel) -> None:
        """Do what aio-pika does when a channel is closed: cancel what its messages are in, and open another."""
        if not self.is_alive:
            return
        if self._world.rng.random() < 0.7:  # aiormq always does; the runtime must not need it
            for task, incoming in self._takes.items():
                if incoming.visit.origin is channel:
                    task.cancel()
        delay = self._world.rng.choice((0.0, 0.001, 1.0))
        self.loop.call_later(delay, self._open, context=contextvars.Context())

    async def _start(self) -> None:
        await self._outbox.start()
        self._open()

    def _open(self) -> None:
        if self.is_alive and not self._watch.is_stopped:
            self._publishing.is_connected = True
            self._channel = Channel(
                self._world, self._broker, self, queues=tuple(self._subscriptions), prefetch=self._prefetch
            )

    async def _stop(self) -> None:
        """Do what the application does, and then FastStream."""
        self._watch.is_stopped = True
        for subscription in self._subscriptions.values():
            subscription.stop()
        await self._acknowledgements.close()
        await asyncio.sleep(0)
        if takes := [task for task in self._takes if not task.done()]:
            await asyncio.wait(takes, timeout=PATIENCE)
            self._check_that_none_waits()
        if self._channel:
            self._channel.cancel()
            await asyncio.sleep(self._world.latency())
            self._channel.close_by_client()
        for visit in self._unfinished():
            self._world.ledger.may_repeat(visit.item)
        self.end()

    def _check_that_none_waits(self) -> None:
        """After SIGTERM a message waits for its handler and for one copy to be written, not for a next attempt."""
        for visit in self._unfinished():
            idle = self.loop.time() - visit.idle_since
            if not visit.is_busy and idle > _DEAD_LETTER_TIMEOUT + _MOMENT:
                self.loop.fail(f"{visit.item} waits for something after SIGTERM, {idle:.1f} s after its handler ended")

    def _unfinished(self) -> list[Visit]:
        return [incoming.visit for task, incoming in self._takes.items() if not task.done()]
