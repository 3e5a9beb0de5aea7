"""Kafka without Kafka: subscriptions under FastStream's test broker, and what is checked before the broker starts."""

from collections.abc import Iterator
from typing import Any, Literal

import cqrs
import di
import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker
from faststream.kafka.message import KafkaMessage as FastStreamMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber
from pydantic import BaseModel
from runtime.adapter import CannotStart
from runtime.decoding import Deserializer, Known, LeftOut
from runtime.dispatch import UnboundEvent, build_mediator
from runtime.events import Event
from runtime.kafka import Batch, Kafka, KafkaSettings, Layout, Source, Subscription
from runtime.kafka.topics import Topics
from runtime.message import KafkaMessage, Message, current_message

from .counts import Counts, counted


class OrderPayload(BaseModel):
    """What the messages of these tests hold."""

    order_id: str


class ArchivePayload(BaseModel):
    """The payload of a message that no operation receives."""

    archive: str


class OrderPlaced(Event[OrderPayload], frozen=True):
    """An event with a handler."""

    event_name: Literal["OrderPlaced"] = "OrderPlaced"


class OrderReturned(Event[OrderPayload], frozen=True):
    """An event whose handler is not written yet."""

    event_name: Literal["OrderReturned"] = "OrderReturned"


class Unbound(Event[OrderPayload], frozen=True):
    """An event without a handler."""

    event_name: Literal["Unbound"] = "Unbound"


handled: list[tuple[str, KafkaMessage, int]] = []


class OrderPlacedHandler(cqrs.EventHandler[OrderPlaced]):
    """Fails as often as the id says."""

    async def handle(self, event: OrderPlaced) -> None:
        message = current_message()
        assert isinstance(message, KafkaMessage)
        handled.append((event.payload.order_id, message, message.attempt))
        if message.attempt <= event.payload.order_id.count("!"):
            raise OSError("down")


class OrderReturnedHandler(cqrs.EventHandler[OrderReturned]):
    """A stub."""

    async def handle(self, event: OrderReturned) -> None:
        raise NotImplementedError


def events_mapper(mapper: cqrs.EventMap[Any]) -> None:
    mapper.bind(OrderPlaced, OrderPlacedHandler)
    mapper.bind(OrderReturned, OrderReturnedHandler)


read_order = Deserializer("orders", envelope="auto", messages=(Known(OrderPlaced, OrderPayload),))
read_return = Deserializer("returns", envelope="auto", messages=(Known(OrderReturned, OrderPayload),))
read_some = Deserializer(
    "some", envelope="auto", messages=(Known(OrderPlaced, OrderPayload), LeftOut("OrderArchived", ArchivePayload))
)


class Settings(KafkaSettings, env_prefix="TESTED_"):
    """The settings of a package, with short waits."""

    kafka_servers: str = "127.0.0.1:1"
    retry_delay: float = 0.001


class Service:
    """The modules of a package that are about Kafka."""

    def __init__(self, **settings: Any) -> None:
        self.kafka = Kafka(Settings(**settings))
        self.mediator = build_mediator(events_mapper, di.Container())
        self.dead: list[FastStreamMessage] = []

    @property
    def broker(self) -> KafkaBroker:
        return self.kafka.broker

    def receive(self, *sources: Source, group_id: str = "orders") -> Subscription:
        subscription = self.kafka.subscription(*sources, group_id=group_id, mediator=self.mediator, prepare=_unchanged)

        @subscription.subscriber
        async def _on_batch(batch: Batch) -> None:
            await subscription.take(batch)

        return subscription

    def look_at(self, topic: str) -> None:
        @self.broker.subscriber(topic, decoder=_undecoded)
        async def _on_dead(message: FastStreamMessage) -> None:
            self.dead.append(message)


async def _undecoded(message: FastStreamMessage) -> FastStreamMessage:
    return message


async def _unchanged(body: bytes, _: Message) -> bytes:
    return body


@pytest.fixture(autouse=True)
def _nothing_handled() -> None:
    handled.clear()


@pytest.fixture
def service() -> Service:
    service = Service()
    service.receive(
        Source("orders", read_order, {OrderPlaced: "receiveOrders"}),
        Source("orders.v2", read_some, {OrderPlaced: "receiveNewOrders"}),
    )
    service.look_at("orders.dead")
    return service


def counts(service: Service, topic: str = "orders") -> Counts:
    [subscription] = service.kafka._subscriptions  # noqa: SLF001
    return counted(next(one for one in subscription.observe() if one.channel == topic))


async def test_messages_are_handled_in_place(service: Service) -> None:
    async with TestKafkaBroker(service.broker) as broker:
        await broker.publish({"order_id": "1"}, "orders", key=b"k", headers={"a": "b"})
        await broker.publish_batch({"order_id": "2"}, {"order_id": "3"}, topic="orders.v2")
    assert [(name, message.topic, message.operation) for name, message, _ in handled] == [
        ("1", "orders", "receiveOrders"),
        ("2", "orders.v2", "receiveNewOrders"),
        ("3", "orders.v2", "receiveNewOrders"),
    ]
    assert (handled[0][1].key, handled[0][1].header("a")) == (b"k", "b")


async def test_failures_are_tried_again_and_dead_lettered_as_they_came(service: Service) -> None:
    async with TestKafkaBroker(service.broker) as broker:
        await broker.publish({"order_id": "once!"}, "orders")
        await broker.publish({"order_id": "always!!!"}, "orders", key=b"k", headers={"a": "b"})
        await broker.publish(b"{bad", "orders")
    assert [(name, attempt) for name, _, attempt in handled] == [
        ("once!", 1),
        ("once!", 2),
        ("always!!!", 1),
        ("always!!!", 2),
        ("always!!!", 3),
    ]
    failed, bad = service.dead
    assert failed.body == b'{"order_id":"always!!!"}'
    assert failed.headers["a"] == "b"
    assert (failed.headers["x-error"], failed.headers["x-error-type"], failed.headers["x-attempts"]) == (
        "down",
        "OSError",
        "3",
    )
    assert (failed.headers["x-original-topic"], failed.headers["x-original-offset"]) == ("orders", "0")
    assert (bad.body, bad.headers["x-error-type"]) == (b"{bad", "NotJson")
    assert counts(service) == Counts(handled=1, retried=3, dead_lettered=2)


async def test_tombstones_and_messages_that_no_operation_receives_are_skipped(service: Service) -> None:
    async with TestKafkaBroker(service.broker) as broker:
        await broker.publish(None, "orders", key=b"k")
        await broker.publish({"archive": "x"}, "orders.v2")
    assert counts(service, "orders") == counts(service, "orders.v2") == Counts(skipped=1)
    assert (handled, service.dead) == ([], [])


async def test_under_a_test_broker_nothing_is_connected_to(service: Service) -> None:
    async with TestKafkaBroker(service.broker):
        await service.kafka.start()
        await service.kafka.stop()
        await service.kafka.close()


async def test_a_subscriber_with_a_stub_is_not_started() -> None:
    service = Service()
    service.receive(Source("returns", read_return, {OrderReturned: "receiveReturns"}))
    service.look_at("returns.dead")
    async with TestKafkaBroker(service.broker) as broker:
        await broker.publish({"order_id": "1"}, "returns")
    assert service.dead == []
    [line] = service.kafka.idle
    assert line.startswith("returns: OrderReturned has no handler yet: ")
    assert line.endswith("test_kafka_memory.py")


async def test_a_subscriber_with_a_stub_is_started_on_demand_and_dead_letters_at_once() -> None:
    service = Service(run_stubs=True)
    service.receive(Source("returns", read_return, {OrderReturned: "receiveReturns"}))
    service.look_at("returns.dead")
    async with TestKafkaBroker(service.broker) as broker:
        await broker.publish({"order_id": "1"}, "returns")
    assert service.kafka.idle == []
    [dead] = service.dead
    assert (dead.headers["x-error-type"], dead.headers["x-attempts"]) == ("NotImplementedError", "1")


def test_an_event_without_a_handler_is_refused() -> None:
    with pytest.raises(UnboundEvent, match="Unbound has no handler"):
        Service().receive(Source("orders", read_order, {Unbound: "receiveOrders"}))


class TestStarting:
    """What is checked before the broker starts."""

    @pytest.fixture(autouse=True)
    def _existing(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
        self.existing = {"orders", "orders.dead", "orders.v2", "orders.v2.dead"}

        async def existing(_: Topics) -> set[str]:
            return self.existing

        with monkeypatch.context() as patch:
            patch.setattr(Topics, "existing", existing)
            yield self.existing

    def test_the_topics_that_are_needed_are_known(self, service: Service) -> None:
        assert service.kafka.topics.needed == ("orders", "orders.v2", "orders.dead", "orders.v2.dead")

    @pytest.mark.parametrize("missing", ["orders.v2", "orders.dead"])
    async def test_a_missing_topic_is_refused_with_the_command_that_creates_it(
        self, service: Service, missing: str
    ) -> None:
        self.existing.remove(missing)
        with pytest.raises(CannotStart, match=rf"no topic '{missing}'; `python -m .* topics --create`"):
            await service.kafka.start()

    async def test_several_missing_topics_are_listed(self, service: Service) -> None:
        self.existing.clear()
        with pytest.raises(CannotStart, match=r"no topics 'orders', 'orders\.v2', 'orders\.dead', 'orders\.v2\.dead'"):
            await service.kafka.start()

    async def test_topics_of_subscribers_that_are_not_started_may_be_missing(self, service: Service) -> None:
        service.receive(Source("returns", read_return, {OrderReturned: "receiveReturns"}))
        with pytest.raises(CannotStart, match="Kafka takes no records"):  # the topics are all right
            await service.kafka.start()


async def test_an_unreachable_kafka_is_said_with_its_address(service: Service) -> None:
    with pytest.raises(CannotStart, match=r"Kafka does not answer at 127\.0\.0\.1:1: KafkaConnectionError"):
        await service.kafka.start()


async def test_a_kafka_that_nobody_named_is_said_with_the_setting() -> None:
    with pytest.raises(CannotStart, match="set TESTED_KAFKA_SERVERS"):
        await Service(kafka_servers="").kafka.start()


def test_bootstrap_servers_are_separated_by_commas() -> None:
    assert Settings(kafka_servers=" a:1, b:2 ,").kafka.bootstrap_servers == ["a:1", "b:2"]


def registered(service: Service) -> BatchSubscriber:
    """Give what FastStream made of the only subscription."""
    [subscriber] = [one for one in service.broker.subscribers if isinstance(one, BatchSubscriber)]
    return subscriber


def connecting(service: Service) -> dict[str, Any]:
    return registered(service)._connection_args  # noqa: SLF001 - FastStream shows it nowhere


class TestGroup:
    """Which group a subscriber is in, and where that begins."""

    @pytest.mark.parametrize("ack", ["after-success", "at-most-once"])
    async def test_none_is_one_consumer_that_receives_all(self, ack: str) -> None:
        service = Service(kafka_group_instance_id="replica-1", ack=ack)
        service.receive(Source("orders", read_order, {OrderPlaced: "receiveOrders"}), group_id="")
        service.look_at("orders.dead")
        assert registered(service).group_id is None
        assert connecting(service)["group_instance_id"] is None
        async with TestKafkaBroker(service.broker) as broker:
            await broker.publish({"order_id": "once!"}, "orders")
            await broker.publish(b"{bad", "orders")
        assert [(name, attempt) for name, _, attempt in handled] == [("once!", 1), ("once!", 2)]
        assert [dead.body for dead in service.dead] == [b"{bad"]

    def test_is_one_that_replicas_share(self) -> None:
        service = Service(kafka_group_instance_id="replica-1")
        service.receive(Source("orders", read_order, {OrderPlaced: "receiveOrders"}))
        assert registered(service).group_id == "orders"
        assert connecting(service)["group_instance_id"] == "replica-1"
        assert connecting(service)["auto_offset_reset"] == "earliest"

    @pytest.mark.parametrize("settings", [{}, {"kafka_max_records": 7}])
    def test_is_given_records_in_batches_of_a_size(self, settings: dict[str, int]) -> None:
        service = Service(**settings)
        service.receive(Source("orders", read_order, {OrderPlaced: "receiveOrders"}))
        assert registered(service).max_records == settings.get("kafka_max_records", 500)

    def test_may_begin_with_what_comes(self) -> None:
        service = Service(kafka_auto_offset_reset="latest")
        service.receive(Source("orders", read_order, {OrderPlaced: "receiveOrders"}))
        assert connecting(service)["auto_offset_reset"] == "latest"


def test_a_client_is_called_after_the_package_or_as_somebody_says(service: Service) -> None:
    assert registered(service).client_id == "runtime.kafka.adapter"  # the package, in a package
    service = Service(kafka_client_id="billing-1")
    service.receive(Source("orders", read_order, {OrderPlaced: "receiveOrders"}))
    assert registered(service).client_id == "billing-1"


async def test_what_is_committed_first_is_handled_and_dead_lettered_all_the_same() -> None:
    service = Service(ack="at-most-once")
    service.receive(Source("orders", read_order, {OrderPlaced: "receiveOrders"}))
    service.look_at("orders.dead")
    async with TestKafkaBroker(service.broker) as broker:
        await broker.publish({"order_id": "1"}, "orders")
        await broker.publish({"order_id": "always!!!"}, "orders")
    assert [attempt for _, _, attempt in handled] == [1, 1, 2, 3]
    assert [dead.headers["x-attempts"] for dead in service.dead] == ["3"]


def test_what_is_committed_first_is_committed_in_order() -> None:
    with pytest.raises(ValueError, match="TESTED_KAFKA_CONCURRENCY above 1 needs TESTED_ACK=after-success"):
        Settings(ack="at-most-once", kafka_concurrency=2)


def test_topics_that_are_sent_to_have_their_layout_whatever_is_received_from_them() -> None:
    laid = Layout(partitions=3, settings={"max.message.bytes": "9"})
    kafka = Kafka(Settings(), sends_to=("orders", "plain"), layouts={"orders": laid})
    mediator = build_mediator(events_mapper, di.Container())
    source = Source("orders", read_order, {OrderPlaced: "receiveOrders"})
    kafka.subscription(source, group_id="orders", mediator=mediator, prepare=_unchanged)
    needed = kafka.topics._needed  # noqa: SLF001 - what they are created with
    assert needed == {"orders": laid, "plain": Layout(), "orders.dead": Layout()}
