"""Writing records: dead letters, and what the service publishes."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped] # it has no types
from faststream.kafka.testing import FakeProducer

from ..adapter import CannotStart
from ..message import CORRELATION_ID, ORIGINAL_ID
from ..publishing import NoAddress, NotConnected
from ..reason import describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faststream.kafka import KafkaBroker

    from ..publishing import Outgoing
    from .topics import Topics

Headers: TypeAlias = "list[tuple[str, bytes | None]]"

_MAX_REQUEST_SIZE: Final = 1 << 30
"""The brokers decide which record is too large, not the client."""
_CONTENT_TYPE: Final = "content-type"
_TOPIC: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}")
"""What Kafka accepts as the name of a topic (org.apache.kafka.common.internals.Topic)."""
_INTERNAL: Final = frozenset({"__consumer_offsets", "__transaction_state"})
"""Topics that only Kafka itself writes to (as above)."""


class NoTopic(NoAddress):
    """What is sent would go to a topic that is not there."""


class Producer:
    """A producer beside FastStream's, which cannot write headers that are null, binary or repeated.

    `connection` is what aiokafka's clients need to find Kafka, `topics` tells which there are.
    """

    def __init__(self, broker: KafkaBroker, connection: Mapping[str, Any], topics: Topics) -> None:
        self._broker = broker
        self._topics = topics
        self._connection = connection
        self._producer: AIOKafkaProducer | None = None
        self._found: set[str] = set()

    async def start(self) -> None:
        """Connect. CannotStart when Kafka does not answer."""
        # without idempotence: some brokers refuse it, and who receives has to bear that a record comes twice
        producer = AIOKafkaProducer(**self._connection, acks="all", max_request_size=_MAX_REQUEST_SIZE)
        try:
            await producer.start()
        except Exception as error:
            await producer.stop()
            raise CannotStart(f"Kafka takes no records: {describe(error)}") from error
        self._producer = producer

    async def close(self) -> None:
        """Disconnect."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def send(self, topic: str, body: bytes | None, key: bytes | None, headers: Headers) -> None:
        """Write a record; returns when all replicas have it, and raises when that is not certain."""
        if self._producer is not None:
            await self._producer.send_and_wait(topic, value=body, key=key, headers=headers)
        elif isinstance(self._broker.config.producer, FakeProducer):  # an in-memory test broker
            texts = {name: value.decode(errors="replace") for name, value in headers if value is not None}
            await self._broker.publish(body, topic, key=key, headers=texts)
        else:
            raise NotConnected

    async def publish(self, message: Outgoing) -> None:
        """Write a message of the contract, with what AMQP has properties for in headers.

        Raises `NoTopic` for what cannot be a topic, or is none.
        """
        await self._look_for(message.address)
        named: dict[str, str | bytes] = {**message.headers, _CONTENT_TYPE: message.content_type}
        if message.correlation_id is not None:
            named.setdefault(CORRELATION_ID, message.correlation_id)
        if message.event_id is not None:
            named.setdefault(ORIGINAL_ID, str(message.event_id))
        headers: Headers = [
            (name, value.encode() if isinstance(value, str) else value) for name, value in named.items()
        ]
        await self.send(message.address, message.body, message.key, headers)

    async def _look_for(self, topic: str) -> None:
        """Make sure that there is a topic: aiokafka waits 40 s for each record that is to go to none, and may make one.

        All topics are asked for, because a broker may create one that is named in a question.
        """
        if topic in self._found or self._producer is None:
            return
        if not _TOPIC.fullmatch(topic) or topic in _INTERNAL:
            raise NoTopic("what it would be sent to cannot be a topic of Kafka, or is one of its own")
        self._found = await self._topics.existing()
        if topic not in self._found:
            raise NoTopic(f"Kafka has no topic {topic!r}")
