"""RabbitMQ: its broker, its subscriptions, what is sent to it, and what is to be done around starting and stopping."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar, Final

from faststream.rabbit import Channel, RabbitBroker
from faststream.rabbit.testing import FakeProducer

from ..adapter import CannotStart, prefix, variable
from .acknowledgements import Acknowledgements
from .copies import Copies
from .declarations import Declarations
from .lenient import install
from .outbox import Outbox
from .refusal import refusal
from .security import faststream_security, with_mechanism
from .subscription import Subscription
from .watch import lost_queues

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import cqrs

    from ..delivery import Decoded, Prepare
    from ..dispatch import Mediator
    from ..message import Message
    from ..observation import Observation
    from ..publishing import Send
    from .queues import Binding, Exchange, Queue
    from .sending import Sending
    from .server import RabbitServer
    from .settings import RabbitSettings

logger = logging.getLogger(__name__)

_PATIENCE: Final = 10.0
"""Seconds that RabbitMQ has to answer before it counts as unreachable."""


class Rabbit:
    """All that a service receives from one RabbitMQ and sends there; `sends_to` is declared for that."""

    title: ClassVar[str] = "RabbitMQ"

    def __init__(
        self,
        settings: RabbitSettings,
        server: RabbitServer | None = None,
        *,
        sends_to: tuple[Exchange | Queue, ...] = (),
    ) -> None:
        """Make the broker of a server, by default that of the first one in the settings; nothing connects yet."""
        install()
        self._settings = settings
        self._server = server or settings.rabbit
        self.key: Final = self._server.name
        self._subscriptions: list[Subscription] = []
        access = self._server.access
        self.broker = RabbitBroker(
            with_mechanism(self._server.address, access) or None,
            timeout=_PATIENCE,
            security=faststream_security(access),
            default_channel=Channel(prefetch_count=settings.rabbit_prefetch),
            graceful_timeout=settings.graceful_timeout,
            logger=logger
            if self.key == "rabbit"
            else logger.getChild(self.key),  # FastStream's own writes in a format and in colours of its own
            log_level=logging.DEBUG,  # or two lines for each message
            apply_types=False,  # nothing is injected into the subscribers
        )
        self._sends_to = sends_to
        self._copying, self._sending = Outbox(self.broker), Outbox(self.broker)
        """Two: a message that is refused may close its channel, and must not take dead letters along."""
        self._copies = Copies(self._copying)
        self._acknowledgements = Acknowledgements(limit=max(1, settings.rabbit_prefetch // 4))

    def sender(self, sending: Sending) -> Send:
        """Give what sends messages as the contract's bindings have it."""
        return sending.through(self._sending)

    def subscription(  # noqa: PLR0913 - all that differs from one subscription to another
        self,
        queue: Queue,
        *bindings: Binding,
        deserialize: Callable[[bytes | None, Message | None], Decoded],
        operations: Mapping[type[cqrs.IEvent], str],
        mediator: Mediator,
        prepare: Prepare,
        acknowledges_first: bool = False,
    ) -> Subscription:
        """Receive what is in a queue, which `bindings` bring messages to; without any, the default exchange does.

        With `acknowledges_first` each message is acknowledged before its handler runs, whatever the setting says.
        """
        subscription = Subscription(
            self.broker,
            self._settings,
            self._copies,
            self._acknowledgements,
            queue=queue,
            bindings=bindings,
            deserialize=deserialize,
            operations=operations,
            mediator=mediator,
            prepare=prepare,
            prefix=prefix(self.key),
            acknowledges_first=acknowledges_first,
        )
        self._subscriptions.append(subscription)
        return subscription

    @property
    def idle(self) -> list[str]:
        """Why subscribers are not started: the handlers that are still to be written."""
        return [reason for subscription in self._subscriptions for reason in subscription.idle]

    async def problems(self) -> list[str]:
        """Tell which queues are lost, and which messages wait for their dead letter, which cannot be written."""
        problems = [problem for subscription in self._subscriptions for problem in subscription.problems()]
        if self._copies.is_in_memory:
            return problems
        queues = [subscription.queue.name for subscription in self._subscriptions if not subscription.idle]
        return [*await lost_queues(await self.broker.connect(), queues), *problems]

    def observe(self) -> list[Observation]:
        """Give what has become of the messages of each queue so far."""
        return [subscription.observe() for subscription in self._subscriptions]

    async def start(self) -> None:
        """Declare queues, exchanges and bindings and be ready to write dead letters; before the broker starts.

        CannotStart when a handler cannot get what it asks for, and when RabbitMQ does not answer or has something else
        than the contract describes.
        """
        for subscription in self._subscriptions:
            subscription.start()
        if isinstance(self.broker.config.producer, FakeProducer):  # an in-memory test broker
            return
        for subscription in self._subscriptions:
            subscription.check()
        await self._connect()
        try:
            await self._declare()
            await self._copying.start()
            await self._sending.start()
        except BaseException:
            await self.broker.stop()
            raise

    async def open(self) -> None:
        """Be ready to send and nothing else; for a program that is no service. CannotStart as `start`."""
        await self._connect()
        await self._declarations().declare_destinations(self._sends_to)
        await self._sending.start()

    async def stop(self) -> None:
        """Acknowledge what is finished, and begin nothing more; before the broker stops."""
        for subscription in self._subscriptions:
            subscription.stop()
        await self._acknowledgements.close()

    async def close(self) -> None:
        """Let go of the connection; after the broker stopped."""
        self._copying.close()
        self._sending.close()

    async def _connect(self) -> None:
        setting = variable(self._settings, f"{self.key}_url")
        if not self._server.address:
            raise CannotStart(f"no RabbitMQ is known: set {setting}")
        if not self._server.address.startswith(("amqp://", "amqps://")):
            raise CannotStart(f"{setting} is no URL such as amqp://user:password@host:5672/vhost")
        try:
            await self.broker.connect()
        except Exception as error:
            raise CannotStart(refusal(self._settings, self._server, error)) from error

    async def _declare(self) -> None:
        declarations = self._declarations()
        await declarations.declare_destinations(self._sends_to)
        for subscription in self._subscriptions:  # idle ones, too: or the broker drops what is sent meanwhile
            await declarations.declare(subscription.queue, subscription.bindings, subscription.dead_queue)

    def _declarations(self) -> Declarations:
        return Declarations(
            self.broker, declares=self._settings.rabbit_declare, setting=variable(self._settings, "rabbit_declare")
        )
