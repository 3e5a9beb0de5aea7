"""What stands in an address for its parameters reaches the handler, checked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from tests.generated import SPECS, Package

if TYPE_CHECKING:
    from tests.generated import Generate

SENSOR = "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77"
MEASURED = json.dumps({"value": 21.5, "measuredAt": "2026-03-01T10:05:00Z"}).encode()
ALARM = json.dumps({"text": "The door is open."}).encode()


@pytest.fixture(scope="module")
def sensors(generate: Generate) -> Package:
    return generate(SPECS / "sensors" / "asyncapi.yaml")


async def test_of_a_topic_are_typed_and_the_event_has_the_topic(sensors: Package) -> None:
    topic = f"sensors.north.{SENSOR}.measured"
    async with sensors.traffic() as traffic:
        await traffic.kafka.publish(MEASURED, topic)
    [(event, message)] = sensors.handled
    assert message.parameters == {"site": "north", "sensorId": UUID(SENSOR)}
    assert event.topic == message.topic == topic
    assert traffic.dead == []


async def test_of_a_routing_key_are_typed_and_the_event_has_the_key(sensors: Package) -> None:
    async with sensors.traffic() as traffic:
        await traffic.rabbit.publish(ALARM, exchange="alarms", routing_key="alarms.south.3")
    [(event, message)] = sensors.handled
    assert message.parameters == {"site": "south", "level": 3}
    assert event.topic == message.routing_key == "alarms.south.3"


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        (f"sensors.west.{SENSOR}.measured", "parameter 'site': Input should be 'north' or 'south'"),
        ("sensors.north.7.measured", "parameter 'sensorId': Input should be a valid UUID"),
    ],
)
async def test_that_the_contract_forbids_are_bad_input(sensors: Package, topic: str, reason: str) -> None:
    async with sensors.traffic() as traffic:
        await traffic.kafka.publish(MEASURED, topic)
    [dead] = traffic.dead
    assert dead.address == "sensors.site.sensorId.measured.dead"
    assert (dead.body, dead.headers["x-error-type"], dead.headers["x-error"]) == (MEASURED, "InvalidParameter", reason)
    assert dead.headers["x-original-topic"] == topic
    assert sensors.handled == []


async def test_of_a_routing_key_that_the_contract_forbids_are_bad_input(sensors: Package) -> None:
    async with sensors.traffic() as traffic:
        await traffic.rabbit.publish(ALARM, exchange="alarms", routing_key="alarms.south.high")
    [dead] = traffic.dead
    assert dead.headers["x-error-type"] == "InvalidParameter"
    assert dead.headers["x-original-routing-key"] == "alarms.south.high"
    assert "high" not in dead.headers["x-error"]


@pytest.mark.parametrize(
    "topic",
    [
        f"sensors.north.{SENSOR}.measured.dead",
        f"sensors.north.more.{SENSOR}.measured",
        f"all.sensors.north.{SENSOR}.measured",
        f"sensorsXnorth.{SENSOR}.measured",
    ],
)
async def test_topics_that_only_look_alike_are_not_received(sensors: Package, topic: str) -> None:
    async with sensors.traffic() as traffic:
        await traffic.kafka.publish(MEASURED, topic)
    assert (sensors.handled, traffic.dead) == ([], [])


async def test_a_body_alone_is_read_without_them(sensors: Package) -> None:
    deserializers = sensors.module("contract.deserializers")
    event = deserializers.deserialize_sensors_site_sensor_id_measured(MEASURED)
    assert event.topic == "sensors.{site}.{sensorId}.measured"
