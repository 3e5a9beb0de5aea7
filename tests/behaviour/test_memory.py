"""From a message to its handler and out again: what handlers get, what becomes of messages that they refuse."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pydantic
import pytest

from tests.behaviour.bodies import BODY, ORDER_KEY, USER, examples

if TYPE_CHECKING:
    from tests.generated import Package


class TestEvents:
    """What a handler gets is the event alone, typed, and exactly what was on the wire."""

    async def test_are_typed(self, orders: Package) -> None:
        payload = examples("order-placed")["everything"]
        async with orders.traffic() as traffic:
            await traffic.kafka.publish(json.dumps(payload).encode(), "orders.v1", key=ORDER_KEY)
        [(event, _)] = orders.handled
        models = orders.module("contract.models")
        assert type(event) is orders.module("contract.events").OrderPlaced
        assert type(event.payload) is models.PlacedOrder
        assert event.payload.order_id == UUID("0b1d3c9e-5a0f-4a55-9d8e-2f6f3a1c7b10")
        assert event.payload.placed_at == datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
        assert event.payload.deliver_on == date(2026, 3, 8)
        assert event.payload.sales_channel is models.SalesChannel.APP
        assert event.payload.items[1].unit_price.amount == 750

    @pytest.mark.parametrize("name", ["everything", "least"])
    async def test_are_written_as_they_came(self, orders: Package, name: str) -> None:
        payload = {**examples("order-placed")[name], "x-new": {"members": ["are", None, 1.5]}}
        async with orders.traffic() as traffic:
            await traffic.kafka.publish(json.dumps(payload).encode(), "orders.v1", key=ORDER_KEY)
        [(event, _)] = orders.handled
        assert event.to_dict()["payload"] == payload

    async def test_hold_nothing_of_the_broker(self, orders: Package) -> None:
        async with orders.traffic() as traffic:
            await traffic.kafka.publish(
                json.dumps(examples("order-placed")["least"]).encode(), "orders.v1", key=ORDER_KEY, headers={"a": "b"}
            )
        [(event, message)] = orders.handled
        assert set(event.to_dict()) == {"event_name", "event_id", "event_timestamp", "topic", "payload"}
        assert (event.event_name, event.topic) == ("OrderPlaced", "orders.v1")
        assert (event.event_id, event.event_timestamp) == (message.event_id, message.sent_at)
        with pytest.raises(pydantic.ValidationError, match="frozen"):
            event.topic = "other"

    async def test_are_rebuilt_from_what_was_written(self, orders: Package) -> None:
        async with orders.traffic() as traffic:
            await traffic.kafka.publish(
                json.dumps(examples("order-placed")["everything"]).encode(), "orders.v1", key=ORDER_KEY
            )
        [(event, _)] = orders.handled
        assert type(event).from_dict(**event.to_dict()) == event


class TestCurrentMessage:
    """What was around the event."""

    async def test_is_the_record(self, orders: Package) -> None:
        headers = {"correlation-id": "c-1", "trace": "t"}
        async with orders.traffic() as traffic:
            body = json.dumps(examples("order-cancelled")["paid-back"]).encode()
            await traffic.kafka.publish(
                body, "orders.v1", key=ORDER_KEY, headers=headers, timestamp_ms=1_772_357_400_000
            )
        [(event, message)] = orders.handled
        assert type(message).__name__ == "KafkaMessage"
        assert (message.topic, message.partition, message.offset, message.key) == ("orders.v1", 0, 0, ORDER_KEY)
        assert (message.body, message.attempt, message.operation) == (body, 1, "receiveOrders")
        assert (message.header("trace"), message.header("nothing")) == ("t", None)
        assert ("trace", b"t") in message.headers
        assert event.event_timestamp == datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)

    async def test_is_the_message_of_a_queue(self, orders: Package) -> None:
        async with orders.traffic() as traffic:
            await traffic.rabbit.publish(
                json.dumps(examples("shipment-dispatched")["two-parcels"]).encode(),
                exchange="shipping",
                routing_key="shipment.dispatched",
                headers={"n": 1, "text": "t"},
                message_id="m-1",
                correlation_id="c-1",
            )
        [(event, message)] = orders.handled
        assert isinstance(message, orders.module("contract").RabbitMessage)
        assert (message.exchange, message.routing_key) == ("shipping", "shipment.dispatched")
        assert message.queue == f"{orders.name}.shipment.dispatched"
        assert (message.message_id, message.correlation_id, message.operation) == ("m-1", "c-1", "receiveShipments")
        assert (message.header("text"), message.header("n"), message.amqp_headers["n"]) == ("t", "1", 1)
        assert event.event_id == message.event_id

    def test_is_none_outside_a_handler(self, orders: Package) -> None:
        with pytest.raises(LookupError):
            orders.module("contract").current_message()


class TestIdentity:
    """Who an event is, so that a handler knows one that it has had before."""

    async def test_of_a_record_is_its_place(self, kafka: Package) -> None:
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish(BODY, "user_events", timestamp_ms=5)
            await traffic.kafka.publish(BODY, "user_events", timestamp_ms=5)
            await traffic.kafka.publish(BODY, "user_events", timestamp_ms=6)
        first, second, third = (event.event_id for event, _ in kafka.handled)
        assert first == second != third  # brokers in memory count no offsets

    async def test_of_a_message_is_its_id(self, rabbit: Package) -> None:
        async with rabbit.traffic() as traffic:
            for message_id in ("5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77", "m-1", "m-1", "m-2"):
                await traffic.rabbit.publish(BODY, "user_events", message_id=message_id)
        identities = [event.event_id for event, _ in rabbit.handled]
        assert identities[0] == UUID("5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77")
        assert identities[1] == identities[2] != identities[3]

    async def test_survives_the_dead_letter(self, kafka: Package) -> None:
        _fail_always(kafka)
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish(BODY, "user_events")
            [(event, _), *_] = kafka.handled
            kafka.module("handlers.recorder").act = None
            [dead] = traffic.dead
            await traffic.kafka.publish(dead.body, "user_events", headers=dict(dead.headers), timestamp_ms=9)
        assert kafka.handled[-1][0].event_id == event.event_id


class TestFailures:
    """A message that a handler fails on is tried again, and dead-lettered as it came."""

    async def test_on_kafka_are_tried_again_and_dead_lettered(self, kafka: Package) -> None:
        _fail_always(kafka)
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish(BODY, "user_events", key=b"u-1", headers={"trace": "t"})
        assert [message.attempt for _, message in kafka.handled] == [1, 2, 3]
        [dead] = traffic.dead
        assert (dead.address, dead.body, dead.raw.key) == ("user_events.dead", BODY, b"u-1")
        assert _headers(dead) == {
            "trace": "t",
            "x-error": "the database is down",
            "x-error-type": "ConnectionError",
            "x-attempts": "3",
            "x-event-id": str(kafka.handled[0][0].event_id),
            "x-original-topic": "user_events",
            "x-original-partition": "0",
            "x-original-offset": "0",
        }
        assert datetime.fromisoformat(dead.headers["x-failed-at"]).tzinfo is not None

    async def test_on_rabbitmq_are_tried_again_and_dead_lettered(self, rabbit: Package) -> None:
        _fail_always(rabbit)
        async with rabbit.traffic() as traffic:
            await traffic.rabbit.publish(
                BODY, "user_events", headers={"n": 1}, message_id="m-1", correlation_id="c-1", priority=3
            )
        assert [message.attempt for _, message in rabbit.handled] == [1, 2, 3]
        [dead] = traffic.dead
        assert (dead.address, dead.body, dead.raw.message_id) == ("user_events.dead", BODY, "m-1")
        assert (dead.raw.correlation_id, dead.raw.priority) == ("c-1", 3)
        assert _headers(dead) == {
            "n": 1,
            "x-error": "the database is down",
            "x-error-type": "ConnectionError",
            "x-attempts": "3",
            "x-event-id": str(rabbit.handled[0][0].event_id),
            "x-original-exchange": "",
            "x-original-routing-key": "user_events",
            "x-original-queue": "user_events",
        }

    @pytest.mark.parametrize("protocol", ["kafka", "rabbit"])
    async def test_that_pass_are_handled_in_the_end(self, protocol: str, request: pytest.FixtureRequest) -> None:
        package: Package = request.getfixturevalue(protocol)

        async def fail_once(_: Any) -> None:
            if package.handled[-1][1].attempt == 1:
                raise ConnectionError

        package.module("handlers.recorder").act = fail_once
        async with package.traffic() as traffic:
            await getattr(traffic, protocol).publish(BODY, "user_events")
        assert [message.attempt for _, message in package.handled] == [1, 2]
        assert traffic.dead == []

    @pytest.mark.parametrize("protocol", ["kafka", "rabbit"])
    async def test_that_are_final_are_not_tried_again(self, protocol: str, request: pytest.FixtureRequest) -> None:
        package: Package = request.getfixturevalue(protocol)

        async def reject(_: Any) -> None:
            raise package.module("contract").RejectMessage("nobody has that id")

        package.module("handlers.recorder").act = reject
        async with package.traffic() as traffic:
            await getattr(traffic, protocol).publish(BODY, "user_events")
        assert len(package.handled) == 1
        [dead] = traffic.dead
        assert (dead.headers["x-error"], dead.headers["x-error-type"]) == ("nobody has that id", "RejectMessage")
        assert (dead.body, dead.headers["x-attempts"]) == (BODY, "1")

    async def test_may_say_when_to_come_back(self, kafka: Package) -> None:
        times: list[float] = []

        async def later(_: Any) -> None:
            times.append(datetime.now(tz=timezone.utc).timestamp())
            if len(times) == 1:
                raise kafka.module("contract").RetryLater(0.15, "the table is locked")

        kafka.module("handlers.recorder").act = later
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish(BODY, "user_events")
        assert times[1] - times[0] >= 0.15
        assert traffic.dead == []

    async def test_never_hold_up_the_next_message(self, kafka: Package) -> None:
        async def fail_on_the_first(event: Any) -> None:
            if event.payload.user_id == "u-1":
                raise ValueError("u-1")

        kafka.module("handlers.recorder").act = fail_on_the_first
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish_batch(USER, {**USER, "user_id": "u-2"}, topic="user_events")
        assert kafka.handled[-1][0].payload.user_id == "u-2"
        assert len(traffic.dead) == 1


class TestBadInput:
    """What no handler gets: dead-lettered at once, and the reason never repeats what came."""

    @pytest.mark.parametrize("protocol", ["kafka", "rabbit"])
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b'{"user_id": "secret', "NotJson"),
            (b"", "NotJson"),
            (b"\xff\xfe", "NotJson"),
            (b'{"user_id": "secret", "user_id": "secret", "email": "", "name": ""}', "NotJson"),
            (b'{"user_id": "secret"}', "InvalidPayload"),
            (b'{"user_id": "secret", "email": null, "name": ""}', "InvalidPayload"),
            (b'"secret"', "InvalidPayload"),
            (b"null", "InvalidPayload"),
        ],
    )
    async def test_is_dead_lettered(
        self, protocol: str, body: bytes, kind: str, request: pytest.FixtureRequest
    ) -> None:
        package: Package = request.getfixturevalue(protocol)
        async with package.traffic() as traffic:
            await getattr(traffic, protocol).publish(body, "user_events")
        assert package.handled == []
        [dead] = traffic.dead
        assert (dead.body, dead.headers["x-error-type"], dead.headers["x-attempts"]) == (body, kind, "1")
        assert "secret" not in dead.headers["x-error"]

    async def test_is_not_a_tombstone(self, kafka: Package) -> None:
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish(None, "user_events", key=b"u-1")
        assert (kafka.handled, traffic.dead) == ([], [])

    @pytest.mark.parametrize("content_type", ["text/xml", "application/avro", "text/plain; charset=utf-8"])
    async def test_is_what_has_another_content_type(self, kafka: Package, rabbit: Package, content_type: str) -> None:
        async with kafka.traffic() as traffic:
            await traffic.kafka.publish(BODY, "user_events", headers={"content-type": content_type})
        assert [dead.headers["x-error-type"] for dead in traffic.dead] == ["UnsupportedContent"]
        async with rabbit.traffic() as traffic:
            await traffic.rabbit.publish(BODY, "user_events", content_type=content_type)
        assert [dead.headers["x-error-type"] for dead in traffic.dead] == ["UnsupportedContent"]
        assert kafka.handled == rabbit.handled == []

    @pytest.mark.parametrize(
        "content_type", ["application/json", "application/json; charset=utf-8", "application/vnd.user+json", ""]
    )
    async def test_is_not_json_under_another_name(self, rabbit: Package, content_type: str) -> None:
        async with rabbit.traffic() as traffic:
            await traffic.rabbit.publish(BODY, "user_events", content_type=content_type or None)
        assert rabbit.names == ["UserCreated"]


def _fail_always(package: Package) -> None:
    async def fail(_: Any) -> None:
        raise ConnectionError("the database is down")

    package.module("handlers.recorder").act = fail


def _headers(dead: Any) -> dict[str, Any]:
    """Give the headers without those that FastStream's brokers in memory add, and without the time."""
    return {
        name: value
        for name, value in dead.headers.items()
        if name not in {"content-type", "correlation_id", "x-failed-at"}
    }
