"""Apache Kafka stops, crashes, or cannot be reached for a moment: the service goes on by itself, nothing is lost."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.brokers import ApacheKafka, Proxy
from tests.brokers.ports import free_port
from tests.conftest import start_or_skip
from tests.delivery.probes import until_unready
from tests.live.kafka_client import make_empty
from tests.live.ledger import WAITS
from tests.live.users_on_kafka import TOPIC, UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.brokers import Service

pytestmark = pytest.mark.xdist_group("kafka-faults")

_AWAY: Final = 8
"""Seconds that the broker is away."""
_KINDS_OF_LINES: Final = 10
"""How many lines the client may have to say at once; a line a second may follow."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ApacheKafka, Proxy]]:
    """Start a broker of the tests' own; all clients reach it through a proxy only."""
    port = free_port()
    folder = tmp_path_factory.mktemp("kafka-faults")
    with start_or_skip(lambda: ApacheKafka(folder, advertised_port=port)) as server, Proxy(server.port, port) as proxy:
        yield server, proxy


@pytest.fixture
async def users(broker: tuple[ApacheKafka, Proxy], tmp_path: Path) -> UsersOnKafka:
    if not broker[0].is_running():  # a test failed in the midst of a restart
        broker[0].start()
    users = UsersOnKafka(f"127.0.0.1:{broker[1].port}", tmp_path)
    await users.begin()
    return users


async def test_cut_connections_are_made_anew(broker: tuple[ApacheKafka, Proxy], users: UsersOnKafka) -> None:
    with users.service() as service:
        await users.send(user("u-1"), user("u-2").wishing(WAITS), user("u-3"))
        await users.until_began("u-2")
        for _ in range(3):
            assert broker[1].cut() > 0
            await asyncio.sleep(0.5)
        users.ledger.release()
        await users.send(user("u-4"))
        await users.until_handled("u-1", "u-2", "u-3", "u-4")
        await users.until_committed(4)
        await until(service.is_ready, why=users.package.logs)
        assert service.stop() == 0


async def test_a_restart_of_the_broker_loses_nothing_and_makes_no_noise(
    broker: tuple[ApacheKafka, Proxy], users: UsersOnKafka
) -> None:
    server, _ = broker
    with users.service() as service:
        await users.send(user("u-1"), user("u-2").wishing(WAITS), user("u-3"))
        await users.until_began("u-2")
        lines, began = _lines(service), time.monotonic()
        await asyncio.to_thread(server.stop)
        await until_unready(service, "does not answer", why=users.package.logs)
        users.ledger.release()
        await asyncio.sleep(max(0, began + _AWAY - time.monotonic()))
        await asyncio.to_thread(server.start)
        await _goes_on(users, service)
        seconds, written = time.monotonic() - began, _lines(service) - lines
        assert service.stop() == 0

    assert written <= _KINDS_OF_LINES + seconds, f"{written} lines in {seconds:.0f} s\n{users.package.logs()}"
    assert users.ledger.column("user_id", "began").count("u-1") == 1, "what was committed does not come again"


async def test_a_crash_of_the_broker_loses_nothing(broker: tuple[ApacheKafka, Proxy], users: UsersOnKafka) -> None:
    server, _ = broker
    with users.service() as service:
        await users.send(user("u-1"), user("u-2").wishing(WAITS), user("u-3"))
        await users.until_began("u-2")
        await asyncio.to_thread(server.kill)
        users.ledger.release()
        await asyncio.to_thread(server.start)
        await _goes_on(users, service)
        assert service.stop() == 0


async def test_a_topic_that_was_deleted_and_made_again_is_noticed(users: UsersOnKafka) -> None:
    with users.service() as service:
        await users.send(user("u-1"), user("u-2"))
        await users.until_handled("u-1", "u-2")
        await users.until_committed(2)
        await make_empty(users.address, TOPIC)
        await users.send(user("u-3"))
        await until(lambda: users.ledger.column("user_id")[2:] == ["u-3"], why=users.package.logs, seconds=45)
        await users.until_committed(1)
        assert service.stop() == 0


async def _goes_on(users: UsersOnKafka, service: Service) -> None:
    """Wait until old and new records are handled; those in hand may have come twice, for nothing could be committed."""
    await users.send(user("u-4"))
    await until(lambda: "u-4" in users.ledger.column("user_id"), why=users.package.logs)
    await users.until_committed(4)
    assert list(dict.fromkeys(users.ledger.column("user_id"))) == ["u-1", "u-2", "u-3", "u-4"]
    assert service.is_running()
    await until(service.is_ready, why=users.package.logs)


def _lines(service: Service) -> int:
    return service.log.read_text().count("\n")
