"""What becomes of a message on RabbitMQ: handled, tried again, or dead-lettered as it came."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Final

import pytest
from aio_pika import DeliveryMode, Message

from tests.live.ledger import FAILS, FAILS_ONCE
from tests.live.packages import get
from tests.live.rabbit_client import remove
from tests.live.users_on_rabbit import DEAD, QUEUE, UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from aio_pika.abc import AbstractIncomingMessage, HeadersType

    from tests.brokers import Service

pytestmark = pytest.mark.xdist_group("rabbit")

_HEADERS: Final[HeadersType] = {
    "binary": bytearray(b"\xff\x00"),
    "nothing": None,
    "number": 7,
    "table": {"text": "é", "binary": bytearray(b"\x80")},
    "list": ["a", None],
}

_PROPERTIES: Final = (
    "content_type",
    "content_encoding",
    "correlation_id",
    "message_id",
    "reply_to",
    "type",
    "app_id",
    "priority",
    "timestamp",
)


async def test_bad_messages_are_dead_lettered_and_those_around_them_handled_in_order(
    rabbit_users: UsersOnRabbit,
) -> None:
    users = rabbit_users
    truncated = Message(
        b'{"user_id": "u-x", "email": "x@exam',
        headers=_HEADERS,
        content_type="application/json",
        content_encoding="identity",
        correlation_id="c-1815",
        message_id="m-1",
        reply_to="answers",
        type="UserCreated",
        app_id="shop",
        priority=3,
        timestamp=1_772_357_400,
    )
    incomplete = Message(b'{"user_id": "u-y"}', headers={"x-error": "of an earlier failure"})
    foreign = Message(b"<user/>", content_type="application/xml")
    with users.service():
        await users.send(user("u-1"), truncated, user("u-2"), incomplete, foreign, user("u-3"))
        await users.until_handled("u-1", "u-2", "u-3")

    first, second, third = await users.dead_letters()
    assert [letter.body for letter in (first, second, third)] == [truncated.body, incomplete.body, foreign.body]
    assert {name: first.headers[name] for name in _HEADERS} == _HEADERS
    kept = (
        "content_type",
        "content_encoding",
        "correlation_id",
        "message_id",
        "reply_to",
        "type",
        "app_id",
        "priority",
    )
    assert [getattr(first, name) for name in kept] == [getattr(truncated, name) for name in kept]
    assert first.delivery_mode is DeliveryMode.PERSISTENT
    _check_reasons(first, "NotJson")
    _check_reasons(second, "InvalidPayload")
    _check_reasons(third, "UnsupportedContent")
    assert "x@exam" not in str(first.headers["x-error"]), "a reason repeats no payload"
    assert "email" in str(second.headers["x-error"]), "it names the member that is missing"


async def test_headers_and_properties_reach_the_handler_as_they_were_sent(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    body = user("u-1").body
    with users.service():
        await users.send(Message(body, headers=_HEADERS, correlation_id="c-1815", message_id="m-1"))
        await users.until_handled("u-1")

    [entry] = users.ledger.entries()
    for header in (["binary", "\xff\x00"], ["nothing", None], ["number", "7"]):
        assert header in entry.headers
    assert entry.correlation_id == "c-1815"


async def test_a_failing_handler_is_tried_again_after_growing_waits_then_given_up(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service(RETRY_DELAY=0.4, ATTEMPTS=3):
        await users.send(user("u-1", FAILS), user("u-2", FAILS_ONCE), user("u-3"))
        await users.until_handled("u-2", "u-3")

    attempts = users.ledger.entries("began", user_id="u-1")
    assert [entry.attempt for entry in attempts] == [1, 2, 3]
    assert len({entry.event_id for entry in attempts}) == 1
    first, second, third = (entry.at for entry in attempts)
    assert second - first >= 0.2, "half of the wait is random"
    assert third - second >= 0.4
    assert [entry.attempt for entry in users.ledger.entries("began", user_id="u-2")] == [1, 2]
    assert await users.left() == []
    [letter] = await users.dead_letters()
    assert letter.body == user("u-1").body
    _check_reasons(letter, "ConnectionError", attempts=3)
    assert letter.headers["x-error"] == "the database is away"
    assert letter.headers["x-event-id"] == attempts[0].event_id


async def test_a_long_wait_holds_nobody_up(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    """With waits of 3 to 6 seconds a message waits in a queue, even when the service is stopped meanwhile."""
    settings = {"RETRY_DELAY": 6, "RETRY_DELAY_MAX": 6, "ATTEMPTS": 2}
    with users.service(**settings) as first:
        await users.send(user("u-1", FAILS_ONCE), user("u-2"))
        await users.until_handled("u-2")
        assert first.stop() == 0
    assert [entry.attempt for entry in users.ledger.entries("began", user_id="u-1")] == [1]

    with users.service(**settings):
        await users.until_handled("u-2", "u-1")

    first_attempt, second_attempt = users.ledger.entries("began", user_id="u-1")
    assert second_attempt.attempt == 2
    assert second_attempt.at - first_attempt.at >= 3
    assert second_attempt.event_id == first_attempt.event_id
    assert all(header in second_attempt.headers for header in first_attempt.headers)
    assert (await users.left(), await users.dead_letters()) == ([], [])


async def test_a_message_waits_while_its_dead_letter_cannot_be_written(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service(DEAD_LETTER_TIMEOUT=1, RETRY_DELAY_MAX=1) as service:
        await remove(users.address, DEAD)
        await users.send(user("u-1"), Message(b"no json"), user("u-2"))
        await until(lambda: _is_held_up(service), why=users.package.logs)
        await users.until_handled("u-1")

        await users.declare_dead_letters()
        await users.until_handled("u-1", "u-2")
        await until(service.is_ready, why=users.package.logs)

    assert [letter.body for letter in await users.dead_letters()] == [b"no json"]


async def test_a_service_stops_while_a_dead_letter_cannot_be_written_and_acknowledges_nothing(
    rabbit_users: UsersOnRabbit,
) -> None:
    users = rabbit_users
    with users.service(DEAD_LETTER_TIMEOUT=1, RETRY_DELAY_MAX=1) as service:
        await remove(users.address, DEAD)
        await users.send(Message(b"no json"), user("u-1"))
        await until(lambda: _is_held_up(service), why=users.package.logs)
        began = time.monotonic()
        assert await asyncio.to_thread(service.stop) == 0
        assert time.monotonic() - began < 5

    assert await users.left() == [b"no json", user("u-1").body]


def _is_held_up(service: Service) -> bool:
    status, reasons = get(service, "/ready")
    return status == 503 and "its dead letter cannot be written" in reasons


def _check_reasons(letter: AbstractIncomingMessage, kind: str, *, attempts: int = 1) -> None:
    expected = {
        "x-error-type": kind,
        "x-attempts": str(attempts),
        "x-original-exchange": "",
        "x-original-routing-key": QUEUE,
        "x-original-queue": QUEUE,
    }
    assert {name: letter.headers[name] for name in expected} == expected
