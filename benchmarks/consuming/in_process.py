"""Records handled without a network: `python -m benchmarks.consuming.in_process seed|service`.

`service` runs in the folder that holds the generated package.
"""

# The package is generated: nothing is known of it before it runs.

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import signal
import sys
from itertools import count, islice
from typing import TYPE_CHECKING, Any, Final

from aiokafka import ConsumerRecord, TopicPartition  # type: ignore[import-untyped] # it has no types
from faststream.kafka import KafkaBroker, TestKafkaBroker

from benchmarks.consuming import kafka_baselines
from benchmarks.consuming.counting import MESSAGES, Clock
from benchmarks.consuming.event import enveloped_bodies
from benchmarks.consuming.package import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOPIC: Final = "users"
_BATCH: Final = 500


async def _seed() -> None:
    """Have FastStream process each record, as it does with what it has fetched."""
    broker, done = KafkaBroker(logger=None), asyncio.Event()
    kafka_baselines.seed(broker, _TOPIC, Clock(done.set))
    [subscriber] = broker.subscribers
    records = _records()
    async with TestKafkaBroker(broker):
        while not done.is_set():
            await subscriber.process_message(next(records))


async def _service() -> None:
    """Hand batches over to the partitions of the generated service, as its subscriber does."""
    runtime = f"{NAME}.contract.runtime"
    message = importlib.import_module(f"{runtime}.message").KafkaMessage
    partitions_class = importlib.import_module(f"{runtime}.kafka.partitions").Partitions
    partitions = partitions_class(importlib.import_module(f"{NAME}.contract.kafka").users, in_hand=_BATCH)
    place, records = TopicPartition(_TOPIC, 0), _records()
    consumer = _Consumer(place)
    done = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, done.set)
    for _ in range(0, int(os.environ[MESSAGES]), _BATCH):
        batch = [
            message(one.topic, one.partition, one.offset, one.timestamp, one.key, one.value, tuple(one.headers))
            for one in islice(records, _BATCH)
        ]
        await partitions.take(consumer, {place: batch})
    await done.wait()
    await partitions.stop(consumer)


class _Consumer:
    """A consumer that commits nowhere."""

    def __init__(self, place: TopicPartition) -> None:
        self._place = place

    def assignment(self) -> set[TopicPartition]:
        return {self._place}

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        pass

    def pause(self, *partitions: TopicPartition) -> None:
        pass

    def resume(self, *partitions: TopicPartition) -> None:
        pass


def _records() -> Iterator[Any]:
    headers = [("content-type", b"application/json")]
    bodies = enveloped_bodies()
    for offset in count():
        body = bodies[offset % len(bodies)]
        yield ConsumerRecord(_TOPIC, 0, offset, 1_700_000_000_000, 0, None, body, None, 0, len(body), headers)


if __name__ == "__main__":
    logging.getLogger("cqrs").setLevel(logging.INFO)
    asyncio.run({"seed": _seed, "service": _service}[sys.argv[1]]())
