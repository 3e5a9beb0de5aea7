"""Events reach their handlers over Kafka whoever sent them: python-cqrs, FastStream, clients that know neither."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest
from cqrs.adapters.kafka import kafka_producer_factory
from cqrs.message_brokers.kafka import KafkaMessageBroker
from faststream.kafka import KafkaBroker

from tests.live.kafka_client import Record, make_empty, send
from tests.live.packages import ACCOUNTS_DOCUMENT, USERS_ON_KAFKA, Package
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

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator

pytestmark = pytest.mark.xdist_group("kafka")

Producer: TypeAlias = "Callable[[str, User], Awaitable[Sent]]"
"""Sends a user to the Kafka at an address."""


@pytest.fixture(scope="module")
def users(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """Run the service of specs/user-events-kafka."""
    asyncio.run(make_empty(kafka, USERS, f"{USERS}.dead"))
    package = Package(tmp_path_factory.mktemp("users"), USERS_ON_KAFKA, "users")
    with package.service({"KAFKA_SERVERS": kafka}):
        yield Receiver(package, kafka)


@pytest.fixture(scope="module")
def accounts(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """Run the service of accounts.yaml, for Kafka alone."""
    asyncio.run(make_empty(kafka, ACCOUNTS, f"{ACCOUNTS}.dead"))
    package = Package(tmp_path_factory.mktemp("accounts"), ACCOUNTS_DOCUMENT, "accounts", "--protocol", "kafka")
    with package.service({"KAFKA_SERVERS": kafka}):
        yield Receiver(package, kafka)


async def _python_cqrs(address: str, user: User) -> Sent:
    return await emit(_broker_of_python_cqrs(address), UserCreated(payload=user))


async def _faststream_with_payload(address: str, user: User) -> Sent:
    async with KafkaBroker(address) as broker:
        await broker.publish(user, USERS, key=user.user_id.encode(), correlation_id=CORRELATION_ID)
    return Sent(correlation_id=CORRELATION_ID)


async def _faststream_with_event(address: str, user: User) -> Sent:
    event = UserCreated(payload=user)
    async with KafkaBroker(address) as broker:
        await broker.publish(event, USERS, correlation_id=CORRELATION_ID)
    return Sent(event.event_id, CORRELATION_ID)


async def _bare(address: str, user: User) -> Sent:
    await send(address, USERS, Record(user.model_dump_json().encode()))
    return Sent()


async def _bare_with_headers(address: str, user: User) -> Sent:
    headers = [("content-type", b"application/json"), ("correlation_id", CORRELATION_ID.encode())]
    await send(address, USERS, Record(user.model_dump_json().encode(), user.user_id.encode(), headers))
    return Sent(correlation_id=CORRELATION_ID)


_PRODUCERS: Final = (_python_cqrs, _faststream_with_payload, _faststream_with_event, _bare, _bare_with_headers)


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
async def _broker_of_python_cqrs(address: str) -> AsyncGenerator[KafkaMessageBroker, None]:
    producer = kafka_producer_factory(address)
    try:
        yield KafkaMessageBroker(producer)
    finally:
        await producer._producer.stop()  # noqa: SLF001 - it offers no way to end it
