"""Quorum queues, which count deliveries: everything works, and what kills the service ends in the dead queue."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest
from aio_pika import Message

from tests.brokers import ServerFailedError
from tests.live.ledger import DIES, FAILS, FAILS_ONCE
from tests.live.rabbit_client import count, remove, version
from tests.live.users_on_rabbit import DEAD, QUEUE, UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

pytestmark = pytest.mark.xdist_group("rabbit")

_PARKING: Final = f"{QUEUE}.retry.4s"
_QUORUM: Final = {"RABBIT_QUEUE_TYPE": "quorum"}
_DELIVERIES: Final = 25
"""More than the 20 after which RabbitMQ 4 gives a message up."""


@pytest.fixture
async def users(rabbit_users: UsersOnRabbit) -> AsyncIterator[UsersOnRabbit]:
    """Have no queue of another type, before and afterwards."""
    await remove(rabbit_users.address, _PARKING)
    yield rabbit_users
    await remove(rabbit_users.address, QUEUE, DEAD, _PARKING)


async def test_messages_are_handled_parked_and_dead_lettered(users: UsersOnRabbit) -> None:
    with users.service(**_QUORUM, RETRY_DELAY=4, RETRY_DELAY_MAX=4, ATTEMPTS=2):
        await users.send(user("u-1"), Message(b"no json"), user("u-2", FAILS_ONCE), user("u-3", FAILS), user("u-4"))
        await until(lambda: users.ledger.column("user_id") == ["u-1", "u-4", "u-2"], why=users.package.logs)

        async def are_dead() -> bool:
            return await count(users.address, DEAD) == 2

        await until(are_dead, why=users.package.logs)

    assert [entry.attempt for entry in users.ledger.entries("began", user_id="u-2")] == [1, 2]
    assert await users.left() == []
    letters = {letter.body: dict(letter.headers) for letter in await users.dead_letters()}
    assert letters[b"no json"]["x-error-type"] == "NotJson"
    assert letters[user("u-3").body]["x-attempts"] == "2"


@pytest.mark.slow
async def test_what_kills_the_service_ends_in_the_dead_queue(users: UsersOnRabbit) -> None:
    """Only from RabbitMQ 4 on: earlier ones have no limit of deliveries unless somebody sets one."""
    if (found := await version(users.address)) < (4,):
        pytest.skip(f"needs RabbitMQ 4: CQRS_GEN_RABBITMQ=4, after .ci/install-rabbitmq4.sh; this is {found}")
    with users.service(**_QUORUM):
        await users.send(user("u-1"))
        await users.until_handled("u-1")
    await users.send(user("deadly", DIES), user("u-2"))
    for _ in range(_DELIVERIES):
        with suppress(ServerFailedError), users.service(**_QUORUM) as service:  # it may die before it is ready
            await until(
                lambda: not service.is_running() or "u-2" in users.ledger.column("user_id"),
                why=users.package.logs,
            )
        if "u-2" in users.ledger.column("user_id"):
            break

    await users.until_handled("u-1", "u-2")
    assert 2 < len(users.ledger.entries("began", user_id="deadly")) < _DELIVERIES
    [letter] = await users.dead_letters()
    assert letter.body == user("deadly").body
    assert await users.left() == []
