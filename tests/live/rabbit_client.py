"""What tests do at RabbitMQ beside the service, with bare aio-pika."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aio_pika
from pamqp.constants import DOMAIN_REGEX

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

DOMAIN_REGEX["queue-name"] = re.compile(r".*", re.DOTALL)  # the client refuses names that the server takes


@asynccontextmanager
async def channel(address: str) -> AsyncGenerator[AbstractChannel, None]:
    """Give a channel of a connection of its own; what is published on it is in its queue when that returns."""
    async with await aio_pika.connect(address) as connection:
        yield await connection.channel(publisher_confirms=True, on_return_raises=True)


async def remove(address: str, *queues: str) -> None:
    """Have none of these queues."""
    async with channel(address) as opened:
        for queue in queues:
            await opened.queue_delete(queue)


async def send(address: str, queue: str, *messages: aio_pika.Message) -> None:
    """Send messages to a queue that exists, one after the other."""
    async with channel(address) as opened:
        for message in messages:
            await opened.default_exchange.publish(message, queue)


async def take(address: str, queue: str) -> list[AbstractIncomingMessage]:
    """Take all messages out of a queue that exists."""
    async with channel(address) as opened:
        source = await opened.get_queue(queue)
        found: list[AbstractIncomingMessage] = []
        while message := await source.get(no_ack=True, fail=False):
            found.append(message)
        return found


async def count(address: str, queue: str) -> int:
    """Give how many messages of a queue wait for a consumer."""
    async with channel(address) as opened:
        return (await opened.declare_queue(queue, passive=True)).declaration_result.message_count or 0


async def version(address: str) -> tuple[int, ...]:
    """Give the version of the server."""
    async with await aio_pika.connect(address) as connection:
        assert connection.transport is not None
        properties = connection.transport.connection.server_properties
        return tuple(int(part) for part in properties["version"].split(".") if part.isdigit())
