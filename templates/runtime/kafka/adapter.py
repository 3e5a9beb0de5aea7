"""Kafka: its broker, its subscriptions, what is sent to it, and what is to be done around starting and stopping."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, ClassVar, Final

from faststream.kafka import KafkaBroker
from faststream.kafka.testing import FakeProducer

from ..adapter import CannotStart, prefix, variable
from .codecs import check_codecs
from .connection import Connection
from .dead_letter import DeadLetters
from .lenient import install
from .producer import Producer
from .sources import Layout
from .subscription import Subscription
from .topics import Topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..delivery import Prepare
    from ..dispatch import Mediator
    from ..observation import Observation
    from ..publishing import Send
    from .server import KafkaServer
    from .settings import KafkaSettings
    from .sources import Source

logger = logging.getLogger(__name__)

_METADATA_MAX_AGE_MS: Final = 30_000
"""After how long a topic that was deleted and made again, or got more partitions, is noticed."""


class Kafka:
    """All that a service receives from one Kafka and sends there; the topics for that, `sends_to`, must exist."""

    title: ClassVar[str] = "Kafka"

    def __init__(
        self,
        settings: KafkaSettings,
        server: KafkaServer | None = None,
        *,
        sends_to: tuple[str, ...] = (),
        layouts: Mapping[str, Layout] | None = None,
    ) -> None:
        """Make the broker of a server, by default that of the first one in the settings; nothing connects yet.

        `layouts` are those of topics that it sends to, where the contract says anything of them.
        """
        install()
        self._server = server or settings.kafka
        self.key: Final = self._server.name
        connection = Connection(settings, self._server, client_id=settings.kafka_client_id or _package())
        self._settings = settings
        self._subscriptions: list[Subscription] = []
        self.broker = KafkaBroker(
            connection.servers,
            security=connection.security,
            sasl_oauth_token_provider=connection.tokens,
            client_id=connection.client_id,
            graceful_timeout=settings.graceful_timeout,
            metadata_max_age_ms=_METADATA_MAX_AGE_MS,
            logger=logger
            if self.key == "kafka"
            else logger.getChild(self.key),  # FastStream's own writes in a format and in colours of its own
            log_level=logging.DEBUG,  # or two lines for each batch
            apply_types=False,  # nothing is injected into the subscribers
        )
        self.topics = Topics(connection)
        for topic in sends_to:
            self.topics.need(topic, (layouts or {}).get(topic, Layout()))
        self._sends_to = sends_to
        self._producer = Producer(self.broker, connection.options, self.topics)
        self.send: Send = self._producer.publish
        self._dead_letters = DeadLetters(self._producer)

    def subscription(self, *sources: Source, group_id: str, mediator: Mediator, prepare: Prepare) -> Subscription:
        """Receive the topics of `sources` in one group; with an empty `group_id` in none, so that each replica does."""
        subscription = Subscription(
            self.broker,
            self._settings,
            self._dead_letters,
            sources,
            group_id=group_id,
            mediator=mediator,
            prepare=prepare,
            prefix=prefix(self.key),
        )
        self._subscriptions.append(subscription)
        layouts = {source.topic: source.layout for source in sources}
        for topic in subscription.topics:
            self.topics.need(topic, layouts[topic])
        for source, dead_letter_topic in zip(sources, subscription.dead_letter_topics, strict=True):
            self.topics.need(dead_letter_topic, source.layout.of_dead_letters)
        return subscription

    @property
    def idle(self) -> list[str]:
        """Why subscribers are not started: the handlers that are still to be written."""
        return [reason for subscription in self._subscriptions for reason in subscription.idle]

    async def problems(self) -> list[str]:
        """Tell which messages wait for their dead letter, which cannot be written, and why."""
        return [problem for subscription in self._subscriptions for problem in subscription.problems()]

    def observe(self) -> list[Observation]:
        """Give what has become of the records of each topic so far."""
        return [observation for subscription in self._subscriptions for observation in subscription.observe()]

    async def start(self) -> None:
        """Check that all topics exist and be ready to write records; before the broker starts.

        CannotStart when a handler cannot get what it asks for, Kafka does not answer or a topic is missing: a message
        that nobody can handle would be stuck, and a broker that creates topics by itself would hide a wrong name. Also
        when a codec is missing.
        """
        if isinstance(self.broker.config.producer, FakeProducer):  # an in-memory test broker
            return
        active = [subscription for subscription in self._subscriptions if not subscription.idle]
        for subscription in active:
            subscription.check()
        check_codecs()
        await self._open([topic for one in active for topic in (*one.topics, *one.dead_letter_topics)])

    async def open(self) -> None:
        """Be ready to write records and nothing else; for a program that is no service. CannotStart as `start`."""
        await self._open(())

    async def _open(self, topics: Iterable[str]) -> None:
        if not self._server.bootstrap_servers:
            raise CannotStart(f"no Kafka server is known: set {variable(self._settings, f'{self.key}_servers')}")
        needed = [*topics, *self._sends_to]
        existing = await self.topics.existing()
        if missing := [topic for topic in dict.fromkeys(needed) if topic not in existing]:
            raise CannotStart(
                f"Kafka has no {'topic' if len(missing) == 1 else 'topics'} {', '.join(map(repr, missing))}; "
                f"`python -m {_package()} topics --create` creates what is missing"
            )
        await self._producer.start()

    async def stop(self) -> None:
        """Finish the records in hand and commit; before the broker stops."""
        await asyncio.gather(*(subscription.stop() for subscription in self._subscriptions))

    async def close(self) -> None:
        """Disconnect; after the broker stopped."""
        await self._producer.close()


def _package() -> str:
    """Give the name of the generated package that this module is part of."""
    return __name__.partition(".contract.")[0]
