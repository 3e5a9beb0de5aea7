"""Kafka records without a value: skipped, or events with a handler, as the package was generated."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.behaviour.bodies import BODY
from tests.generated import SPECS

if TYPE_CHECKING:
    from tests.generated import Generate, Package

_OPTIONS: Final = Path(__file__).parents[1] / "golden" / "consumer_options" / "asyncapi.yaml"


@pytest.fixture(scope="module")
def options(generate: Generate) -> Package:
    return generate(_OPTIONS, tombstones="handle")


async def test_are_skipped_unless_somebody_handles_them(kafka: Package) -> None:
    async with kafka.traffic() as traffic:
        await traffic.kafka.publish(None, "user_events", key=b"u-1")
        await traffic.kafka.publish(BODY, "user_events")
    assert kafka.names == ["UserCreated"]
    assert traffic.dead == []
    assert not (kafka.folder / "handlers" / "tombstone.py").exists()
    assert f"{kafka.name}.contract.runtime.kafka.tombstones" not in sys.modules


async def test_are_events_with_the_key_and_the_topic(options: Package) -> None:
    async with options.traffic() as traffic:
        await traffic.kafka.publish(None, "stock.v1", key=b"\xff-1", headers={"trace": "t"}, timestamp_ms=5)
        await traffic.kafka.publish(b'{"sku": "A", "count": 1}', "stock.v1", key=b"A")
    assert options.names == ["Tombstone", "StockCounted"]
    event, message = options.handled[0]
    assert (event.key, event.topic, event.payload) == (b"\xff-1", "stock.v1", None)
    assert (event.event_id, event.event_timestamp) == (message.event_id, message.sent_at)
    assert (message.operation, message.body, message.header("trace")) == ("receiveStock", None, "t")
    assert traffic.dead == []


async def test_are_written_and_read_like_other_events(options: Package) -> None:
    async with options.traffic() as traffic:
        await traffic.kafka.publish(None, "stock.v1", key=b"\xff-1")
    [(event, _)] = options.handled
    written = event.to_dict()
    assert written["key"] == base64.urlsafe_b64encode(b"\xff-1").decode()
    assert type(event).from_dict(**written) == event


async def test_have_the_parameters_of_their_topic(options: Package) -> None:
    async with options.traffic() as traffic:
        await traffic.kafka.publish(None, "sensors.lab", key=b"s-1")
    [(event, message)] = options.handled
    assert (event.topic, message.parameters) == ("sensors.lab", {"site": "lab"})


async def test_are_tried_again_and_dead_lettered(options: Package) -> None:
    async def fail(_: Any) -> None:
        raise ConnectionError("the database is down")

    options.module("handlers.recorder").act = fail
    try:
        async with options.traffic() as traffic:
            await traffic.kafka.publish(None, "stock.v1", key=b"s-1")
    finally:
        options.module("handlers.recorder").act = None
    assert [message.attempt for _, message in options.handled] == [1, 2, 3]
    [dead] = traffic.dead
    assert (dead.address, dead.body, dead.raw.key) == ("stock.v1.dead", None, b"s-1")
    assert dead.headers["x-error"] == "the database is down"


async def test_with_a_forbidden_parameter_are_bad_input(generate: Generate) -> None:
    text = _OPTIONS.read_text(encoding="utf-8").replace("{description: Where it stands.}", "{enum: [lab]}")
    package = generate(text, tombstones="handle")
    async with package.traffic() as traffic:
        await traffic.kafka.publish(None, "sensors.roof", key=b"s-1")
    assert package.handled == []
    assert [dead.headers["x-error-type"] for dead in traffic.dead] == ["InvalidParameter"]


async def test_keep_their_subscriber_from_starting_while_they_have_no_handler(generate: Generate) -> None:
    package = generate(SPECS / "user-events-kafka" / "asyncapi.yaml", record=("user_created",), tombstones="handle")
    async with package.traffic() as traffic:
        await traffic.kafka.publish(BODY, "user_events")
    assert package.handled == []
    [reason] = package.adapters["kafka"].idle
    assert reason.endswith(f"Tombstone has no handler yet: {package.name}/handlers/tombstone.py")


def test_that_cannot_come_have_no_handler(generate: Generate) -> None:
    package = generate(SPECS / "user-events-rabbitmq" / "asyncapi.yaml", tombstones="handle")
    assert not (package.folder / "handlers" / "tombstone.py").exists()


async def test_come_to_channels_of_other_contents_too(generate: Generate) -> None:
    head, _, _ = _OPTIONS.read_text(encoding="utf-8").partition(
        "      payload:\n        type: object\n        required"
    )
    text = f"{head}      contentType: text/plain\n      payload: {{type: string}}\n"
    package = generate(text, tombstones="handle")
    async with package.traffic() as traffic:
        await traffic.kafka.publish(None, "stock.v1", key=b"A")
        await traffic.kafka.publish(b"counted", "stock.v1", key=b"A", headers={"content-type": "text/plain"})
    assert package.names == ["Tombstone", "StockCounted"]
    assert traffic.dead == []
