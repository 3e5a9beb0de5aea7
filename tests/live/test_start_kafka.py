"""How a service for Kafka starts, and says why it cannot."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.brokers import Service
from tests.brokers.ports import free_port
from tests.live.kafka_client import Record, remove
from tests.live.packages import USERS_ON_KAFKA, FastStreamService, LiveService, Package, get
from tests.live.users_on_kafka import DEAD, TOPIC, UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_WAYS: Final = pytest.mark.parametrize("kind", [Service, FastStreamService], ids=["python -m", "faststream run"])
_SECONDS: Final = 20
"""What a supervisor may have to wait to learn that a service cannot run, also on a busy machine."""

_UNWRITTEN: Final = "user_events: UserCreated has no handler yet: users/handlers/user_created.py"


@pytest.fixture
async def users(apache_kafka: str, tmp_path: Path) -> UsersOnKafka:
    users = UsersOnKafka(apache_kafka, tmp_path)
    await users.begin()
    return users


@_WAYS
async def test_a_service_serves(users: UsersOnKafka, kind: type[Service]) -> None:
    with users.service(kind) as service:
        assert get(service, "/live")[0] == 204
        assert get(service, "/ready")[0] == 204
        status, page = get(service, "/asyncapi")
        assert status == 200
        assert "User events" in page
        assert "receiveUserEvents" in page, "the page shows the contract itself"
        await users.send(user("u-1"))
        await users.until_handled("u-1")


@_WAYS
def test_an_unreachable_broker_ends_the_service(kind: type[Service], tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    began = time.monotonic()

    done = Package(tmp_path, USERS_ON_KAFKA, "users").service({"KAFKA_SERVERS": nobody}, kind).run()

    assert done.returncode > 0
    assert f"Kafka does not answer at {nobody}" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < _SECONDS


@_WAYS
async def test_missing_topics_end_the_service(users: UsersOnKafka, kind: type[Service]) -> None:
    await remove(users.address, DEAD)

    done = users.service(kind).run()

    assert done.returncode > 0
    assert f"Kafka has no topic '{DEAD}'; `python -m users topics --create`" in done.stderr
    assert "Traceback" not in done.stderr


async def test_the_topics_command_tells_and_creates_what_is_missing(users: UsersOnKafka) -> None:
    await users.send(user("u-1"))
    await remove(users.address, DEAD)
    service = users.service()

    told = service.run("topics")
    assert (told.returncode, told.stdout) == (1, f"{TOPIC}: exists\n{DEAD}: missing\n")
    created = service.run("topics", "--create")
    assert (created.returncode, created.stdout) == (0, f"{TOPIC}: exists\n{DEAD}: created\n")
    told = service.run("topics")
    assert (told.returncode, told.stdout) == (0, f"{TOPIC}: exists\n{DEAD}: exists\n")

    with service:
        await users.until_handled("u-1")


async def test_an_unwritten_handler_keeps_its_subscriber_from_starting(users: UsersOnKafka, tmp_path: Path) -> None:
    users.package = Package(tmp_path / "unwritten", USERS_ON_KAFKA, "users", unwritten={"user_created.py"})
    await users.send(user("u-1"), Record(b"no json"))
    with users.service(LiveService) as service:
        await until(lambda: _UNWRITTEN in get(service, "/ready")[1], why=users.package.logs)
        assert get(service, "/ready")[0] == 503

    assert await users.offset() == 0
    assert await users.dead_letters() == []

    with users.service(LiveService, RUN_STUBS=1):
        await users.until_committed(2)

    first, second = await users.dead_letters()
    assert first.body == user("u-1").body
    assert dict(first.headers)["x-error-type"] == b"NotImplementedError"
    assert dict(first.headers)["x-attempts"] == b"1"
    assert second.body == b"no json"
