"""RabbitMQ stops, crashes, cannot be reached or loses a queue: the service goes on by itself, nothing is lost."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.brokers import Proxy, chosen_rabbit
from tests.conftest import start_or_skip
from tests.delivery.probes import until_unready
from tests.live.ledger import WAITS
from tests.live.packages import LASTING_USERS_ON_RABBIT
from tests.live.users_on_rabbit import UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.brokers import RabbitMQ, Service

pytestmark = pytest.mark.xdist_group("rabbit-faults")

_KINDS_OF_LINES: Final = 10
"""How many lines may be written at once; a line a second may follow."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    with start_or_skip(lambda: chosen_rabbit(tmp_path_factory.mktemp("rabbit-faults"))) as server:
        yield server


@pytest.fixture
async def users(broker: RabbitMQ, tmp_path: Path) -> UsersOnRabbit:
    if not broker.is_running():  # a test failed in the midst of a restart
        broker.start()
    users = UsersOnRabbit(broker.address, tmp_path, LASTING_USERS_ON_RABBIT)
    await users.begin()
    return users


async def test_cut_connections_are_made_anew(broker: RabbitMQ, users: UsersOnRabbit) -> None:
    with Proxy(broker.port) as proxy:
        through = broker.address.replace(f":{broker.port}/", f":{proxy.port}/")
        with users.service(RABBIT_URL=through) as service:
            await users.send(user("u-1"), user("u-2", WAITS), user("u-3"))
            await users.until_began("u-2")
            assert proxy.cut() > 0
            users.ledger.release()
            await _goes_on(users, service)
            assert service.stop() == 0

    assert (await users.left(), await users.dead_letters()) == ([], [])
    assert users.ledger.column("user_id", "began").count("u-1") == 1, "what was acknowledged does not come again"


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_restart_of_the_broker_loses_nothing(broker: RabbitMQ, users: UsersOnRabbit, how: str) -> None:
    with users.service() as service:
        await users.send(user("u-1"), user("u-2", WAITS), user("u-3"))
        await users.until_began("u-2")
        lines, began = service.log.read_text().count("\n"), time.monotonic()
        await asyncio.to_thread(broker.stop if how == "stop" else broker.kill)
        await until_unready(service, "does not answer", why=users.package.logs)
        users.ledger.release()
        await asyncio.to_thread(broker.start)
        await _goes_on(users, service)
        seconds, written = time.monotonic() - began, service.log.read_text().count("\n") - lines
        assert service.stop() == 0

    assert written <= _KINDS_OF_LINES + seconds, f"{written} lines in {seconds:.0f} s\n{users.package.logs()}"
    assert (await users.left(), await users.dead_letters()) == ([], [])


async def _goes_on(users: UsersOnRabbit, service: Service) -> None:
    """Wait until old and new messages are handled; that in hand may have come twice, for it was not acknowledged."""
    await users.send(user("u-4"))
    await until(lambda: "u-4" in users.ledger.column("user_id"), why=users.package.logs)
    assert sorted(set(users.ledger.column("user_id"))) == ["u-1", "u-2", "u-3", "u-4"]
    assert service.is_running()
    await until(service.is_ready, why=users.package.logs)
