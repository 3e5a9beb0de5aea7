"""What becomes of a record on Apache Kafka: handled, skipped, tried again, or dead-lettered as it came."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.live.kafka_client import Record, make_empty, remove
from tests.live.ledger import FAILS, FAILS_ONCE
from tests.live.packages import get
from tests.live.users_on_kafka import DEAD, TOPIC, UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from tests.brokers import Service

pytestmark = pytest.mark.xdist_group("kafka")

_KEY: Final = b"\x80 is no UTF-8"
_HEADERS: Final = [("trace", b"\xff\x00"), ("nothing", None), ("trace", b"the same name again"), ("text", "é".encode())]


async def test_bad_records_are_dead_lettered_and_those_around_them_handled_in_order(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    truncated = Record(b'{"user_id": "u-x", "email": "x@exam', _KEY, _HEADERS)
    incomplete = Record(b'{"user_id": "u-y"}', None, [("x-error", b"of an earlier failure")])
    empty = Record(b"")
    with users.service():
        await users.send(user("u-1"), truncated, user("u-2"), incomplete, empty, user("u-3"))
        await users.until_handled("u-1", "u-2", "u-3")

    first, second, third = await users.dead_letters()
    assert (first.body, first.key, first.headers[: len(_HEADERS)]) == (truncated.body, _KEY, _HEADERS)
    assert (second.body, second.key) == (incomplete.body, None)
    assert (third.body, third.key) == (empty.body, None)
    _check_reasons(first, "NotJson", 1)
    _check_reasons(second, "InvalidPayload", 3)
    _check_reasons(third, "NotJson", 4)
    assert b"x@exam" not in _reason(first), "a reason repeats no payload"
    assert b"email" in _reason(second), "it names the member that is missing"
    assert [name for name, _ in second.headers].count("x-error") == 1, "the reasons of an earlier failure are replaced"


async def test_key_and_headers_reach_the_handler_as_they_were_sent(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service():
        await users.send(Record(user("u-1").body, _KEY, _HEADERS))
        await users.until_handled("u-1")

    [entry] = users.ledger.entries()
    assert entry.key == _KEY.decode("latin-1")
    assert [(name, None if value is None else value.encode("latin-1")) for name, value in entry.headers] == _HEADERS


async def test_a_tombstone_is_skipped(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service():
        await users.send(user("u-1"), Record(None, b"u-1"), user("u-2"))
        await users.until_handled("u-1", "u-2")
        await users.until_committed(3)

    assert await users.dead_letters() == []


async def test_a_failing_handler_is_tried_again_after_growing_waits_then_given_up(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    hopeless, hopeful = user("u-1").wishing(FAILS), user("u-2").wishing(FAILS_ONCE)
    with users.service(RETRY_DELAY=0.4, ATTEMPTS=3):
        await users.send(hopeless, hopeful, user("u-3"))
        await users.until_handled("u-2", "u-3")

    attempts = users.ledger.entries("began", user_id="u-1")
    assert [entry.attempt for entry in attempts] == [1, 2, 3]
    assert len({entry.event_id for entry in attempts}) == 1
    first, second, third = (entry.at for entry in attempts)
    assert second - first >= 0.2, "half of the wait is random"
    assert third - second >= 0.4
    later = users.ledger.entries("began", user_id="u-2")
    assert [entry.attempt for entry in later] == [1, 2]
    assert later[0].at > third, "the order of a partition is kept"
    [letter] = await users.dead_letters()
    assert (letter.body, letter.key) == (hopeless.body, hopeless.key)
    _check_reasons(letter, "ConnectionError", 0, attempts=3)
    assert _reason(letter) == b"the database is away"
    assert dict(letter.headers)["x-event-id"] == attempts[0].event_id.encode()


async def test_a_record_waits_while_its_dead_letter_cannot_be_written(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service(DEAD_LETTER_TIMEOUT=1, RETRY_DELAY_MAX=1) as service:
        await remove(users.address, DEAD)
        await users.send(user("u-1"), Record(b"no json"), user("u-2"))
        await until(lambda: _is_held_up(service), why=users.package.logs)
        await users.until_handled("u-1")
        await users.until_committed(1)

        await make_empty(users.address, DEAD)
        await users.until_handled("u-1", "u-2")
        await until(service.is_ready, why=users.package.logs)

    assert [letter.body for letter in await users.dead_letters()] == [b"no json"]


async def test_a_service_stops_while_a_dead_letter_cannot_be_written_and_commits_nothing(
    kafka_users: UsersOnKafka,
) -> None:
    users = kafka_users
    with users.service(DEAD_LETTER_TIMEOUT=1, RETRY_DELAY_MAX=1) as service:
        await remove(users.address, DEAD)
        await users.send(Record(b"no json"), user("u-1"))
        await until(lambda: TOPIC in get(service, "/ready")[1], why=users.package.logs)
        began = time.monotonic()
        assert await asyncio.to_thread(service.stop) == 0
        assert time.monotonic() - began < 5

    assert await users.offset() == 0
    await make_empty(users.address, DEAD)
    with users.service():
        await users.until_handled("u-1")
        await users.until_committed(2)
    assert [letter.body for letter in await users.dead_letters()] == [b"no json"]


def _is_held_up(service: Service) -> bool:
    status, reasons = get(service, "/ready")
    return status == 503 and f"{TOPIC}[0]@1: its dead letter cannot be written" in reasons


def _check_reasons(letter: Record, kind: str, offset: int, *, attempts: int = 1) -> None:
    headers = dict(letter.headers)
    assert headers["x-error-type"] == kind.encode()
    assert headers["x-attempts"] == str(attempts).encode()
    assert headers["x-original-topic"] == TOPIC.encode()
    assert headers["x-original-partition"] == b"0"
    assert headers["x-original-offset"] == str(offset).encode()


def _reason(letter: Record) -> bytes:
    return dict(letter.headers)["x-error"] or b""
