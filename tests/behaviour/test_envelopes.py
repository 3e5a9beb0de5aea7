"""python-cqrs' envelope around a payload: seen in each body, always there, or never; in both of its spellings."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import cqrs
import pydantic
import pytest
from cqrs.serializers import default_serializer

from tests.behaviour.bodies import ORDER_KEY, USER, examples
from tests.generated import SPECS

if TYPE_CHECKING:
    from tests.generated import Generate, Package


IDENTITY = UUID("5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77")
TIME = datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
SNAKE = {
    "event_name": "UserCreated",
    "event_id": str(IDENTITY),
    "event_timestamp": "2026-03-01T09:30:00Z",
    "topic": "elsewhere",
    "payload": USER,
}
CAMEL = {
    "eventName": "UserCreated",
    "eventId": IDENTITY.hex,
    "eventTimestamp": "2026-03-01T09:30:00Z",
    "topic": "elsewhere",
    "payload": USER,
}


@pytest.fixture(scope="module", params=["auto", "cqrs", "none"])
def package(generate: Generate, request: pytest.FixtureRequest) -> Package:
    return generate(SPECS / "user-events-kafka" / "asyncapi.yaml", envelope=request.param)


def envelope_of(package: Package) -> str:
    return package.view.deserializers[0].envelope


async def send(package: Package, body: bytes, topic: str = "user_events") -> list[str]:
    """Send a body; gives the kinds of errors in dead letters."""
    async with package.traffic() as traffic:
        await traffic.kafka.publish(body, topic, key=ORDER_KEY)
    return [dead.headers["x-error-type"] for dead in traffic.dead]


async def test_a_bare_payload_is_taken_unless_an_envelope_is_due(package: Package) -> None:
    errors = await send(package, json.dumps(USER).encode())
    assert (package.names, errors) == (
        ([], ["UnknownMessage"]) if envelope_of(package) == "cqrs" else (["UserCreated"], [])
    )


@pytest.mark.parametrize("envelope", [SNAKE, CAMEL], ids=["snake_case", "camelCase"])
async def test_an_envelope_is_opened_unless_there_is_none(package: Package, envelope: dict[str, Any]) -> None:
    errors = await send(package, json.dumps(envelope).encode())
    if envelope_of(package) == "none":
        assert (package.names, errors) == ([], ["InvalidPayload"])
        return
    [(event, _)] = package.handled
    assert errors == []
    assert (event.event_id, event.event_timestamp, event.topic) == (IDENTITY, TIME, "elsewhere")
    assert event.to_dict()["payload"] == USER


@pytest.mark.parametrize("envelope", [SNAKE, CAMEL], ids=["snake_case", "camelCase"])
async def test_what_is_in_an_envelope_must_be_valid(kafka: Package, envelope: dict[str, Any]) -> None:
    assert await send(kafka, json.dumps({**envelope, "payload": {"user_id": "u-1"}}).encode()) == ["InvalidPayload"]
    assert await send(kafka, json.dumps({**envelope, "payload": None}).encode()) == ["InvalidPayload"]
    assert kafka.handled == []


async def test_what_an_envelope_does_not_say_its_record_says(kafka: Package) -> None:
    async with kafka.traffic() as traffic:
        body = json.dumps({"event_name": "UserCreated", "payload": USER}).encode()
        await traffic.kafka.publish(body, "user_events", timestamp_ms=1_772_357_400_000)
    [(event, message)] = kafka.handled
    assert (event.event_id, event.event_timestamp, event.topic) == (message.event_id, TIME, "user_events")


async def test_an_envelope_of_another_channel_is_refused(kafka: Package) -> None:
    assert await send(kafka, json.dumps({**SNAKE, "event_name": "OrderPlaced"}).encode()) == ["UnknownMessage"]
    assert kafka.handled == []


class Customer(pydantic.BaseModel):
    """A payload as a service in Python writes it, under the names of the contract."""

    user_id: str
    email: str
    name: str


class UserCreated(cqrs.PydanticNotificationEvent[Customer], frozen=True):
    """An event of python-cqrs with pydantic."""

    event_name: Literal["UserCreated"] = "UserCreated"


@dataclasses.dataclass
class Refund:
    """A part of the payload below."""

    amount: int
    currency: str


@dataclasses.dataclass
class Cancellation:
    """A payload that dataclass events write in camelCase, as `specs/orders` has it."""

    type: str
    order_id: str
    cancelled_at: str
    reason: str
    comment: str | None
    refund: Refund


class OrderCancelled(cqrs.DCNotificationEvent[Cancellation]):
    """An event of python-cqrs without pydantic."""

    event_name: str = "OrderCancelled"


class TestEventsOfPythonCqrs:
    """What its own serializer writes is read, and keeps its identity."""

    async def test_with_pydantic(self, kafka: Package) -> None:
        sent = UserCreated(payload=Customer(**USER), topic="users")
        assert await send(kafka, bytes(default_serializer(sent))) == []
        [(event, _)] = kafka.handled
        assert (event.event_id, event.topic, event.payload.email) == (sent.event_id, "users", "ada@example.com")

    async def test_with_dataclasses(self, orders: Package) -> None:
        payload = examples("order-cancelled")["paid-back"]
        sent = OrderCancelled(
            payload=Cancellation(
                payload["type"],
                payload["orderId"],
                payload["cancelledAt"],
                payload["reason"],
                payload["comment"],
                Refund(**payload["refund"]),
            )
        )
        body = bytes(default_serializer(sent))
        assert b'"eventName":"OrderCancelled"' in body
        assert await send(orders, body, "orders.v1") == []
        [(event, _)] = orders.handled
        assert event.event_id == sent.event_id
        assert event.to_dict()["payload"] == payload

    async def test_that_a_handler_forwards(self, orders: Package) -> None:
        """What came bare goes out in the envelope, and comes back the same."""
        assert await send(orders, json.dumps(examples("order-placed")["least"]).encode(), "orders.v1") == []
        [(first, _)] = orders.handled
        assert await send(orders, bytes(default_serializer(first)), "orders.v1") == []
        [(second, _)] = orders.handled
        assert second == first


DECLARED = """
asyncapi: 3.0.0
info: {title: Declared, version: 1.0.0}
channels:
  things:
    address: things
    bindings: {kafka: {}}
    messages:
      ThingMade:
        payload:
          type: object
          required: [event_name, event_id, payload]
          properties:
            event_name: {const: ThingMade}
            event_id: {type: string, format: uuid}
            event_timestamp: {type: string, format: date-time}
            payload: {type: object, required: [id], properties: {id: {type: string}}}
operations:
  receiveThings: {action: receive, channel: {$ref: '#/channels/things'}}
"""


async def test_an_envelope_that_the_contract_describes_is_the_payload(generate: Generate) -> None:
    package = generate(DECLARED)
    whole = {"event_name": "ThingMade", "event_id": str(IDENTITY), "payload": {"id": "1"}}
    assert await send(package, json.dumps(whole).encode(), "things") == []
    [(event, _)] = package.handled
    assert event.payload.payload.id == "1"
    assert event.to_dict()["payload"] == whole
    assert await send(package, b'{"event_name": "ThingMade", "payload": {"id": 1}}', "things") == ["InvalidPayload"]
    timed = {**whole, "event_timestamp": "2026-03-01T09:30:00Z"}
    assert await send(package, json.dumps(timed).encode(), "things") == []
    [(event, _)] = package.handled
    assert (event.event_id, event.event_timestamp) == (IDENTITY, TIME)


class TestDeserializers:
    """They serve alone, too: in tests, scripts, another framework."""

    def test_take_a_body_alone(self, kafka: Package) -> None:
        deserialize = kafka.module("contract.deserializers").deserialize_user_events
        event = deserialize(json.dumps(SNAKE).encode())
        assert type(event) is kafka.module("contract.events").UserCreated
        assert (event.event_id, event.payload.user_id) == (IDENTITY, "u-1")
        assert deserialize(json.dumps(USER).encode()).topic == "user_events"
        assert deserialize(None) is None

    def test_give_an_error_as_a_value(self, kafka: Package) -> None:
        error = kafka.module("contract.deserializers").deserialize_user_events(b'{"user_id": 1}')
        assert isinstance(error, cqrs.deserializers.DeserializeJsonError)
        assert error.message_data == b'{"user_id": 1}'
        assert "user_id: Input should be a valid string" in error.error_message
