"""One subscriber: a queue, from a message that arrived to its acknowledgement."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from faststream import AckPolicy
from faststream.rabbit.message import RabbitMessage as FastStreamMessage

from ..cancellation import undisturbed
from ..delivery import Delivery
from ..dispatch import stubs
from ..failure import Retry
from ..quiet import Throttle
from ..reason import one_line
from ..tracing import span_around
from ..wiring import check_wiring
from .acknowledgements import is_lost
from .arrival import Arrival, arrival
from .at_most_once import AtMostOnce
from .dead_letter import write_dead_letter
from .parking import Parking
from .queues import Queue, faststream_exchange, faststream_queue

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    import cqrs
    from aio_pika import IncomingMessage
    from faststream.rabbit import RabbitBroker

    from ..delivery import Decoded, Prepare
    from ..dispatch import Mediator
    from ..message import Message
    from ..observation import Observation
    from .acknowledgements import Acknowledgements
    from .copies import Copies
    from .queues import Binding
    from .settings import RabbitSettings


logger = logging.getLogger(__name__)
logger.addFilter(Throttle())  # a channel that closes takes along all that was in hand

Received: TypeAlias = FastStreamMessage
"""A message as FastStream hands it over."""


class Subscription:
    """The subscriber of one queue."""

    def __init__(  # noqa: PLR0913 - all that differs from one subscription to another
        self,
        broker: RabbitBroker,
        settings: RabbitSettings,
        copies: Copies,
        acknowledgements: Acknowledgements,
        *,
        queue: Queue,
        bindings: tuple[Binding, ...],
        deserialize: Callable[[bytes | None, Message | None], Decoded],
        operations: Mapping[type[cqrs.IEvent], str],
        mediator: Mediator,
        prepare: Prepare,
        prefix: str = "",
        acknowledges_first: bool = False,
    ) -> None:
        """Take what may differ, and what stands in front of what is said of a message: which broker it came from."""
        self._prefix = prefix
        kind, dead_queue = settings.rabbit_queue_type, settings.dead_letter_of(queue.name)
        self.queue = queue.of_type(kind, dead_queue=dead_queue)
        self.dead_queue = Queue(dead_queue).of_type(kind)
        unwritten = stubs(mediator, operations)
        self.idle = [] if settings.run_stubs else [f"{queue.name}: {line}" for line in unwritten]
        """Why it is not started; empty when it is."""
        self.bindings = bindings
        self._mediator = mediator
        self._events = tuple(operations)
        self._broker = broker
        self._copies = copies
        self._acknowledgements = acknowledgements
        is_first = acknowledges_first or settings.ack == "at-most-once"
        self._at_most_once = AtMostOnce(acknowledgements, settings.rabbit_prefetch, prefix=prefix) if is_first else None
        self._is_stopping = False
        self._pauses: set[asyncio.Event] = set()
        """What waits for a next attempt; each of its own event loop, of which a process may have several in turn."""
        self._parking = Parking(
            copies,
            queue.name,
            declares=settings.rabbit_declare,
            kind=kind,
            patience=settings.dead_letter_timeout,
            prefix=prefix,
        )
        self._delivery = Delivery[Arrival](
            deserialize,
            mediator.send,
            partial(write_dead_letter, copies, dead_queue),
            Retry(settings.attempts, settings.retry_delay, settings.retry_delay_max),
            operations=operations,
            prepare=prepare,
            skips_left_out=False,  # nobody else has a copy: acknowledging would destroy it
            dead_letter_timeout=settings.dead_letter_timeout,
            stuck_after=settings.stuck_after,
            prefix=prefix,
            span=span_around if settings.traces else None,
            is_given_up=self._comes_again,
            is_cancelled=self._is_cancelled,
        )

    def subscriber(self, function: Callable[[Received], Awaitable[None]]) -> Callable[[Received], Awaitable[None]]:
        """Have a function called with each message that arrives, unless a handler is not implemented."""
        if self.idle:
            return function
        first = self.bindings[0] if self.bindings else None
        self._broker.subscriber(
            # declared before the broker starts; only the in-memory test broker looks at exchange and routing key
            faststream_queue(self.queue, declare=False, routing_key=first.routing_key if first else ""),
            faststream_exchange(first.exchange, declare=False) if first else None,
            ack_policy=AckPolicy.MANUAL,
            parser=_parse,
            decoder=_decode,
        )(function)
        return function

    async def take(self, received: Received) -> None:
        """Deliver a message and acknowledge it; left alone when the service stops or its channel is gone."""
        incoming = received.raw_message
        message = arrival(incoming, self.queue.name)
        try:
            if self._at_most_once:
                await self._take_at_most_once(message, self._at_most_once)
                return
            if await self._is_finished(message):
                await self._acknowledgements.finished(incoming)
        except asyncio.CancelledError:
            if not self._comes_again(message):
                raise
            text = "%s%s: its channel was closed while it was handled; it comes again"
            logger.warning(text, self._prefix, one_line(str(message)))
        finally:
            self._delivery.forget(message)

    def problems(self) -> list[str]:
        """Tell which messages wait for their dead letter, which cannot be written, and why."""
        return self._delivery.problems()

    def observe(self) -> Observation:
        """Give what has become of the messages of the queue so far."""
        return self._delivery.observe(self.queue.name, {})

    def check(self) -> None:
        """Raise CannotStart when a handler cannot get what it asks for."""
        if not self.idle:
            check_wiring(self._mediator.dispatcher, self._events)

    def start(self) -> None:
        """Begin, also after an earlier stop."""
        self._is_stopping = False
        if self._at_most_once:
            self._at_most_once.start()

    def stop(self) -> None:
        """Begin nothing and wait for nothing from now on."""
        self._is_stopping = True
        if self._at_most_once:
            self._at_most_once.stop()
        for pause in self._pauses:
            pause.set()

    def _is_cancelled(self, message: Arrival) -> bool:
        """Whether a cancellation of a handler comes from outside: from the service, a test, or aiormq."""
        return self._is_stopping or self._is_left(message)

    def _is_left(self, message: Arrival) -> bool:
        """Whether a message need not be finished: its channel is closed, or a test has lost its patience."""
        return self._copies.is_in_memory or self._comes_again(message)

    def _comes_again(self, message: Arrival) -> bool:
        """Whether the broker delivers a message again because its channel is closed."""
        return self._at_most_once is None and is_lost(message.incoming)

    async def _take_at_most_once(self, message: Arrival, at_most_once: AtMostOnce) -> None:
        async with at_most_once.acknowledged(message) as is_ours:
            is_over = not is_ours
            try:
                is_over = is_over or await self._is_finished(message)
            finally:
                if not is_over:
                    text = "%s%s: is lost between two attempts: it was acknowledged before the first"
                    logger.error(text, self._prefix, one_line(str(message)))

    async def _is_finished(self, message: Arrival) -> bool:
        if self._is_stopping:
            return False
        failure = await self._delivery.deliver(message)
        while failure is not None:
            if self._comes_again(message):
                return False
            is_asked_for = partial(self._is_left, message)
            if await undisturbed(self._parking.takes(message, failure), is_asked_for):
                return True
            await undisturbed(self._pause(failure.delay), is_asked_for)
            if self._is_stopping or self._comes_again(message):
                return False
            failure = await self._delivery.deliver(message, failure)
        return True

    async def _pause(self, delay: float) -> None:
        if self._is_stopping:
            return
        pause = asyncio.Event()
        self._pauses.add(pause)
        try:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(pause.wait(), delay)
        finally:
            self._pauses.discard(pause)


async def _parse(incoming: IncomingMessage) -> Received:
    """Skip what FastStream's parser would compute for each message and nobody reads."""
    return Received(body=incoming.body, raw_message=incoming, message_id="", correlation_id="-")


async def _decode(received: Received) -> Received:
    return received
