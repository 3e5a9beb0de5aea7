"""How a service for RabbitMQ starts, and says why it cannot."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.brokers import Service
from tests.brokers.ports import free_port
from tests.live.packages import USERS_ON_RABBIT, FastStreamService, LiveService, Package, get
from tests.live.rabbit_client import channel
from tests.live.users_on_rabbit import DEAD, QUEUE, UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("rabbit")

_WAYS: Final = pytest.mark.parametrize("kind", [Service, FastStreamService], ids=["python -m", "faststream run"])
_SECONDS: Final = 20
"""What a supervisor may have to wait to learn that a service cannot run, also on a busy machine."""
_UNWRITTEN: Final = "user_events: UserCreated has no handler yet: users/handlers/user_created.py"


@pytest.fixture
async def users(rabbit: str, tmp_path: Path) -> UsersOnRabbit:
    users = UsersOnRabbit(rabbit, tmp_path)
    await users.begin()
    return users


@_WAYS
async def test_a_service_serves(users: UsersOnRabbit, kind: type[Service]) -> None:
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
    port = free_port()
    address = {"RABBIT_URL": f"amqp://somebody:secret@127.0.0.1:{port}/shop"}
    began = time.monotonic()

    done = Package(tmp_path, USERS_ON_RABBIT, "users").service(address, kind).run()

    assert done.returncode > 0
    assert f"RabbitMQ does not answer at 127.0.0.1:{port}/shop" in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stdout + done.stderr
    assert time.monotonic() - began < _SECONDS


def test_what_is_no_url_ends_the_service_and_is_not_repeated(tmp_path: Path) -> None:
    done = Package(tmp_path, USERS_ON_RABBIT, "users").service({"RABBIT_URL": "secret:5672"}).run()
    assert done.returncode > 0
    assert "USERS_RABBIT_URL is no URL such as amqp://user:password@host:5672/vhost" in done.stderr
    assert "secret" not in done.stdout + done.stderr


@_WAYS
@pytest.mark.parametrize("queue", [QUEUE, DEAD])
async def test_a_queue_that_is_declared_otherwise_ends_the_service(
    users: UsersOnRabbit, kind: type[Service], queue: str
) -> None:
    async with channel(users.address) as opened:
        await opened.declare_queue(queue, durable=queue == QUEUE)

    done = users.service(kind).run()

    assert done.returncode > 0
    assert f"RabbitMQ has another queue '{queue}' than the contract describes" in done.stderr
    assert "USERS_RABBIT_DECLARE=false" in done.stderr
    assert "Traceback" not in done.stderr


async def test_a_queue_that_is_declared_otherwise_can_be_used_as_it_is(users: UsersOnRabbit) -> None:
    async with channel(users.address) as opened:
        await opened.declare_queue(QUEUE, durable=True)
        await opened.declare_queue(DEAD, durable=False)

    with users.service(RABBIT_DECLARE="false"):
        await users.send(user("u-1"))
        await users.until_handled("u-1")


async def test_an_unwritten_handler_keeps_its_subscriber_from_starting(users: UsersOnRabbit, tmp_path: Path) -> None:
    async with channel(users.address) as opened:
        await opened.declare_queue(QUEUE)
    await users.send(user("u-1"))
    users.package = Package(tmp_path / "unwritten", USERS_ON_RABBIT, "users", unwritten={"user_created.py"})
    with users.service(LiveService) as service:
        await until(lambda: _UNWRITTEN in get(service, "/ready")[1], why=users.package.logs)
        assert get(service, "/ready")[0] == 503
    assert await users.left() == [user("u-1").body]

    await users.send(user("u-1"))
    with users.service(LiveService, RUN_STUBS=1):
        [letter] = await until(users.dead_letters, why=users.package.logs)
    assert letter.body == user("u-1").body
    assert letter.headers["x-error-type"] == "NotImplementedError"
    assert letter.headers["x-attempts"] == "1"
    assert await users.left() == []
