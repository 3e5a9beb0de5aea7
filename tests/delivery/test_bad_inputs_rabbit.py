"""Bad messages between good ones on RabbitMQ, all in one run of the service."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pytest
from aio_pika import Message

from tests.delivery.bad_inputs import BAD_INPUTS, BadInput
from tests.delivery.metrics import metrics_of
from tests.live.packages import LASTING_USERS_ON_RABBIT
from tests.live.users_on_rabbit import QUEUE, UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aio_pika.abc import AbstractIncomingMessage, HeadersType

    from tests.delivery.metrics import Metrics

pytestmark = pytest.mark.xdist_group("rabbit")

_ODD_HEADERS: Final[HeadersType] = {
    "binary": bytearray(b"\xff\x00"),
    "nothing": None,
    "number": 7,
    "fraction": 0.5,
    "truth": True,
    "when": datetime(2026, 3, 1, tzinfo=timezone.utc),
    "table": {"text": "é", "binary": bytearray(b"\x80")},
    "list": ["a", None, 1 << 40],
}


@dataclass
class Outcome:
    """What one run of the service made of everything."""

    good: list[str]
    handled: list[str]
    dead_letters: Mapping[str | None, AbstractIncomingMessage]
    """By the id that each bad message was sent with: its name."""
    order_of_dead_letters: list[str | None]
    left: list[bytes]
    metrics: Metrics
    exit_code: int | None
    log: str


@pytest.fixture(scope="module")
def outcome(rabbit: str, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    users = UsersOnRabbit(rabbit, tmp_path_factory.mktemp("bad-inputs"), LASTING_USERS_ON_RABBIT)
    return asyncio.run(_run(users))


async def _run(users: UsersOnRabbit) -> Outcome:
    await users.begin()
    good, messages = [], []
    for kind in BAD_INPUTS:
        good.append(f"before {kind.name}")
        headers = {**_ODD_HEADERS, **_amqp_headers(kind)}
        bad = Message(kind.body, message_id=kind.name, content_type=kind.content_type, headers=headers)
        messages += [user(good[-1]), bad]
    good += ["odd headers", "last"]
    messages += [Message(user("odd headers").body, headers=_ODD_HEADERS), user("last")]
    with users.service() as service:
        await users.send(*messages)
        with suppress(AssertionError):  # whatever is missing, the tests below tell
            await until(lambda: "last" in users.ledger.column("user_id"))
        metrics, code, log = metrics_of(service), service.stop(), service.log.read_text()
    letters = await users.dead_letters()
    return Outcome(
        good,
        users.ledger.column("user_id"),
        {letter.message_id: letter for letter in letters},
        [letter.message_id for letter in letters],
        await users.left(),
        metrics,
        code,
        log,
    )


def _amqp_headers(kind: BadInput) -> HeadersType:
    return {name: None if value is None else bytearray(value) for name, value in kind.headers.items()}


def test_good_messages_are_handled_in_order_and_once(outcome: Outcome) -> None:
    assert outcome.handled == outcome.good


def test_nothing_is_left_in_the_queue(outcome: Outcome) -> None:
    assert outcome.left == []
    assert outcome.exit_code == 0


def test_the_dead_letters_are_exactly_the_bad_messages(outcome: Outcome) -> None:
    expected: Sequence[str] = [kind.name for kind in BAD_INPUTS]

    assert outcome.order_of_dead_letters == expected


@pytest.mark.parametrize("kind", BAD_INPUTS, ids=lambda kind: kind.name)
def test_a_bad_message_is_dead_lettered_as_it_came_with_the_reasons(outcome: Outcome, kind: BadInput) -> None:
    letter = outcome.dead_letters[kind.name]

    assert letter.body == kind.body
    assert letter.content_type == kind.content_type
    assert {name: letter.headers[name] for name in _ODD_HEADERS} == _ODD_HEADERS
    assert {name: letter.headers[name] for name in kind.headers} == _amqp_headers(kind)
    own = {*_ODD_HEADERS, *kind.headers}
    reasons = {name: str(value) for name, value in letter.headers.items() if name not in own}
    failed_at = datetime.fromisoformat(reasons.pop("x-failed-at"))
    assert abs((datetime.now(timezone.utc) - failed_at).total_seconds()) < 300
    assert UUID(reasons.pop("x-event-id")).version == 5, "made from the message's id"
    text = reasons.pop("x-error")
    assert text
    assert "bad" not in text.lower(), "a reason repeats no payload"
    assert "9999" not in text
    assert reasons == {
        "x-error-type": kind.error_type,
        "x-attempts": "1",
        "x-original-exchange": "",
        "x-original-routing-key": QUEUE,
        "x-original-queue": QUEUE,
    }


def test_everything_is_counted(outcome: Outcome) -> None:
    assert outcome.metrics.value("messages_handled_total", channel=QUEUE, event="UserCreated") == len(outcome.good)
    assert outcome.metrics.value("messages_dead_lettered_total", channel=QUEUE, event="") == len(BAD_INPUTS)


def test_the_log_has_one_line_for_each_bad_message_and_no_payload(outcome: Outcome) -> None:
    lines = [line for line in outcome.log.splitlines() if "dead-lettered after attempt 1" in line]

    assert len(lines) == len(BAD_INPUTS)
    assert "bad@exam" not in outcome.log
    assert "Traceback" not in outcome.log
