"""Nothing is lost when a service is killed, nothing comes twice when it is stopped; on RabbitMQ."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aio_pika import Message

from tests.brokers import Service
from tests.live.ledger import WAITS
from tests.live.packages import FastStreamService
from tests.live.users_on_rabbit import user
from tests.live.waiting import until

if TYPE_CHECKING:
    from tests.live.users_on_rabbit import UsersOnRabbit

pytestmark = pytest.mark.xdist_group("rabbit")


@pytest.mark.parametrize("prefetch", [1, 100])
async def test_a_killed_service_loses_nothing(rabbit_users: UsersOnRabbit, prefetch: int) -> None:
    users = rabbit_users
    with users.service(RABBIT_PREFETCH=prefetch) as first:
        await users.send(user("u-1"), user("u-2", WAITS), user("u-3", WAITS))
        await users.until_began("u-2")
        first.kill()

    users.ledger.release()
    with users.service(RABBIT_PREFETCH=prefetch):
        await until(lambda: {"u-2", "u-3"} <= set(users.ledger.column("user_id")), why=users.package.logs)

    handled = users.ledger.column("user_id")
    assert "u-1" in handled
    assert handled.count("u-2") == handled.count("u-3") == 1
    first_time, second_time = users.ledger.entries("began", user_id="u-2")
    assert first_time.event_id == second_time.event_id, "by which its handler can know that it saw it before"
    assert (await users.left(), await users.dead_letters()) == ([], [])


@pytest.mark.parametrize("prefetch", [1, 100])
@pytest.mark.parametrize("kind", [Service, FastStreamService], ids=["python -m", "faststream run"])
async def test_a_stopped_service_finishes_what_is_in_hand_and_nothing_comes_twice(
    rabbit_users: UsersOnRabbit, kind: type[Service], prefetch: int
) -> None:
    users = rabbit_users
    with users.service(kind, RABBIT_PREFETCH=prefetch) as first:
        await users.send(user("u-1"), Message(b"no json"), user("u-2", WAITS))
        await users.until_began("u-2")
        stopping = asyncio.create_task(asyncio.to_thread(first.stop))
        await until(lambda: "shutting down" in first.end_of_log())
        await users.send(user("u-3"))
        users.ledger.release()
        code = await stopping
        assert code == 0 or kind is FastStreamService, "whose exit code is not ours"
    await users.until_handled("u-1", "u-2")

    with users.service(RABBIT_PREFETCH=prefetch) as second:
        await users.until_handled("u-1", "u-2", "u-3")
        assert second.stop() == 0

    assert users.ledger.column("user_id", "began") == ["u-1", "u-2", "u-3"]
    assert await users.left() == []
    assert len(await users.dead_letters()) == 1
