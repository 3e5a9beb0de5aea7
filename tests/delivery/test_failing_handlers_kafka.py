"""Handlers that fail, reject, ask for time or take very long, on Apache Kafka."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from tests.delivery.replicas import until_shared
from tests.live.ledger import COMES_LATER, FAILS, REJECTS, TAKES
from tests.live.users_on_kafka import UsersOnKafka, user
from tests.live.waiting import until

pytestmark = pytest.mark.xdist_group("kafka")

_MAX_POLL_INTERVAL: Final = 10
"""Seconds; three times as long is what a handler and a row of failures take below."""


async def test_a_handler_may_reject_and_ask_for_time(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    rejected, later = user("u-1").wishing(REJECTS), user("u-2").wishing(f"{COMES_LATER} 3")
    with users.service():
        await users.send(rejected, later, user("u-3"))
        await users.until_handled("u-2", "u-3")

    assert len(users.ledger.entries("began", user_id="u-1")) == 1
    first, second = users.ledger.entries("began", user_id="u-2")
    assert (first.attempt, second.attempt) == (1, 2)
    assert 3 <= second.at - first.at < 6, "as long as it asked for, not as usual"
    [letter] = await users.dead_letters()
    assert letter.body == rejected.body
    headers = dict(letter.headers)
    assert (headers["x-error"], headers["x-error-type"]) == (b"nobody wants it", b"RejectMessage")
    assert headers["x-attempts"] == b"1"


async def test_time_that_handlers_take_costs_no_membership(kafka_users: UsersOnKafka) -> None:
    """One handler takes three times max_poll_interval_ms, one fails for as long; the third partition goes on.

    A replica that leaves the group would show: the other one would get its records, too.
    """
    users = kafka_users
    await users.begin(partitions=3)
    slow = user("slow").wishing(f"{TAKES} {3 * _MAX_POLL_INTERVAL}")
    hopeless = user("hopeless").wishing(f"{TAKES} 5; {FAILS}")
    waits = {"ATTEMPTS": 4, "RETRY_DELAY": 6, "RETRY_DELAY_MAX": 6}
    settings = {**waits, "KAFKA_MAX_POLL_INTERVAL_MS": _MAX_POLL_INTERVAL * 1000}
    with users.service(**settings), users.service(**settings):
        before = await until_shared(users, partitions=3, replicas=2)
        await users.send(slow, user("after slow"), partition=0)
        await users.send(hopeless, user("after hopeless"), partition=1)
        for number in range(8):
            await users.send(user(f"u-{number}"), partition=2)
            await asyncio.sleep(4)
        meanwhile = users.ledger.column("user_id")[before:]
        await until(lambda: len(users.ledger.entries()) == before + 11, why=users.package.logs)
        await users.until_committed(before + 12)

    others = [f"u-{number}" for number in range(8)]
    assert [name for name in meanwhile if name in others] == others, "the third partition went on"
    began = users.ledger.column("user_id", "began")[before:]
    assert sorted(began) == sorted(["slow", "after slow", *["hopeless"] * 4, "after hopeless", *others])
    attempts = users.ledger.entries("began", user_id="hopeless")
    assert attempts[-1].at - attempts[0].at + 5 > 2 * _MAX_POLL_INTERVAL
    assert len({entry.process for entry in attempts}) == 1
    [letter] = await users.dead_letters()
    assert dict(letter.headers)["x-attempts"] == b"4"
