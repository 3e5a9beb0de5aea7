"""What the broker returns is never taken for something else."""

from __future__ import annotations

import asyncio

from aio_pika import Message
from aio_pika.exceptions import PublishError
from faststream.rabbit import RabbitBroker
from runtime.rabbit.outbox import Outbox


async def test_of_two_messages_with_one_id_the_one_without_a_queue_fails(rabbit: str) -> None:
    broker = RabbitBroker(rabbit)
    outbox = Outbox(broker)
    await outbox.start()
    try:
        await outbox.declare("outbox-there", {})
        for _ in range(20):
            missing, there = await asyncio.gather(
                outbox.publish(Message(b"", message_id="same"), "outbox-missing"),
                outbox.publish(Message(b"", message_id="same"), "outbox-there"),
                return_exceptions=True,
            )
            assert isinstance(missing, PublishError)
            assert there is None
    finally:
        await broker.stop()
