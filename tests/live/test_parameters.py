"""Topics and routing keys with parameters, on real servers: that of specs/sensors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest
from aio_pika import Message

from tests.live.kafka_client import Record, make_empty, read, remove, send
from tests.live.packages import SENSORS, Package
from tests.live.rabbit_client import channel, take
from tests.live.rabbit_client import remove as remove_queues
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_MEASURED: Final = Record(json.dumps({"value": 21.5, "measuredAt": "2026-03-01T10:05:00Z"}).encode())
_DEAD_TOPIC: Final = "sensors.site.sensorId.measured.dead"
_QUEUE: Final = "sensors.alarms.site.level"


async def test_topics_come_while_the_service_runs(apache_kafka: str, tmp_path: Path) -> None:
    first, second, forbidden = (f"sensors.{site}.{uuid4()}.measured" for site in ("north", "south", "west"))
    await make_empty(apache_kafka, first, forbidden, f"{first}.more", _DEAD_TOPIC)
    package = Package(tmp_path, SENSORS, "sensors", "--protocol", "kafka")
    with package.service({"KAFKA_SERVERS": apache_kafka}):
        for topic in (first, forbidden, f"{first}.more"):
            await send(apache_kafka, topic, _MEASURED)
        await until(lambda: package.ledger.column("value") == [21.5], why=package.logs)
        await make_empty(apache_kafka, second)
        await send(apache_kafka, second, _MEASURED)
        await until(lambda: len(package.ledger.entries()) == 2, seconds=45, why=package.logs)
    assert [entry.topic for entry in package.ledger.entries()] == [first, second]
    [letter] = await read(apache_kafka, _DEAD_TOPIC)
    assert dict(letter.headers)["x-original-topic"] == forbidden.encode()
    assert dict(letter.headers)["x-error-type"] == b"InvalidParameter"
    await remove(apache_kafka, first, second, forbidden, f"{first}.more")


async def test_routing_keys(rabbit: str, tmp_path: Path) -> None:
    await remove_queues(rabbit, _QUEUE, f"{_QUEUE}.dead")
    package = Package(tmp_path, SENSORS, "sensors", "--protocol", "rabbit")
    with package.service({"RABBIT_URL": rabbit}):
        async with channel(rabbit) as opened:
            alarms = await opened.get_exchange("alarms")
            for key in ("alarms.north.1", "alarms.west.1", "alarms.south.5"):
                await alarms.publish(Message(json.dumps({"text": key}).encode()), key)
        await until(lambda: len(package.ledger.entries()) == 2, why=package.logs)
    assert sorted(package.ledger.column("text")) == ["alarms.north.1", "alarms.south.5"]
    [letter] = await take(rabbit, f"{_QUEUE}.dead")
    assert letter.headers["x-original-routing-key"] == "alarms.west.1"
