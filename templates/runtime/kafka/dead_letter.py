"""The dead-letter topics: records as they came, with the reasons added to their headers."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped] # it has no types

from ..adapter import CannotStart
from ..reason import describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faststream.kafka import KafkaBroker

    from ..message import KafkaMessage

_MAX_REQUEST_SIZE: Final = 1 << 30
"""The brokers decide which record is too large, not the client: what they took once must fit with its reasons."""


class DeadLetters:
    """Writes dead letters through a producer of its own.

    FastStream's publisher cannot keep headers that are null, binary or repeated. `connection` is what aiokafka's
    clients need to find Kafka.
    """

    def __init__(self, broker: KafkaBroker, connection: Mapping[str, Any]) -> None:
        self._broker = broker
        self._connection = connection
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. CannotStart when Kafka does not answer."""
        # without idempotence: some brokers refuse it, and a dead letter that is written twice is still one to look at
        producer = AIOKafkaProducer(**self._connection, acks="all", max_request_size=_MAX_REQUEST_SIZE)
        try:
            await producer.start()
        except Exception as error:
            await producer.stop()
            raise CannotStart(f"Kafka takes no dead letters: {describe(error)}") from error
        self._producer = producer

    async def close(self) -> None:
        """Disconnect."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def write(self, message: KafkaMessage, reasons: dict[str, str], topic: str) -> None:
        """Write one record; returns when all replicas have it."""
        added = {
            **reasons,
            "x-original-topic": message.topic,
            "x-original-partition": str(message.partition),
            "x-original-offset": str(message.offset),
        }
        kept = [(name, value) for name, value in message.headers if name not in added]
        if self._producer is None:  # an in-memory test broker
            texts = {name: value.decode(errors="replace") for name, value in kept if value is not None}
            await self._broker.publish(message.body, topic, key=message.key, headers=texts | added)
            return
        headers = [*kept, *((name, value.encode()) for name, value in added.items())]
        await self._producer.send_and_wait(topic, value=message.body, key=message.key, headers=headers)
