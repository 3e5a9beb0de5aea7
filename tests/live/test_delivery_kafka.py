"""What becomes of a record on Apache Kafka: handled, tried again, dead-lettered, and never lost."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest

from tests.brokers.ports import is_open
from tests.live.kafka_client import Record, committed, make_empty, read, remove, send
from tests.live.ledger import FAILS, FAILS_ONCE, WAITS
from tests.live.packages import ORDERS, USERS_ON_KAFKA, Package, get
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.brokers import Service

pytestmark = pytest.mark.xdist_group("kafka")

_TOPIC: Final = "user_events"
_DEAD: Final = "user_events.dead"
_HEADERS: Final = (("trace", b"\xff\x00"), ("nothing", None), ("trace", b"the same name again"), ("text", "é".encode()))
_SESSION_MS: Final = 6000
"""The shortest that Apache Kafka takes: so long it waits for a member that was killed."""


class _Users:
    """The service of specs/user-events-kafka in a group of its own, on topics that are empty at first."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.group = f"users-{uuid4()}"
        self.package = Package(folder, USERS_ON_KAFKA, "users")
        self.ledger = self.package.ledger

    def service(self, **settings: object) -> Service:
        """Give an instance, not yet started."""
        own = {"USER_EVENTS_GROUP_ID": self.group, "KAFKA_SESSION_TIMEOUT_MS": _SESSION_MS}
        return self.package.service({"KAFKA_SERVERS": self.address, **own, **settings})

    async def send(self, *records: Record) -> None:
        await send(self.address, _TOPIC, *records)

    async def until_handled(self, *names: str) -> None:
        """Wait until these users are handled; fail unless it was in this order, each once, and no other."""
        await until(lambda: len(self.ledger.entries()) >= len(names), why=self.package.logs)
        assert self.ledger.column("user_id") == list(names)

    async def until_began(self, name: str, times: int = 1) -> None:
        """Wait until the handler has begun so many attempts with this user."""
        await until(lambda: len(self.ledger.entries("began", user_id=name)) == times, why=self.package.logs)

    async def dead_letters(self) -> list[Record]:
        return await read(self.address, _DEAD)

    async def offset(self) -> int:
        """Give how far the group has come."""
        return (await committed(self.address, self.group)).get(_TOPIC, 0)


@pytest.fixture
async def users(apache_kafka: str, tmp_path: Path) -> _Users:
    await make_empty(apache_kafka, _TOPIC, _DEAD)
    return _Users(apache_kafka, tmp_path)


def _user(name: str) -> Record:
    payload = {"user_id": name, "email": f"{name}@example.com", "name": name}
    return Record(json.dumps(payload).encode(), name.encode())


async def test_malformed_records_are_dead_lettered_between_good_ones(users: _Users) -> None:
    truncated = Record(b'{"user_id": "u-x", "email": "x@exam', b"\x80key", _HEADERS)
    incomplete = Record(b'{"user_id": "u-y"}', None, [("x-error", b"of an earlier failure")])
    empty = Record(b"")
    with users.service():
        await users.send(_user("u-1"), truncated, _user("u-2"), incomplete, empty, _user("u-3"))
        await users.until_handled("u-1", "u-2", "u-3")

    dead = await users.dead_letters()
    assert [(letter.body, letter.key) for letter in dead] == [
        (truncated.body, truncated.key),
        (incomplete.body, incomplete.key),
        (empty.body, empty.key),
    ]
    assert tuple(dead[0].headers[: len(_HEADERS)]) == _HEADERS
    for letter, offset, kind in zip(dead, (1, 3, 4), ("NotJson", "InvalidPayload", "NotJson"), strict=True):
        reasons = dict(letter.headers)
        assert reasons["x-error-type"] == kind.encode()
        assert reasons["x-error"]
        assert b"x@exam" not in reasons["x-error"], "a reason repeats no payload"
        assert reasons["x-attempts"] == b"1"
        assert reasons["x-original-topic"] == _TOPIC.encode()
        assert reasons["x-original-partition"] == b"0"
        assert reasons["x-original-offset"] == str(offset).encode()
    assert [name for name, _ in dead[1].headers].count("x-error") == 1
    assert b"email" in (dict(dead[1].headers)["x-error"] or b""), "the reason names the member that is missing"


async def test_key_and_headers_reach_the_handler_as_they_were_sent(users: _Users) -> None:
    user = Record(_user("u-1").body, b"\x80key", _HEADERS)
    with users.service():
        await users.send(user)
        await users.until_handled("u-1")

    [entry] = users.ledger.entries()
    assert entry.key == "\x80key"
    assert [(name, None if value is None else value.encode("latin-1")) for name, value in entry.headers] == [*_HEADERS]


async def test_a_failing_handler_is_tried_again_with_growing_waits_then_dead_lettered(users: _Users) -> None:
    hopeless, hopeful = _user("u-1").wishing(FAILS), _user("u-2").wishing(FAILS_ONCE)
    with users.service(RETRY_DELAY=0.4, ATTEMPTS=3):
        await users.send(hopeless, hopeful, _user("u-3"))
        await users.until_handled("u-2", "u-3")

    attempts = users.ledger.entries("began", user_id="u-1")
    assert [entry.attempt for entry in attempts] == [1, 2, 3]
    first, second, third = (entry.at for entry in attempts)
    assert second - first >= 0.2, "half of the wait is random"
    assert third - second >= 0.4
    assert len({entry.event_id for entry in attempts}) == 1
    assert [entry.attempt for entry in users.ledger.entries("began", user_id="u-2")] == [1, 2]
    assert users.ledger.entries("began", user_id="u-2")[0].at > third, "the order of a partition is kept"
    [letter] = await users.dead_letters()
    assert (letter.body, letter.key) == (hopeless.body, hopeless.key)
    reasons = dict(letter.headers)
    assert (reasons["x-error-type"], reasons["x-error"]) == (b"ConnectionError", b"the database is away")
    assert (reasons["x-attempts"], reasons["x-event-id"]) == (b"3", attempts[0].event_id.encode())


async def test_a_tombstone_is_skipped(users: _Users) -> None:
    with users.service():
        await users.send(_user("u-1"), Record(None, b"u-1"), _user("u-2"))
        await users.until_handled("u-1", "u-2")
        await until(lambda: _equals(users.offset, 3))

    assert await users.dead_letters() == []


async def test_a_killed_service_loses_nothing(users: _Users) -> None:
    await users.send(_user("u-1"), _user("u-2").wishing(WAITS), _user("u-3"))
    first, second = users.service(), users.service()
    with first:
        await users.until_began("u-2")
        first.kill()
    assert await users.offset() <= 1

    users.ledger.release()
    with second:
        await until(lambda: "u-3" in users.ledger.column("user_id"), why=users.package.logs)
        await until(lambda: _equals(users.offset, 3))

    handled = users.ledger.column("user_id")
    assert set(handled) == {"u-1", "u-2", "u-3"}
    assert len(users.ledger.entries("began", user_id="u-2")) == 2
    assert handled.count("u-2") == handled.count("u-3") == 1
    assert await users.dead_letters() == []


async def test_a_stopped_service_finishes_the_record_in_hand_and_nothing_comes_twice(users: _Users) -> None:
    await users.send(_user("u-1"), Record(b"no json"), _user("u-2").wishing(WAITS), _user("u-3"))
    first, second = users.service(), users.service()
    with first:
        await users.until_began("u-2")
        stopping = asyncio.create_task(asyncio.to_thread(first.stop))
        await until(lambda: not is_open(first.port))  # it has heard the signal
        users.ledger.release()
        assert await stopping == 0
    await users.until_handled("u-1", "u-2")
    assert await users.offset() == 3

    with second:
        await users.until_handled("u-1", "u-2", "u-3")
        assert second.stop() == 0

    assert await users.offset() == 4
    assert users.ledger.column("user_id", "began") == ["u-1", "u-2", "u-3"]
    assert len(await users.dead_letters()) == 1


async def test_a_record_waits_when_its_dead_letter_cannot_be_written(users: _Users) -> None:
    with users.service(DEAD_LETTER_TIMEOUT=1, RETRY_DELAY_MAX=1) as service:
        await remove(users.address, _DEAD)
        await users.send(_user("u-1"), Record(b"no json"), _user("u-2"))
        status, reason = await until(lambda: _unready(service), why=users.package.logs)
        assert (status, await users.offset()) == (503, 1)
        assert f"{_TOPIC}[0]@1: its dead letter cannot be written" in reason

        await make_empty(users.address, _DEAD)
        await users.until_handled("u-1", "u-2")
        await until(service.is_ready)

    assert [letter.body for letter in await users.dead_letters()] == [b"no json"]


async def test_a_group_receives_several_topics_and_none_waits_for_another(apache_kafka: str, tmp_path: Path) -> None:
    orders, catalog = "orders.v1", "catalog.v1"
    await make_empty(apache_kafka, orders, catalog, f"{orders}.dead", f"{catalog}.dead")
    package = Package(tmp_path, ORDERS, "orders", "--protocol", "kafka")
    group = f"orders-{uuid4()}"
    with package.service({"KAFKA_SERVERS": apache_kafka, "FULFILMENT_GROUP_ID": group}):
        await send(apache_kafka, orders, _CANCELLED.wishing(WAITS))
        await until(lambda: package.ledger.entries("began"), why=package.logs)
        await send(apache_kafka, catalog, Record(b"no json"), _price_changed("A"), _price_changed("B"))
        await until(lambda: len(package.ledger.entries()) == 2, why=package.logs)
        assert package.ledger.column("sku") == ["A", "B"]

        package.ledger.release()
        await send(apache_kafka, orders, _RETURNED, Record(b"no json either"))
        await until(lambda: _equals(lambda: committed(apache_kafka, group), {orders: 3, catalog: 3}), why=package.logs)

    assert [(entry.event, entry.operation) for entry in package.ledger.entries()] == [
        ("PriceChanged", "receiveCatalog"),
        ("PriceChanged", "receiveCatalog"),
        ("OrderCancelled", "receiveOrders"),
    ]
    assert [letter.body for letter in await read(apache_kafka, f"{orders}.dead")] == [b"no json either"]
    assert [letter.body for letter in await read(apache_kafka, f"{catalog}.dead")] == [b"no json"]


def _unready(service: Service) -> tuple[int, str] | None:
    status, reason = get(service, "/ready")
    return None if status == 204 else (status, reason)


async def _equals(probe: Callable[[], Awaitable[object]], wanted: object) -> bool:
    return await probe() == wanted


_ORDER: Final = "0b1d3c9e-5a0f-4a55-9d8e-2f6f3a1c7b10"
_RETURNED: Final = Record(
    json.dumps(
        {"type": "OrderReturned", "orderId": _ORDER, "returnedOn": "2026-03-20", "quantities": {"CBL-USB-C": 1}}
    ).encode()
)
_CANCELLED: Final = Record(
    json.dumps(
        {
            "type": "OrderCancelled",
            "orderId": _ORDER,
            "cancelledAt": "2026-03-01T10:05:00Z",
            "reason": "out-of-stock",
            "comment": None,
        }
    ).encode()
)


def _price_changed(sku: str) -> Record:
    payload = {
        "sku": sku,
        "price": {"amount": 9900, "currency": "EUR"},
        "previousPrice": None,
        "validFrom": "2026-04-01",
        "productPage": "https://shop.example.com",
    }
    return Record(json.dumps(payload).encode(), headers=[("event-type", b"PriceChanged")])
