"""What tests do at Kafka beside the service, with bare aiokafka."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped] # it has no types
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic  # type: ignore[import-untyped] # as above
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType  # type: ignore[import-untyped] # as above

from tests.live.ledger import WISH
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence


@dataclass(frozen=True)
class Record:
    """A record as it is sent, and as it is found."""

    body: bytes | None
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()

    def wishing(self, wish: str) -> Record:
        """Give the same record for a handler that is to do something."""
        return Record(self.body, self.key, [*self.headers, (WISH, wish.encode())])


async def make_empty(address: str, *topics: str, partitions: int = 1, **settings: str) -> None:
    """Have these topics, with nothing in them, and with settings of topics whose dots are underscores here."""
    await remove(address, *topics)
    named = {name.replace("_", "."): value for name, value in settings.items()}
    async with _admin(address) as admin:
        await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=named) for topic in topics])


async def alter(address: str, topic: str, **settings: str) -> None:
    """Give a topic settings, whose dots are underscores here; the others get their defaults."""
    named = {name.replace("_", "."): value for name, value in settings.items()}
    async with _admin(address) as admin:
        await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, named)])
    await asyncio.sleep(0.5)  # Kafka answers before it goes by them


async def add_partitions(address: str, topic: str, partitions: int) -> None:
    """Have a topic with more partitions than it had."""
    async with _admin(address) as admin:
        await admin.create_partitions({topic: NewPartitions(partitions)})


async def remove(address: str, *topics: str) -> None:
    """Have none of these topics."""
    async with _admin(address) as admin:
        if existing := set(topics) & set(await admin.list_topics()):
            await admin.delete_topics(list(existing))

            async def are_gone() -> bool:
                return existing.isdisjoint(await admin.list_topics())

            await until(are_gone)


async def send(
    address: str, topic: str, *records: Record, partition: int | None = None, compression: str | None = None
) -> None:
    """Send records one after the other."""
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all", compression_type=compression)
    async with producer:
        for record in records:
            sent = {"key": record.key, "headers": list(record.headers), "partition": partition}
            await producer.send_and_wait(topic, record.body, **sent)


async def read(address: str, topic: str) -> list[Record]:
    """Give all records that a topic has, partition by partition."""
    partitions = await _partitions(address, topic)
    found: list[Record] = []
    async with AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        for partition in partitions:
            while await consumer.position(partition) < ends[partition]:
                record: Any = await consumer.getone(partition)
                found.append(Record(record.value, record.key, list(record.headers)))
    return found


async def committed(address: str, group: str, *topics: str) -> dict[str, int]:
    """Give the offsets that a group has committed, all partitions of a topic together; none where it has none."""
    totals: defaultdict[str, int] = defaultdict(int)
    places = await _partitions(address, *topics)
    async with AIOKafkaConsumer(bootstrap_servers=address, group_id=group, enable_auto_commit=False) as consumer:
        consumer.assign(places)  # it does not join the group
        for place in places:
            offset = await consumer.committed(place)
            if offset is not None:
                totals[place.topic] += offset
    return dict(totals)


async def described(address: str, topic: str) -> tuple[int, dict[str, str]]:
    """Give how many partitions a topic has, and its settings."""
    async with _admin(address) as admin:
        [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    [(*_, settings)] = answer.resources
    return len(await _partitions(address, topic)), {setting[0]: setting[1] for setting in settings}


async def _partitions(address: str, *topics: str) -> list[TopicPartition]:
    async with _admin(address) as admin:
        described = await admin.describe_topics(list(topics))
    return sorted(TopicPartition(one["topic"], part["partition"]) for one in described for part in one["partitions"])


@asynccontextmanager
async def _admin(address: str) -> AsyncGenerator[Any, None]:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
