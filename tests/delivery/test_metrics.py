"""What /metrics, /ready and the log tell after known traffic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aio_pika import Message

from tests.delivery.metrics import Metrics, metrics_of
from tests.delivery.probes import until_unready
from tests.live.kafka_client import Record
from tests.live.ledger import FAILS, FAILS_ONCE, REJECTS, TAKES, WAITS
from tests.live.users_on_kafka import TOPIC
from tests.live.users_on_kafka import user as user_on_kafka
from tests.live.users_on_rabbit import QUEUE
from tests.live.users_on_rabbit import user as user_on_rabbit
from tests.live.waiting import until

if TYPE_CHECKING:
    from tests.live.users_on_kafka import UsersOnKafka
    from tests.live.users_on_rabbit import UsersOnRabbit

_on_kafka = pytest.mark.xdist_group("kafka")
_on_rabbit = pytest.mark.xdist_group("rabbit")

_WISHES = ("", FAILS_ONCE, REJECTS, FAILS, f"{TAKES} 0.3")
"""Of five messages: three are handled, in four attempts, and two die, in four attempts."""


@_on_kafka
async def test_metrics_count_what_becomes_of_records(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    known = [user_on_kafka(f"u-{number}").wishing(wish) for number, wish in enumerate(_WISHES)]
    waiting = [user_on_kafka("waits").wishing(WAITS), user_on_kafka("behind"), user_on_kafka("last")]
    with users.service(RETRY_DELAY=0.01) as service:
        await users.send(*known, Record(b"no json"), Record(None, b"tombstone"), *waiting)
        await users.until_began("waits")
        metrics = metrics_of(service)
        assert metrics.value("messages_lag", protocol="kafka", channel=TOPIC, partition="0") == 3
        _check(metrics, "kafka", TOPIC)
        assert metrics.value("messages_skipped_total", protocol="kafka", channel=TOPIC, event="") == 1
        users.ledger.release()
        await users.until_committed(10)
        assert metrics_of(service).value("messages_lag", channel=TOPIC, partition="0") == 0
        assert metrics_of(service).value("messages_in_flight", channel=TOPIC) == 0


@_on_rabbit
async def test_metrics_count_what_becomes_of_messages(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    known = [user_on_rabbit(f"u-{number}", wish) for number, wish in enumerate(_WISHES)]
    with users.service(RETRY_DELAY=0.01) as service:
        await users.send(*known, Message(b"no json"), user_on_rabbit("waits", WAITS))
        await users.until_began("waits")
        _check(metrics_of(service), "rabbit", QUEUE)
        users.ledger.release()
        await users.until_handled("u-0", "u-1", "u-4", "waits")
        await until(lambda: metrics_of(service).value("messages_in_flight", channel=QUEUE) == 0)


def _check(metrics: Metrics, protocol: str, channel: str) -> None:
    where = {"protocol": protocol, "channel": channel}
    assert metrics.value("messages_handled_total", **where, event="UserCreated") == 3
    assert metrics.value("messages_retried_total", **where, event="UserCreated") == 3
    assert metrics.value("messages_dead_lettered_total", **where, event="UserCreated") == 2
    assert metrics.value("messages_dead_lettered_total", **where, event="") == 1
    assert metrics.value("messages_in_flight", **where) == 1
    bucket = "messages_handling_seconds_bucket"
    assert metrics.value(bucket, **where, event="UserCreated", le="+Inf") == 8
    assert metrics.value(bucket, **where, event="UserCreated", le="0.25") == 7, "one took 0.3 seconds"
    assert metrics.value(bucket, **where, event="UserCreated", le="10.0") == 8
    assert 0.3 <= metrics.value("messages_handling_seconds_sum", **where, event="UserCreated") < 5


@_on_kafka
async def test_a_stuck_handler_makes_the_service_unready_on_kafka(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service(STUCK_AFTER=1) as service:
        await users.send(user_on_kafka("u-1").wishing(WAITS))
        await until_unready(service, f"{TOPIC}[0]@0: its handler has been running for", why=users.package.logs)
        users.ledger.release()
        await until(service.is_ready, why=users.package.logs)


@_on_rabbit
async def test_a_stuck_handler_makes_the_service_unready_on_rabbit(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service(STUCK_AFTER=1) as service:
        await users.send(user_on_rabbit("u-1", WAITS))
        await until_unready(service, "its handler has been running for", why=users.package.logs)
        users.ledger.release()
        await until(service.is_ready, why=users.package.logs)


@_on_kafka
async def test_each_failure_is_one_line_with_its_place_and_without_the_payload_on_kafka(
    kafka_users: UsersOnKafka,
) -> None:
    users = kafka_users
    with users.service(RETRY_DELAY=0.01) as service:
        await users.send(user_on_kafka("first"), user_on_kafka("secret").wishing(FAILS), user_on_kafka("last"))
        await users.until_handled("first", "last")
        log = service.log.read_text()

    _check_log(log, f"{TOPIC}[0]@1", users.ledger.entries("began", user_id="secret")[0].event_id)


@_on_rabbit
async def test_each_failure_is_one_line_with_its_place_and_without_the_payload_on_rabbit(
    rabbit_users: UsersOnRabbit,
) -> None:
    users = rabbit_users
    with users.service(RETRY_DELAY=0.01) as service:
        await users.send(user_on_rabbit("first"), user_on_rabbit("secret", FAILS), user_on_rabbit("last"))
        await users.until_handled("first", "last")
        log = service.log.read_text()

    _check_log(log, QUEUE, users.ledger.entries("began", user_id="secret")[0].event_id)


def _check_log(log: str, place: str, event_id: str) -> None:
    lines = [line for line in log.splitlines() if event_id in line]
    assert len(lines) == 3
    for number, line in enumerate(lines, 1):
        assert place in line
        assert f"attempt {number}" in line
        assert "ConnectionError: the database is away" in line
    assert "dead-lettered" in lines[-1]
    assert "secret" not in log
    assert "Traceback" not in log
