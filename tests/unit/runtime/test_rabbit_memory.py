"""RabbitMQ without RabbitMQ: subscriptions under FastStream's test broker, and what happens around a live one."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, cast

import cqrs
import di
import pytest
from aio_pika.exceptions import ChannelNotFoundEntity, ChannelPreconditionFailed
from faststream.rabbit import RabbitBroker, TestRabbitBroker
from faststream.rabbit.testing import build_message
from pydantic import BaseModel
from runtime.adapter import CannotStart
from runtime.decoding import Deserializer, Known, LeftOut
from runtime.dispatch import build_mediator
from runtime.events import Event
from runtime.failure import Failure
from runtime.message import Message, RabbitMessage, current_message
from runtime.rabbit import Binding, Exchange, Queue, Rabbit, RabbitSettings, Received, Subscription
from runtime.rabbit.arrival import Arrival, arrival
from runtime.rabbit.declarations import Declarations
from runtime.rabbit.parking import Parking

from .counts import Counts, counted

if TYPE_CHECKING:
    from runtime.rabbit.copies import Copies


class ShipmentPayload(BaseModel):
    """What the messages of these tests hold."""

    shipment_id: str


class ArchivePayload(BaseModel):
    """The payload of a message that no operation receives."""

    archive: str


class ShipmentDispatched(Event[ShipmentPayload], frozen=True):
    """An event with a handler."""

    event_name: Literal["ShipmentDispatched"] = "ShipmentDispatched"


class ShipmentLost(Event[ShipmentPayload], frozen=True):
    """An event whose handler is not written yet."""

    event_name: Literal["ShipmentLost"] = "ShipmentLost"


handled: list[tuple[str, RabbitMessage, int]] = []


class ShipmentDispatchedHandler(cqrs.EventHandler[ShipmentDispatched]):
    """Fails as often as the id says."""

    async def handle(self, event: ShipmentDispatched) -> None:
        message = current_message()
        assert isinstance(message, RabbitMessage)
        handled.append((event.payload.shipment_id, message, message.attempt))
        if message.attempt <= event.payload.shipment_id.count("!"):
            raise OSError("down")


class ShipmentLostHandler(cqrs.EventHandler[ShipmentLost]):
    """A stub."""

    async def handle(self, event: ShipmentLost) -> None:
        raise NotImplementedError


def events_mapper(mapper: cqrs.EventMap[Any]) -> None:
    mapper.bind(ShipmentDispatched, ShipmentDispatchedHandler)
    mapper.bind(ShipmentLost, ShipmentLostHandler)


read = Deserializer(
    "shipments",
    envelope="auto",
    messages=(Known(ShipmentDispatched, ShipmentPayload), LeftOut("Archived", ArchivePayload)),
)
EVENTS = Exchange("events", type="topic")


class Settings(RabbitSettings, env_prefix="TESTED_"):
    """The settings of a package, with short waits."""

    rabbit_url: str = "amqp://user:password@127.0.0.1:1/vhost"
    retry_delay: float = 0.001


class Service:
    """The modules of a package that are about RabbitMQ."""

    def __init__(self, **settings: Any) -> None:
        self.rabbit = Rabbit(Settings(**settings))
        self.mediator = build_mediator(events_mapper, di.Container())
        self.dead: list[Received] = []

    @property
    def broker(self) -> RabbitBroker:
        return self.rabbit.broker

    def receive(
        self,
        queue: str,
        *bindings: Binding,
        event: type[cqrs.IEvent] = ShipmentDispatched,
        acknowledges_first: bool = False,
    ) -> Subscription:
        subscription = self.rabbit.subscription(
            Queue(queue),
            *bindings,
            deserialize=read,
            operations={event: "receiveShipments"},
            mediator=self.mediator,
            prepare=_unchanged,
            acknowledges_first=acknowledges_first,
        )

        @subscription.subscriber
        async def _on_message(received: Received) -> None:
            await subscription.take(received)

        return subscription

    def look_at(self, queue: str) -> None:
        @self.broker.subscriber(queue, decoder=_undecoded)
        async def _on_dead(message: Received) -> None:
            self.dead.append(message)


async def _undecoded(message: Received) -> Received:
    return message


async def _unchanged(body: bytes, _: Message) -> bytes:
    return body


@pytest.fixture(autouse=True)
def _nothing_handled() -> None:
    handled.clear()


def counts(subscription: Subscription) -> Counts:
    return counted(subscription.observe())


async def test_messages_are_handled_in_place() -> None:
    service = Service()
    service.receive("direct")
    service.receive("bound", Binding(EVENTS, "shipment.*"))
    async with TestRabbitBroker(service.broker) as broker:
        await broker.publish({"shipment_id": "1"}, "direct", headers={"a": "b", "n": 1})
        await broker.publish({"shipment_id": "2"}, exchange="events", routing_key="shipment.dispatched")
    assert [(name, m.queue, m.exchange, m.routing_key, m.operation) for name, m, _ in handled] == [
        ("1", "direct", "", "direct", "receiveShipments"),
        ("2", "bound", "events", "shipment.dispatched", "receiveShipments"),
    ]
    assert handled[0][1].amqp_headers["n"] == 1


async def test_failures_are_tried_again_and_dead_lettered_as_they_came() -> None:
    service = Service()
    subscription = service.receive("shipments")
    service.look_at("shipments.dead")
    async with TestRabbitBroker(service.broker) as broker:
        await broker.publish({"shipment_id": "once!"}, "shipments")
        await broker.publish({"shipment_id": "always!!!"}, "shipments", headers={"n": 1}, message_id="m-1")
        await broker.publish(b"{bad", "shipments")
        await broker.publish({"archive": "x"}, "shipments")
    assert [(name, attempt) for name, _, attempt in handled] == [
        ("once!", 1),
        ("once!", 2),
        ("always!!!", 1),
        ("always!!!", 2),
        ("always!!!", 3),
    ]
    failed, bad, left_out = service.dead
    assert (failed.body, failed.message_id, failed.headers["n"]) == (b'{"shipment_id":"always!!!"}', "m-1", 1)
    assert (failed.headers["x-error"], failed.headers["x-attempts"]) == ("down", "3")
    assert (failed.headers["x-original-exchange"], failed.headers["x-original-queue"]) == ("", "shipments")
    assert bad.headers["x-error-type"] == "NotJson"
    assert left_out.headers["x-error"] == "no operation receives 'Archived'"
    assert counts(subscription) == Counts(handled=1, retried=3, dead_lettered=3)


async def test_a_dead_letter_that_nobody_looks_at_is_written_all_the_same() -> None:
    service = Service()
    subscription = service.receive("shipments")
    async with TestRabbitBroker(service.broker) as broker:
        await broker.publish(b"{bad", "shipments")
    assert counts(subscription) == Counts(dead_lettered=1)


async def test_under_a_test_broker_nothing_is_connected_to() -> None:
    service = Service()
    service.receive("shipments")
    async with TestRabbitBroker(service.broker):
        await service.rabbit.start()
        await service.rabbit.stop()
        await service.rabbit.close()


async def test_when_the_service_stops_nothing_is_begun_and_no_retry_is_waited_for() -> None:
    service = Service(retry_delay=1.9)
    subscription = service.receive("shipments")
    async with TestRabbitBroker(service.broker) as broker:
        waiting = asyncio.create_task(broker.publish({"shipment_id": "!"}, "shipments"))
        await asyncio.sleep(0.01)
        await service.rabbit.stop()
        await asyncio.wait_for(waiting, 0.5)
        await broker.publish({"shipment_id": "2"}, "shipments")
    assert [name for name, _, _ in handled] == ["!"]
    assert counts(subscription) == Counts(retried=1)


@pytest.mark.parametrize("said_by", ["setting", "contract"])
async def test_what_is_acknowledged_first_is_handled_and_dead_lettered_all_the_same(
    said_by: str, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service(ack="at-most-once" if said_by == "setting" else "after-success")
    subscription = service.receive("shipments", acknowledges_first=said_by == "contract")
    service.look_at("shipments.dead")
    async with TestRabbitBroker(service.broker) as broker:
        await broker.publish({"shipment_id": "1"}, "shipments")
        await broker.publish({"shipment_id": "always!!!"}, "shipments")
    assert [attempt for _, _, attempt in handled] == [1, 1, 2, 3]
    assert [dead.headers["x-attempts"] for dead in service.dead] == ["3"]
    assert counts(subscription) == Counts(handled=1, retried=2, dead_lettered=1)
    assert "is lost" not in caplog.text


async def test_what_was_acknowledged_first_and_waits_when_the_service_stops_is_said_to_be_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service = Service(retry_delay=1.9, ack="at-most-once")
    service.receive("shipments")
    async with TestRabbitBroker(service.broker) as broker:
        await service.rabbit.start()
        waiting = asyncio.create_task(broker.publish({"shipment_id": "!"}, "shipments"))
        await asyncio.sleep(0.01)
        await service.rabbit.stop()
        await asyncio.wait_for(waiting, 0.5)
        await broker.publish({"shipment_id": "2"}, "shipments")
    assert [name for name, _, _ in handled] == ["!"]
    lost = "shipments (default exchange, shipments): is lost between two attempts: it was acknowledged before the first"
    assert lost in caplog.messages


async def test_a_subscriber_with_a_stub_is_not_started() -> None:
    service = Service()
    service.receive("lost", event=ShipmentLost)
    assert list(service.broker.subscribers) == []
    [line] = service.rabbit.idle
    assert line.startswith("lost: ShipmentLost has no handler yet: ")


async def test_an_unreachable_rabbitmq_is_said_with_its_address_and_without_its_password() -> None:
    with pytest.raises(CannotStart, match=r"RabbitMQ does not answer at 127\.0\.0\.1:1/vhost: ") as refused:
        await Service().rabbit.start()
    assert "password" not in str(refused.value)


async def test_a_rabbitmq_that_nobody_named_is_said_with_the_setting() -> None:
    with pytest.raises(CannotStart, match="set TESTED_RABBIT_URL"):
        await Service(rabbit_url="").rabbit.start()


class Written:
    """A queue that copies are written to, instead of `Copies`."""

    is_in_memory = False

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.declared: list[tuple[str, Mapping[str, object]]] = []
        self.copies: list[tuple[str, Mapping[str, object]]] = []

    async def declare(self, queue: str, arguments: Mapping[str, object]) -> None:
        self.declared.append((queue, arguments))

    async def write(self, message: Arrival, queue: str, headers: Mapping[str, object]) -> None:
        assert message
        if self.error:
            raise self.error
        self.copies.append((queue, headers))


async def arrived(**options: Any) -> Arrival:
    return arrival(await build_message(b"{}", exchange="events", routing_key="key", **options), "shipments")


def waiting(copies: Written, *, declares: bool = True) -> Parking:
    return Parking(cast("Copies", copies), "shipments", declares=declares, kind="", patience=1.0)


@pytest.mark.parametrize(("delay", "seconds"), [(2.1, 4), (4.0, 4), (4.1, 8), (3600.0, 4096), (1e12, 2**22)])
async def test_long_waits_are_spent_in_a_queue(delay: float, seconds: int) -> None:
    copies = Written()
    assert await waiting(copies).takes(await arrived(), Failure(OSError(), 1, delay, is_final=False))
    [(name, arguments)] = copies.declared
    assert name == f"shipments.retry.{seconds}s"
    assert arguments == {
        "x-message-ttl": seconds * 1000,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": "shipments",
    }
    assert seconds * 1000 < 2**32


async def test_a_message_that_waited_is_as_it_was_before() -> None:
    copies = Written()
    before = await arrived(headers={"a": 1})
    await waiting(copies).takes(before, Failure(OSError(), 2, 5.0, is_final=False))
    [(_, headers)] = copies.copies
    back = arrival(await build_message(b"{}", routing_key="shipments", headers=cast("Any", headers)), "shipments")
    assert (back.attempt, back.exchange, back.routing_key) == (3, "events", "key")
    assert back.amqp_headers == {"a": 1, "x-event-id": str(before.event_id)}
    assert back.event_id == before.event_id


@pytest.mark.parametrize(("delay", "is_final"), [(2.0, False), (60.0, True)])
async def test_short_waits_and_those_for_a_dead_letter_are_spent_in_hand(delay: float, *, is_final: bool) -> None:
    copies = Written()
    assert not await waiting(copies).takes(await arrived(), Failure(OSError(), 1, delay, is_final=is_final))
    assert copies.declared == []


async def test_a_message_that_no_queue_takes_waits_in_hand(caplog: pytest.LogCaptureFixture) -> None:
    copies = Written(ConnectionError("unroutable"))
    failure = Failure(OSError(), 1, 5.0, is_final=False)
    assert not await waiting(copies, declares=False).takes(await arrived(), failure)
    assert copies.declared == []
    assert "cannot be parked in a queue: ConnectionError: unroutable" in caplog.text


class Refusing:
    """A broker that has something else than the contract describes."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def declare_queue(self, _: object) -> None:
        raise self.error


@pytest.mark.parametrize(
    ("error", "declares", "text"),
    [
        (
            ChannelPreconditionFailed("inequivalent arg 'durable'"),
            True,
            r"has another queue 'q\.dead' than the contract describes: .*'durable'.*ORDERS_RABBIT_DECLARE=false",
        ),
        (ChannelNotFoundEntity("no queue"), False, r"has no queue 'q\.dead': .*ORDERS_RABBIT_DECLARE=true declares it"),
        (RuntimeError("gone"), True, r"refuses the queue 'q\.dead': RuntimeError: gone"),
    ],
)
async def test_a_refusal_names_the_queue_and_what_to_do(error: Exception, *, declares: bool, text: str) -> None:
    broker = cast("RabbitBroker", Refusing(error))
    declarations = Declarations(broker, declares=declares, setting="ORDERS_RABBIT_DECLARE")
    with pytest.raises(CannotStart, match=text):
        await declarations.declare(Queue("q"), (), Queue("q.dead"))
