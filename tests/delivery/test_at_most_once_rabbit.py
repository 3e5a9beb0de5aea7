"""Acknowledged before the handler runs: what a crash interrupts does not come again; on RabbitMQ."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import pytest
from aio_pika import Message

from tests.brokers import Proxy
from tests.live.ledger import FAILS, FAILS_ONCE, TAKES, WAITS
from tests.live.packages import LASTING_USERS_ON_RABBIT
from tests.live.users_on_rabbit import UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("rabbit")

_AT_MOST_ONCE: Final = "at-most-once"


@pytest.fixture(scope="session")
def said_by_the_contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the contract with the binding `ack: false`."""
    path = tmp_path_factory.mktemp("ack") / "asyncapi.yaml"
    path.write_text(LASTING_USERS_ON_RABBIT.read_text() + "    bindings: {amqp: {ack: false}}\n")
    return path


@pytest.mark.parametrize("said_by", ["setting", "contract"])
@pytest.mark.parametrize("prefetch", [1, 100])
async def test_a_killed_service_does_not_get_again_what_was_in_hand(
    rabbit: str, tmp_path: Path, said_by_the_contract: Path, said_by: str, prefetch: int
) -> None:
    document = said_by_the_contract if said_by == "contract" else LASTING_USERS_ON_RABBIT
    users = UsersOnRabbit(rabbit, tmp_path, document)
    await users.begin()
    settings = {"RABBIT_PREFETCH": prefetch} | ({"ACK": _AT_MOST_ONCE} if said_by == "setting" else {})
    with users.service(**settings) as first:
        await users.send(user("u-1"), user("u-2", WAITS), user("u-3", WAITS))
        await users.until_began("u-2")
        if prefetch > 1:
            await users.until_began("u-3")
        first.kill()

    users.ledger.release()
    rest = ["u-3"] if prefetch == 1 else []
    with users.service(**settings) as second:
        await users.send(user("u-4"))
        await users.until_handled("u-1", *rest, "u-4")
        assert second.stop() == 0
    assert sorted(users.ledger.column("user_id", "began")) == ["u-1", "u-2", "u-3", "u-4"]
    assert (await users.left(), await users.dead_letters()) == ([], [])


@pytest.mark.parametrize("prefetch", [1, 100])
async def test_a_stopped_service_finishes_what_is_in_hand_and_loses_nothing(
    rabbit_users: UsersOnRabbit, prefetch: int
) -> None:
    users = rabbit_users
    with users.service(RABBIT_PREFETCH=prefetch, ACK=_AT_MOST_ONCE) as first:
        await users.send(user("u-1"), Message(b"no json"), user("u-2", WAITS))
        await users.until_began("u-2")
        stopping = asyncio.create_task(asyncio.to_thread(first.stop))
        await until(lambda: "shutting down" in first.end_of_log())
        await users.send(user("u-3"))
        users.ledger.release()
        assert await stopping == 0
    await users.until_handled("u-1", "u-2")

    with users.service(RABBIT_PREFETCH=prefetch, ACK=_AT_MOST_ONCE) as second:
        await users.until_handled("u-1", "u-2", "u-3")
        assert second.stop() == 0
    assert users.ledger.column("user_id", "began") == ["u-1", "u-2", "u-3"]
    assert await users.left() == []
    assert len(await users.dead_letters()) == 1


async def test_failing_handlers_are_tried_again_and_dead_lettered(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service(ACK=_AT_MOST_ONCE, RETRY_DELAY=0.01) as service:
        await users.send(user("u-1", FAILS), user("u-2", FAILS_ONCE), user("u-3"))
        await users.until_handled("u-2", "u-3")
        assert service.stop() == 0
    assert users.ledger.column("user_id", "began") == ["u-1", "u-1", "u-1", "u-2", "u-2", "u-3"]
    [letter] = await users.dead_letters()
    assert letter.headers["x-attempts"] == "3"


async def test_no_more_are_handled_at_once_than_somebody_says(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service(RABBIT_PREFETCH=3, ACK=_AT_MOST_ONCE):
        await users.send(*(user(f"u-{number}", f"{TAKES} 0.02") for number in range(30)))
        await until(lambda: len(users.ledger.entries()) == 30, why=users.package.logs)
    running = most = 0
    for _, step in sorted(
        [*((one.at, 1) for one in users.ledger.entries("began")), *((one.at, -1) for one in users.ledger.entries())]
    ):
        running += step
        most = max(most, running)
    assert most == 3


async def test_a_cut_connection_brings_nothing_again(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    host, _, port = users.address.rpartition("@")[2].partition("/")[0].rpartition(":")
    with Proxy(int(port)) as proxy:
        through = users.address.replace(f"{host}:{port}/", f"{host}:{proxy.port}/")
        with users.service(RABBIT_URL=through, ACK=_AT_MOST_ONCE, RETRY_DELAY=0.01) as service:
            await users.send(user("u-1"), user("u-2", WAITS), user("u-3"))
            await users.until_began("u-2")
            assert proxy.cut() > 0
            users.ledger.release()
            await users.send(user("u-4"))
            await until(lambda: "u-4" in users.ledger.column("user_id"), why=users.package.logs)
            await until(service.is_ready, why=users.package.logs)
            assert service.stop() == 0
    handled = users.ledger.column("user_id")
    assert (handled.count("u-1"), handled.count("u-3"), handled.count("u-4")) == (1, 1, 1)
    assert (await users.left(), await users.dead_letters()) == ([], [])
    assert [entry.attempt for entry in users.ledger.entries("began", user_id="u-2")] in ([1], [1, 2])
