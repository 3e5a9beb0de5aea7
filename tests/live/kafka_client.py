"""What tests do at Kafka beside the service, with bare aiokafka."""

from __future__ import annotations

from collections import defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition  # type: ignore[import-untyped]
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped]
from aiokafka.errors import GroupCoordinatorNotAvailableError  # type: ignore[import-untyped]

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


async def make_empty(address: str, *topics: str) -> None:
    """Have these topics, each with one partition and nothing in it."""
    await remove(address, *topics)
    async with _admin(address) as admin:
        await admin.create_topics([NewTopic(topic, 1, 1) for topic in topics])


async def remove(address: str, *topics: str) -> None:
    """Have none of these topics."""
    async with _admin(address) as admin:
        if existing := set(topics) & set(await admin.list_topics()):
            await admin.delete_topics(list(existing))

            async def are_gone() -> bool:
                return existing.isdisjoint(await admin.list_topics())

            await until(are_gone)


async def send(address: str, topic: str, *records: Record) -> None:
    """Send records one after the other."""
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        for record in records:
            await producer.send_and_wait(topic, record.body, key=record.key, headers=list(record.headers))


async def read(address: str, topic: str) -> list[Record]:
    """Give all records that a topic of one partition has."""
    partition = TopicPartition(topic, 0)
    found: list[Record] = []
    async with AIOKafkaConsumer(bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
        consumer.assign([partition])
        end = (await consumer.end_offsets([partition]))[partition]
        while await consumer.position(partition) < end:
            record: Any = await consumer.getone(partition)
            found.append(Record(record.value, record.key, list(record.headers)))
    return found


async def committed(address: str, group: str) -> dict[str, int]:
    """Give the offsets that a group has committed, by topic."""
    async with _admin(address) as admin:
        try:
            offsets = await admin.list_consumer_group_offsets(group)
        except GroupCoordinatorNotAvailableError:  # no group has committed anything to this server yet
            return {}
    totals: defaultdict[str, int] = defaultdict(int)
    for partition, offset in offsets.items():
        totals[partition.topic] += offset.offset
    return dict(totals)


@asynccontextmanager
async def _admin(address: str) -> AsyncGenerator[Any, None]:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()
