"""Records handled side by side: by key within a partition, and by several replicas."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import Final

import pytest

from tests.delivery.replicas import until_shared
from tests.live.kafka_client import Record
from tests.live.ledger import TAKES, WAITS
from tests.live.users_on_kafka import UsersOnKafka, user
from tests.live.waiting import until

pytestmark = pytest.mark.xdist_group("kafka")

_KEYS: Final = 6
_ROUNDS: Final = 20
_ASSIGNED: Final = "assigned to partitions"
"""What the log says after each rebalance."""


async def test_keys_are_handled_side_by_side_and_each_in_order(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    records = [
        Record(user(f"k{key}-{number}").body, f"k{key}".encode()).wishing(f"{TAKES} 0.02")
        for number in range(_ROUNDS)
        for key in range(_KEYS)
    ]
    with users.service(KAFKA_CONCURRENCY=8) as service:
        await users.send(*records, Record(b"no json", b"k0"), Record(user("last").body, b"k0"))
        await until(lambda: "last" in users.ledger.column("user_id"), why=users.package.logs)
        await users.until_committed(len(records) + 2)
        assert service.stop() == 0

    by_key: defaultdict[str | None, list[str]] = defaultdict(list)
    for entry in users.ledger.entries():
        by_key[entry.key].append(entry.values["user_id"])
    assert by_key.pop("k0") == [*(f"k0-{number}" for number in range(_ROUNDS)), "last"]
    assert by_key == {f"k{key}": [f"k{key}-{number}" for number in range(_ROUNDS)] for key in range(1, _KEYS)}
    assert _most_at_once(users) > 1
    assert len(await users.dead_letters()) == 1


async def test_one_at_a_time_unless_somebody_asks_for_more(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service():
        await users.send(*(user(f"u-{number}").wishing(f"{TAKES} 0.02") for number in range(10)))
        await users.until_handled(*(f"u-{number}" for number in range(10)))

    assert _most_at_once(users) == 1


async def test_a_slow_key_holds_up_no_other_and_no_offset_behind_it_is_committed(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service(KAFKA_CONCURRENCY=8) as first:
        await users.send(user("a").wishing(WAITS), *(user(name) for name in "bcdefgh"))
        await until(lambda: len(users.ledger.entries()) >= 4, why=users.package.logs)
        await asyncio.sleep(1.5)  # a commit is due every second
        assert await users.offset() == 0
        ahead = users.ledger.column("user_id")
        first.kill()
    users.ledger.release()
    with users.service(KAFKA_CONCURRENCY=8):
        await users.until_committed(8)

    assert "a" not in ahead
    assert set(users.ledger.column("user_id")) == set("abcdefgh")


async def test_replicas_share_the_partitions_and_one_that_is_killed_is_replaced(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    await users.begin(partitions=3)
    with users.service() as first, users.service():
        before = await until_shared(users, partitions=3, replicas=2)
        for number in range(90):
            await users.send(user(f"u-{number}").wishing(f"{TAKES} 0.02"), partition=number % 3)
            if number == 45:
                first.kill()
        await until(lambda: len(_names(users)) >= 90, why=users.package.logs)
        await users.until_committed(before + 90)

    assert _names(users) == {f"u-{number}" for number in range(90)}
    processes = {entry.process for entry in users.ledger.entries() if entry.values["user_id"].startswith("u-")}
    assert len(processes) == 2, "both had their part"
    for partition in range(3):
        entries = [entry.values["user_id"] for entry in users.ledger.entries() if entry.partition == partition]
        numbers = [int(name[2:]) for name in dict.fromkeys(entries) if name.startswith("u-")]
        assert numbers == sorted(numbers), "in order, when each is counted once"


async def test_a_replica_that_joins_waits_for_the_record_in_hand(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    await users.begin(partitions=2)
    with users.service():
        await users.send(user("slow").wishing(f"{TAKES} 6"), user("after slow"), partition=0)
        await users.send(user("slow, too").wishing(f"{TAKES} 6"), user("after slow, too"), partition=1)
        await users.until_began("slow")
        with users.service():
            await until(lambda: len(users.ledger.entries()) == 4, why=users.package.logs)
            await until_shared(users, partitions=2, replicas=2)

    for name in ("slow", "after slow", "slow, too", "after slow, too"):
        assert users.ledger.column("user_id", "began").count(name) == 1


async def test_a_static_member_comes_back_without_a_rebalance(kafka_users: UsersOnKafka) -> None:
    """Killed and started again within the session timeout; the other replica notices nothing."""
    users = kafka_users
    await users.begin(partitions=2)
    with (
        users.service(KAFKA_GROUP_INSTANCE_ID="one") as killed,
        users.service(KAFKA_GROUP_INSTANCE_ID="two") as other,
    ):
        await until_shared(users, partitions=2, replicas=2)
        partitions = {entry.partition: entry.process for entry in users.ledger.entries()[-2:]}
        before = other.log.read_text()
        assert _ASSIGNED in before, "it would tell"
        killed.kill()
        await asyncio.to_thread(killed.start)
        for partition in range(2):
            await users.send(user(f"u-{partition}"), partition=partition)
        await until(lambda: len(_names(users)) == 2, why=users.package.logs)
        assert _ASSIGNED not in other.log.read_text()[len(before) :]

    again = {entry.partition: entry.process for entry in users.ledger.entries()[-2:]}
    assert sum(again[partition] == process for partition, process in partitions.items()) == 1


def _names(users: UsersOnKafka) -> set[str]:
    return {name for name in users.ledger.column("user_id") if name.startswith("u-")}


def _most_at_once(users: UsersOnKafka) -> int:
    """Give how many handlers ran at once, at most."""
    changes = [(entry.at, 1) for entry in users.ledger.entries("began")]
    changes += [(entry.at, -1) for entry in users.ledger.entries()]
    running = most = 0
    for _, change in sorted(changes):
        running += change
        most = max(most, running)
    return most
