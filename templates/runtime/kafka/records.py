"""From what FastStream fetched at once to messages."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from faststream.kafka.message import FAKE_CONSUMER
from faststream.kafka.message import KafkaMessage as FastStreamMessage

from ..message import KafkaMessage

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord  # type: ignore[import-untyped] # it has no types

Batch: TypeAlias = FastStreamMessage
"""The records that FastStream fetched at once."""


async def parse(records: tuple[ConsumerRecord[Any, Any], ...]) -> Batch:
    """Leave the records alone: FastStream's parser fails on headers that are null or not UTF-8."""
    return Batch(body=b"", raw_message=records, message_id="", correlation_id="batch", consumer=FAKE_CONSUMER)


async def decode(batch: Batch) -> Batch:
    """Leave that to delivery, one by one: a batch of models at once keeps the garbage collector busy."""
    return batch


def messages_of(batch: Batch) -> list[KafkaMessage]:
    """Take the messages out of a batch, which has none from then on.

    FastStream keeps it in contexts that timers hold on to: megabytes of records.
    """
    messages = [_message(record) for record in cast("Any", batch.raw_message)]
    batch.raw_message = ()
    return messages


def _message(record: ConsumerRecord[Any, Any]) -> KafkaMessage:
    return KafkaMessage(
        record.topic, record.partition, record.offset, record.timestamp, record.key, record.value, tuple(record.headers)
    )
