"""Nothing is lost when a service is killed, nothing comes twice when it is stopped; on Apache Kafka."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest

from tests.brokers import Service
from tests.live.kafka_client import Record, committed, make_empty, read, send
from tests.live.ledger import WAITS
from tests.live.packages import ORDERS, FastStreamService, Package
from tests.live.users_on_kafka import UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_ORDERS: Final = "orders.v1"
_CATALOG: Final = "catalog.v1"


async def test_a_killed_service_loses_nothing(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    await users.send(user("u-1"), user("u-2").wishing(WAITS), user("u-3"))
    with users.service() as first:
        await users.until_began("u-2")
        await asyncio.sleep(1.2)  # a commit is due every second
        first.kill()
    assert await users.offset() <= 1, "what was in hand is not committed"

    users.ledger.release()
    with users.service():
        await until(lambda: "u-3" in users.ledger.column("user_id"), why=users.package.logs)
        await users.until_committed(3)

    assert users.ledger.column("user_id")[-2:] == ["u-2", "u-3"]
    first_time, second_time = users.ledger.entries("began", user_id="u-2")
    assert first_time.event_id == second_time.event_id, "by which its handler can know that it saw it before"
    assert await users.dead_letters() == []


@pytest.mark.parametrize("kind", [Service, FastStreamService], ids=["python -m", "faststream run"])
async def test_a_stopped_service_finishes_what_is_in_hand_and_nothing_comes_twice(
    kafka_users: UsersOnKafka, kind: type[Service]
) -> None:
    users = kafka_users
    await users.send(user("u-1"), Record(b"no json"), user("u-2").wishing(WAITS), user("u-3"))
    with users.service(kind) as first:
        await users.until_began("u-2")
        stopping = asyncio.create_task(asyncio.to_thread(first.stop))
        await until(lambda: "shutting down" in first.end_of_log())
        users.ledger.release()
        code = await stopping
        assert code == 0 or kind is FastStreamService, "whose exit code is not ours"
    await users.until_handled("u-1", "u-2")
    assert await users.offset() == 3

    with users.service() as second:
        await users.until_handled("u-1", "u-2", "u-3")
        assert second.stop() == 0

    assert await users.offset() == 4
    assert users.ledger.column("user_id", "began") == ["u-1", "u-2", "u-3"]
    assert len(await users.dead_letters()) == 1


async def test_topics_of_one_group_do_not_wait_for_each_other(apache_kafka: str, tmp_path: Path) -> None:
    await make_empty(apache_kafka, _ORDERS, _CATALOG, f"{_ORDERS}.dead", f"{_CATALOG}.dead")
    package = Package(tmp_path, ORDERS, "orders", "--protocol", "kafka")
    group = f"orders-{uuid4()}"
    with package.service({"KAFKA_SERVERS": apache_kafka, "FULFILMENT_GROUP_ID": group}):
        await send(apache_kafka, _ORDERS, _order_cancelled().wishing(WAITS))
        await until(lambda: package.ledger.entries("began"), why=package.logs)
        await send(apache_kafka, _CATALOG, Record(b"no json"), _price_changed("A"), _price_changed("B"))
        await until(lambda: len(package.ledger.entries()) == 2, why=package.logs)
        assert package.ledger.column("sku") == ["A", "B"]

        package.ledger.release()
        await send(apache_kafka, _ORDERS, _order_returned(), Record(b"no json either"))

        async def is_through() -> bool:
            return await committed(apache_kafka, group, _ORDERS, _CATALOG) == {_ORDERS: 3, _CATALOG: 3}

        await until(is_through, why=package.logs)

    assert [(entry.event, entry.operation) for entry in package.ledger.entries()] == [
        ("PriceChanged", "receiveCatalog"),
        ("PriceChanged", "receiveCatalog"),
        ("OrderCancelled", "receiveOrders"),
    ]
    assert [letter.body for letter in await read(apache_kafka, f"{_ORDERS}.dead")] == [b"no json either"]
    assert [letter.body for letter in await read(apache_kafka, f"{_CATALOG}.dead")] == [b"no json"]


def _order_cancelled() -> Record:
    payload = {"cancelledAt": "2026-03-01T10:05:00Z", "reason": "out-of-stock", "comment": None}
    return Record(json.dumps({"type": "OrderCancelled", "orderId": str(uuid4()), **payload}).encode(), _key())


def _order_returned() -> Record:
    """Give what the channel declares and the operation leaves out: on Kafka it is skipped."""
    payload = {"returnedOn": "2026-03-20", "quantities": {"CBL-USB-C": 1}}
    return Record(json.dumps({"type": "OrderReturned", "orderId": str(uuid4()), **payload}).encode(), _key())


def _key() -> bytes:
    return str(uuid4()).encode()


def _price_changed(sku: str) -> Record:
    price = {"price": {"amount": 9900, "currency": "EUR"}, "previousPrice": None, "validFrom": "2026-04-01"}
    payload = {"sku": sku, **price, "productPage": "https://shop.example.com"}
    return Record(json.dumps(payload).encode(), headers=[("event-type", b"PriceChanged")])
