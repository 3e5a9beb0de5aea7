"""What settings choose of a consumer: no group, where it begins, at most once, what it is called; on Apache Kafka."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Final

import pytest
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped] # it has no types

from tests.live.kafka_client import Record, add_partitions
from tests.live.ledger import DIES, FAILS, FAILS_ONCE, WAITS
from tests.live.packages import get
from tests.live.users_on_kafka import TOPIC, UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_AT_MOST_ONCE: Final = "at-most-once"


class TestWithoutGroup:
    """An empty group id: every replica gets every record, and nothing is committed."""

    async def test_every_replica_receives_everything(self, kafka_users: UsersOnKafka) -> None:
        users = kafka_users
        await users.send(user("u-1"), Record(b"no json"))
        with users.service(USER_EVENTS_GROUP_ID="") as first, users.service(USER_EVENTS_GROUP_ID="") as second:
            await users.send(user("u-2").wishing(FAILS_ONCE), user("u-3").wishing(FAILS), user("u-4"))
            await until(lambda: users.ledger.column("user_id").count("u-4") == 2, why=users.package.logs)
            assert get(first, "/ready")[0] == get(second, "/ready")[0] == 204
            assert first.stop() == second.stop() == 0

        by_process = itertools.groupby(
            sorted(users.ledger.entries(), key=lambda entry: entry.process), key=lambda entry: entry.process
        )
        assert [[entry.values["user_id"] for entry in entries] for _, entries in by_process] == [
            ["u-1", "u-2", "u-4"],
            ["u-1", "u-2", "u-4"],
        ]
        assert sorted(letter.body for letter in await users.dead_letters()) == sorted(
            2 * [b"no json", user("u-3").body]
        ), "each replica has its own dead letters"
        assert "commit" not in users.package.logs()

    async def test_it_begins_anew_at_each_start(self, kafka_users: UsersOnKafka) -> None:
        users = kafka_users
        await users.send(user("u-1"))
        for times in (1, 2):
            with users.service(USER_EVENTS_GROUP_ID="", ACK=_AT_MOST_ONCE) as service:
                await users.until_handled(*(times * ["u-1"]))
                assert service.stop() == 0

    @pytest.mark.parametrize("begin", ["earliest", "latest"])
    async def test_it_stays_where_it_is_when_the_topic_gets_a_partition(
        self, kafka_users: UsersOnKafka, begin: str
    ) -> None:
        users = kafka_users
        with users.service(USER_EVENTS_GROUP_ID="", KAFKA_AUTO_OFFSET_RESET=begin):
            names: list[str] = []
            while not users.ledger.entries():
                names.append(f"u-{len(names)}")
                await users.send(user(names[-1]))
                await asyncio.sleep(0.2)
            await add_partitions(users.address, TOPIC, 2)
            while 1 not in {entry.partition for entry in users.ledger.entries()}:
                assert len(names) < 300, users.package.logs()
                names.append(f"u-{len(names)}")
                await users.send(user(names[-1]), partition=0)
                await users.send(user("in the new one"), partition=1)
                await asyncio.sleep(0.2)
            names.append("last")
            await users.send(user("last"), partition=0)
            await until(lambda: "last" in users.ledger.column("user_id"), why=users.package.logs)
        handled = [entry.values["user_id"] for entry in users.ledger.entries() if entry.partition == 0]
        assert handled == names[names.index(handled[0]) :], "each once, in order, and none is passed over"


@pytest.mark.parametrize("group", ["replicas-share", ""])
async def test_a_consumer_may_begin_with_what_comes(kafka_users: UsersOnKafka, group: str) -> None:
    users = kafka_users
    await users.send(user("old"), Record(b"no json"))
    own = {"USER_EVENTS_GROUP_ID": ""} if not group else {}
    with users.service(KAFKA_AUTO_OFFSET_RESET="latest", **own):
        for turn in itertools.count():
            await users.send(user(f"new-{turn}"))
            await asyncio.sleep(0.2)
            if users.ledger.entries():
                break
            assert turn < 100, users.package.logs()
    assert "old" not in users.ledger.column("user_id", "began")
    assert await users.dead_letters() == []


class TestAtMostOnce:
    """Committed before the handler runs: what a crash interrupts does not come again."""

    async def test_a_killed_service_does_not_get_again_what_was_in_hand(self, kafka_users: UsersOnKafka) -> None:
        users = kafka_users
        await users.send(user("u-1"), user("u-2").wishing(WAITS), user("u-3"))
        with users.service(ACK=_AT_MOST_ONCE) as first:
            await users.until_began("u-2")
            await asyncio.sleep(1.2)  # a commit would be due every second
            first.kill()
        assert await users.offset() == 2, "what was in hand is committed, and nothing behind it"

        users.ledger.release()
        with users.service(ACK=_AT_MOST_ONCE):
            await users.until_handled("u-1", "u-3")
        assert users.ledger.column("user_id", "began") == ["u-1", "u-2", "u-3"]

    async def test_a_stopped_service_finishes_what_is_in_hand_and_loses_nothing(
        self, kafka_users: UsersOnKafka
    ) -> None:
        users = kafka_users
        await users.send(user("u-1"), Record(b"no json"), user("u-2").wishing(WAITS), user("u-3"))
        with users.service(ACK=_AT_MOST_ONCE) as first:
            await users.until_began("u-2")
            stopping = asyncio.create_task(asyncio.to_thread(first.stop))
            await until(lambda: "shutting down" in first.end_of_log())
            users.ledger.release()
            assert await stopping == 0
        assert await users.offset() == 3

        with users.service(ACK=_AT_MOST_ONCE) as second:
            await users.until_handled("u-1", "u-2", "u-3")
            assert second.stop() == 0
        assert await users.offset() == 4
        assert users.ledger.column("user_id", "began") == ["u-1", "u-2", "u-3"]
        assert len(await users.dead_letters()) == 1

    async def test_failing_handlers_are_tried_again_in_hand_and_dead_lettered(self, kafka_users: UsersOnKafka) -> None:
        users = kafka_users
        await users.send(user("u-1").wishing(FAILS), user("u-2").wishing(FAILS_ONCE), user("u-3"))
        with users.service(ACK=_AT_MOST_ONCE, RETRY_DELAY=0.01) as service:
            await users.until_handled("u-2", "u-3")
            assert service.stop() == 0
        assert users.ledger.column("user_id", "began") == ["u-1", "u-1", "u-1", "u-2", "u-2", "u-3"]
        [letter] = await users.dead_letters()
        assert dict(letter.headers)["x-attempts"] == b"3"


@pytest.mark.parametrize(("size", "committed"), [(1, 2), (500, 0)])
async def test_as_many_records_are_handled_between_two_commits_as_somebody_says(
    kafka_users: UsersOnKafka, size: int, committed: int
) -> None:
    users = kafka_users
    with users.service(KAFKA_MAX_RECORDS=size) as service:
        await users.send(user("u-1").wishing(WAITS), user("u-2"), user("u-3").wishing(DIES))
        await asyncio.sleep(0.5)  # for all of them to be in hand, if so many may be
        users.ledger.release()
        await until(lambda: not service.is_running(), why=users.package.logs)
    assert await users.offset() == committed
    assert users.ledger.column("user_id") == ["u-1", "u-2"]


_TOMBSTONES_HANDLER: Final = '''
"""Handles `Tombstone`, as people write it."""

from pathlib import Path

import cqrs

from ..contract import current_message
from ..contract.events import Tombstone


class TombstoneHandler(cqrs.EventHandler[Tombstone]):
    """Writes down what is gone; fails where it has no key."""

    async def handle(self, event: Tombstone) -> None:
        if not event.key:
            raise ValueError("nobody knows what is gone")
        with Path("gone.txt").open("a") as file:
            file.write(f"{event.key.decode()} {event.topic} {current_message().operation}\\n")
'''


async def test_tombstones_may_have_a_handler(apache_kafka: str, tmp_path: Path) -> None:
    users = UsersOnKafka(apache_kafka, tmp_path, "--tombstones", "handle")
    users.package.file("handlers/tombstone.py").write_text(_TOMBSTONES_HANDLER)
    await users.begin()
    with users.service(ATTEMPTS=1) as service:
        await users.send(user("u-1"), Record(None, b"u-1"), Record(None, b""), user("u-2"))
        await users.until_handled("u-1", "u-2")
        assert service.stop() == 0
    assert (tmp_path / "gone.txt").read_text() == "u-1 user_events receiveUserEvents\n"
    [letter] = await users.dead_letters()
    assert (letter.body, letter.key, dict(letter.headers)["x-error-type"]) == (None, b"", b"ValueError")
    assert await users.offset() == 4


@pytest.mark.parametrize("client", ["", "billing-1"])
async def test_kafka_knows_the_service_by_its_client_id(kafka_users: UsersOnKafka, client: str) -> None:
    users = kafka_users
    with users.service(KAFKA_CLIENT_ID=client):
        await users.send(user("u-1"))
        await users.until_handled("u-1")
        admin = AIOKafkaAdminClient(bootstrap_servers=users.address)
        await admin.start()
        try:
            [answer] = await admin.describe_consumer_groups([users.group])
        finally:
            await admin.close()
    [group] = answer.to_object()["groups"]
    assert [member["client_id"] for member in group["members"]] == [client or "users"]
