"""One service that receives from Kafka and RabbitMQ: that of specs/orders, with the examples of its contract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import pytest
import yaml
from aio_pika import Message
from aio_pika.exceptions import PublishError

from tests.brokers.ports import free_port
from tests.live.kafka_client import Record, committed, make_empty, read, send
from tests.live.packages import ORDERS, LiveService, Package, get
from tests.live.rabbit_client import channel, remove, take
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_TOPICS: Final = ("orders.v1", "catalog.v1", "orders.v1.dead", "catalog.v1.dead")
_DISPATCHED: Final = "orders.shipment.dispatched"
_PROBLEMS: Final = "orders.shipment.problem.*"
_QUEUES: Final = (_DISPATCHED, _PROBLEMS, f"{_DISPATCHED}.dead", f"{_PROBLEMS}.dead")


@pytest.fixture
async def settings(apache_kafka: str, rabbit: str) -> Mapping[str, str]:
    """Have topics and queues with nothing in them; gives the settings of a service for them."""
    await make_empty(apache_kafka, *_TOPICS)
    await remove(rabbit, *_QUEUES)
    return {"KAFKA_SERVERS": apache_kafka, "RABBIT_URL": rabbit, "FULFILMENT_GROUP_ID": f"orders-{uuid4()}"}


async def test_every_example_of_the_contract_reaches_its_handler(settings: Mapping[str, str], tmp_path: Path) -> None:
    kafka, rabbit = settings["KAFKA_SERVERS"], settings["RABBIT_URL"]
    package = Package(tmp_path, ORDERS, "orders")
    with package.service(settings):
        for file in ("order-placed", "order-returned", "order-cancelled"):
            await send(kafka, "orders.v1", *_records(file))
        for file in ("price-changed", "categories-published"):
            await send(kafka, "catalog.v1", *_records(file))
        await _publish(rabbit, "shipment.dispatched", "shipment-dispatched")
        await _publish(rabbit, "shipment.problem.delayed", "shipment-problems", "ShipmentDelayed")
        await _publish(rabbit, "shipment.problem.lost", "shipment-problems", "ShipmentLost")
        await until(lambda: len(package.ledger.entries()) >= 11, why=package.logs)

    handled = [(entry.event, entry.operation) for entry in package.ledger.entries()]
    assert sorted(handled) == [
        ("CategoriesPublished", "receiveCatalog"),
        ("OrderCancelled", "receiveOrders"),
        ("OrderCancelled", "receiveOrders"),
        ("OrderPlaced", "receiveOrders"),
        ("OrderPlaced", "receiveOrders"),
        ("PriceChanged", "receiveCatalog"),
        ("PriceChanged", "receiveCatalog"),
        ("ShipmentDelayed", "receiveShipmentProblems"),
        ("ShipmentDispatched", "receiveShipments"),
        ("ShipmentLost", "receiveShipmentProblems"),
        ("ShipmentLost", "receiveShipmentProblems"),
    ]
    assert await committed(kafka, settings["FULFILMENT_GROUP_ID"], "orders.v1", "catalog.v1") == {
        "orders.v1": 5,
        "catalog.v1": 3,
    }
    for topic in ("orders.v1.dead", "catalog.v1.dead"):
        assert await read(kafka, topic) == []
    for queue in _QUEUES:
        assert await take(rabbit, queue) == []


async def test_a_routing_key_is_bound_as_the_contract_says(settings: Mapping[str, str], tmp_path: Path) -> None:
    rabbit = settings["RABBIT_URL"]
    package = Package(tmp_path, ORDERS, "orders")
    bad = Message(b"no json")
    with package.service(settings):
        async with channel(rabbit) as opened:
            exchange = await opened.get_exchange("shipping")
            for routing_key in ("shipment", "shipment.problem", "shipment.problem.lost.twice", "shipment.returned"):
                with pytest.raises(PublishError):
                    await exchange.publish(bad, routing_key)
            await exchange.publish(bad, "shipment.problem.anything")
            await exchange.publish(bad, "shipment.dispatched")
        [problem] = await until(lambda: take(rabbit, f"{_PROBLEMS}.dead"), why=package.logs)
        [dispatched] = await until(lambda: take(rabbit, f"{_DISPATCHED}.dead"), why=package.logs)

    origin = ("x-original-exchange", "x-original-routing-key", "x-original-queue")
    assert [problem.headers[name] for name in origin] == ["shipping", "shipment.problem.anything", _PROBLEMS]
    assert [dispatched.headers[name] for name in origin] == ["shipping", "shipment.dispatched", _DISPATCHED]


async def test_unwritten_handlers_of_one_broker_leave_the_other_alone(
    settings: Mapping[str, str], tmp_path: Path
) -> None:
    package = Package(tmp_path, ORDERS, "orders", unwritten={"price_changed.py"})
    with package.service(settings, LiveService) as service:
        await until(lambda: "orders/handlers/price_changed.py" in get(service, "/ready")[1], why=package.logs)
        await send(settings["KAFKA_SERVERS"], "orders.v1", *_records("order-cancelled"))
        await _publish(settings["RABBIT_URL"], "shipment.dispatched", "shipment-dispatched")
        await until(package.ledger.entries, why=package.logs)

    assert [entry.event for entry in package.ledger.entries()] == ["ShipmentDispatched"]
    assert await committed(settings["KAFKA_SERVERS"], settings["FULFILMENT_GROUP_ID"], "orders.v1", "catalog.v1") == {}


@pytest.mark.parametrize("away", ["KAFKA_SERVERS", "RABBIT_URL"])
async def test_one_unreachable_broker_ends_the_service(settings: Mapping[str, str], away: str, tmp_path: Path) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    scheme = "amqp://" if away == "RABBIT_URL" else ""

    done = Package(tmp_path, ORDERS, "orders").service({**settings, away: scheme + nobody}).run()

    assert done.returncode == 1
    assert f"does not answer at {nobody}" in done.stderr
    assert "Traceback" not in done.stderr


def _examples(file: str, message: str | None = None) -> list[Any]:
    document = yaml.safe_load((ORDERS.parent / "messages" / f"{file}.yaml").read_text(encoding="utf-8"))
    return list((document[message] if message else document)["examples"])


def _records(file: str) -> list[Record]:
    return [
        Record(
            json.dumps(example["payload"]).encode(),
            example["payload"].get("orderId", "").encode() or None,
            [(name, value.encode()) for name, value in example.get("headers", {}).items()],
        )
        for example in _examples(file)
    ]


async def _publish(rabbit: str, routing_key: str, file: str, message: str | None = None) -> None:
    async with channel(rabbit) as opened:
        exchange = await opened.get_exchange("shipping")
        for example in _examples(file, message):
            body = json.dumps(example["payload"]).encode()
            await exchange.publish(Message(body, headers=example.get("headers")), routing_key)
