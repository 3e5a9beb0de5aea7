"""Events reach their handlers over RabbitMQ whoever sent them: python-cqrs, FastStream, clients that know neither."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, TypeAlias
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.pool import Pool
from cqrs.adapters.amqp import AMQPPublisher, channel_pool_factory, connection_pool_factory
from cqrs.message_brokers.amqp import AMQPMessageBroker
from faststream.rabbit import RabbitBroker

from tests.live.packages import ACCOUNTS_DOCUMENT, USERS_ON_RABBIT, Package
from tests.live.producers import (
    ACCOUNTS,
    CORRELATION_ID,
    USERS,
    Account,
    AccountOpened,
    Receiver,
    Sent,
    User,
    UserCreated,
    emit,
)
from tests.live.rabbit_client import remove, send

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator

    from aio_pika.abc import AbstractChannel, AbstractConnection

pytestmark = pytest.mark.xdist_group("rabbit")

Producer: TypeAlias = "Callable[[str, User], Awaitable[Sent]]"
"""Sends a user to the RabbitMQ at an address."""


@pytest.fixture(scope="module")
def users(rabbit: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """Run the service of specs/user-events-rabbitmq."""
    asyncio.run(remove(rabbit, USERS, f"{USERS}.dead"))
    package = Package(tmp_path_factory.mktemp("users"), USERS_ON_RABBIT, "users")
    with package.service({"RABBIT_URL": rabbit}):
        yield Receiver(package, rabbit)


@pytest.fixture(scope="module")
def accounts(rabbit: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """Run the service of accounts.yaml, for RabbitMQ alone."""
    asyncio.run(remove(rabbit, ACCOUNTS, f"{ACCOUNTS}.dead"))
    package = Package(tmp_path_factory.mktemp("accounts"), ACCOUNTS_DOCUMENT, "accounts", "--protocol", "rabbit")
    with package.service({"RABBIT_URL": rabbit}):
        yield Receiver(package, rabbit)


async def _python_cqrs(address: str, user: User) -> Sent:
    return await emit(_broker_of_python_cqrs(address), UserCreated(payload=user))


async def _faststream_with_payload(address: str, user: User) -> Sent:
    async with RabbitBroker(address) as broker:
        await broker.publish(user, USERS, correlation_id=CORRELATION_ID)
    return Sent(correlation_id=CORRELATION_ID)


async def _faststream_with_event(address: str, user: User) -> Sent:
    event = UserCreated(payload=user)
    async with RabbitBroker(address) as broker:
        await broker.publish(event, USERS, correlation_id=CORRELATION_ID)
    return Sent(event.event_id, CORRELATION_ID)


async def _bare(address: str, user: User) -> Sent:
    await send(address, USERS, aio_pika.Message(user.model_dump_json().encode()))
    return Sent()


async def _bare_with_properties(address: str, user: User) -> Sent:
    sent = Sent(uuid4(), CORRELATION_ID)
    message = aio_pika.Message(
        user.model_dump_json().encode(),
        content_type="application/json; charset=utf-8",
        correlation_id=sent.correlation_id,
        message_id=str(sent.event_id),
    )
    await send(address, USERS, message)
    return sent


_PRODUCERS: Final = (_python_cqrs, _faststream_with_payload, _faststream_with_event, _bare, _bare_with_properties)


@pytest.mark.parametrize("producer", _PRODUCERS, ids=lambda producer: producer.__name__.strip("_"))
async def test_a_user_arrives(users: Receiver, producer: Producer) -> None:
    user = User()

    sent = await producer(users.address, user)

    await users.check_user(user, sent)


async def test_a_dataclass_event_of_python_cqrs_arrives(accounts: Receiver) -> None:
    event = AccountOpened(payload=Account())

    await emit(_broker_of_python_cqrs(accounts.address), event)

    await accounts.check_account(event)


@asynccontextmanager
async def _broker_of_python_cqrs(address: str) -> AsyncGenerator[AMQPMessageBroker, None]:
    """Build what `amqp_publisher_factory` does, with connections that can be closed."""

    async def connect() -> AbstractConnection:
        return await connection_pool_factory(address)

    async def open_channel() -> AbstractChannel:
        return await channel_pool_factory(connections)

    async with Pool(connect, max_size=1) as connections, Pool(open_channel, max_size=1) as channels:
        yield AMQPMessageBroker(AMQPPublisher(channels), exchange_name="python-cqrs")
