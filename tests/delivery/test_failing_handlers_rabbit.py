"""Handlers that fail, reject or ask for time on RabbitMQ; long waits are spent in queues."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Final

import pytest

from tests.live.ledger import COMES_LATER, FAILS, REJECTS
from tests.live.rabbit_client import count
from tests.live.users_on_rabbit import QUEUE, UsersOnRabbit, user
from tests.live.waiting import until

pytestmark = pytest.mark.xdist_group("rabbit")

_PARKING: Final = f"{QUEUE}.retry.4s"


async def test_a_handler_may_reject_and_ask_for_time(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service():
        await users.send(user("u-1", REJECTS), user("u-2", f"{COMES_LATER} 1.5"), user("u-3"))
        await users.until_handled("u-2", "u-3")

    assert len(users.ledger.entries("began", user_id="u-1")) == 1
    first, second = users.ledger.entries("began", user_id="u-2")
    assert (first.attempt, second.attempt) == (1, 2)
    assert 1.5 <= second.at - first.at < 4, "as long as it asked for, in hand"
    assert await users.left() == []
    [letter] = await users.dead_letters()
    assert letter.body == user("u-1").body
    expected = {"x-error": "nobody wants it", "x-error-type": "RejectMessage", "x-attempts": "1"}
    assert expected.items() <= dict(letter.headers).items()


async def test_attempts_are_counted_across_the_queues_that_messages_wait_in(rabbit_users: UsersOnRabbit) -> None:
    """One message in hand at a time, and each of these waits 3 seconds: the others are not held up."""
    users = rabbit_users
    with users.service(ATTEMPTS=3, RETRY_DELAY=4, RETRY_DELAY_MAX=4) as service:
        await users.send(user("later", f"{COMES_LATER} 3"), user("hopeless", FAILS), user("u-1"), user("u-2"))
        await until(lambda: users.ledger.column("user_id") == ["u-1", "u-2"], why=users.package.logs)
        assert await count(users.address, _PARKING) == 2, "both wait there"
        await until(lambda: len(users.ledger.entries("began", user_id="hopeless")) == 3, why=users.package.logs)
        await asyncio.sleep(0.5)
        assert service.is_running()

    assert users.ledger.column("user_id") == ["u-1", "u-2", "later"]
    for name, attempts in (("later", [1, 2]), ("hopeless", [1, 2, 3])):
        entries = users.ledger.entries("began", user_id=name)
        assert [entry.attempt for entry in entries] == attempts
        assert {entry.event_id for entry in entries} == {entries[0].event_id}
        assert all(later.at - earlier.at >= 3 for earlier, later in pairwise(entries))
        assert all(entry.headers[0] == entries[0].headers[0] for entry in entries)
    [letter] = await users.dead_letters()
    headers = dict(letter.headers)
    assert letter.body == user("hopeless").body
    assert headers["x-attempts"] == "3"
    assert (headers["x-original-exchange"], headers["x-original-routing-key"]) == ("", QUEUE)
    assert not [name for name in headers if name.startswith("x-retry-")], "what a waiting message has to know is gone"
    assert (await users.left(), await count(users.address, _PARKING)) == ([], 0)


async def test_a_handler_that_takes_long_is_neither_repeated_nor_in_the_way(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service(RABBIT_PREFETCH=10) as service:
        await users.send(user("slow", "takes 5"), user("u-1"))
        await until(lambda: users.ledger.column("user_id") == ["u-1"], why=users.package.logs)
        await until(lambda: users.ledger.column("user_id") == ["u-1", "slow"], why=users.package.logs)
        assert service.stop() == 0

    assert users.ledger.column("user_id", "began").count("slow") == 1
    assert await users.left() == []
