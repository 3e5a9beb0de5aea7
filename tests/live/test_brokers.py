"""The servers that the other tests rely on: they serve, survive a restart, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import aio_pika
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped] # it has no types
from aiokafka.admin import AIOKafkaAdminClient, NewTopic  # type: ignore[import-untyped] # as above

from tests.brokers.ports import is_open

if TYPE_CHECKING:
    from pathlib import Path

    from tests.brokers import ApacheKafka, RabbitMQ

_BODY: Final = b"a message"


async def test_kafka_hands_a_message_on(kafka: str) -> None:
    await _produce(kafka)

    assert await _consume(kafka) == _BODY


async def test_apache_kafka_keeps_a_message_over_a_restart(own_kafka: ApacheKafka) -> None:
    await _produce(own_kafka.address)

    own_kafka.stop()
    own_kafka.start()

    assert await _consume(own_kafka.address) == _BODY


async def test_rabbit_hands_a_message_on(rabbit: str) -> None:
    async with await aio_pika.connect(rabbit) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(exclusive=True)
        await channel.default_exchange.publish(aio_pika.Message(_BODY), queue.name)

        assert (await queue.get(no_ack=True)).body == _BODY


async def test_rabbit_keeps_a_message_over_a_restart(own_rabbit: RabbitMQ) -> None:
    async with await aio_pika.connect(own_rabbit.address) as connection:
        channel = await connection.channel()
        await channel.declare_queue("kept", durable=True)
        persistent = aio_pika.Message(_BODY, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(persistent, "kept")

    own_rabbit.stop()
    own_rabbit.start()

    async with await aio_pika.connect(own_rabbit.address) as connection:
        queue = await (await connection.channel()).get_queue("kept")
        assert (await queue.get(no_ack=True)).body == _BODY


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_ends_with_the_program_that_started_it(tansu: str, how: signal.Signals, tmp_path: Path) -> None:
    assert tansu, "there is such a server"
    program = [sys.executable, "-m", "tests.brokers", "tansu"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) as starter:
        assert starter.stdout is not None
        port = int(starter.stdout.readline().rpartition(":")[2])
        assert is_open(port)

        starter.send_signal(how)

    assert _is_closed_soon(port)


def _is_closed_soon(port: int) -> bool:
    deadline = time.monotonic() + 10
    while is_open(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


async def _produce(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("brokers", num_partitions=1, replication_factor=1)])
    finally:
        await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=address, acks="all")
    async with producer:
        await producer.send_and_wait("brokers", _BODY)


async def _consume(address: str) -> bytes | None:
    async with AIOKafkaConsumer("brokers", bootstrap_servers=address, auto_offset_reset="earliest") as consumer:
        body: bytes | None = (await consumer.getone()).value
        return body
