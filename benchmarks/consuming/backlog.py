"""What waits at a broker before a variant starts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import aio_pika
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped] # it has no types
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped] # as above

if TYPE_CHECKING:
    from collections.abc import Sequence

DEAD_LETTER: Final = ".dead"
_KEYS: Final = 1_000
_PATIENCE: Final = 60
"""Seconds that a queue may take to hold what was sent."""


async def fill_topic(server: str, topic: str, bodies: Sequence[bytes], messages: int, *, partitions: int = 1) -> None:
    """Create a topic and the one for its dead letters; spread keyed messages evenly over its partitions."""
    admin = AIOKafkaAdminClient(bootstrap_servers=server)
    await admin.start()
    await admin.create_topics([NewTopic(topic, partitions, 1), NewTopic(topic + DEAD_LETTER, 1, 1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=server, linger_ms=5) as producer:
        for number in range(messages):
            await producer.send(
                topic,
                bodies[number % len(bodies)],
                key=b"user-%d" % (number % _KEYS),
                partition=number % partitions,
                headers=[("content-type", b"application/json")],
            )


async def fill_queue(url: str, queue: str, bodies: Sequence[bytes], messages: int) -> None:
    """Have a durable queue with nothing but these messages."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=False)
        await channel.queue_delete(queue)
        await channel.declare_queue(queue, durable=True)
        for number in range(messages):
            message = aio_pika.Message(bodies[number % len(bodies)], content_type="application/json")
            await channel.default_exchange.publish(message, queue)
        for _ in range(_PATIENCE * 10):
            if (await channel.declare_queue(queue, passive=True)).declaration_result.message_count == messages:
                return
            await asyncio.sleep(0.1)
    raise TimeoutError(f"{messages} messages have not arrived in {queue}")
