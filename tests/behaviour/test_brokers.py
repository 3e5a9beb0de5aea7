"""Several brokers of one protocol in one service: each receives, dead-letters and speaks for itself."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.generated import Generate, Package

_GOLDEN: Final = Path(__file__).parents[1] / "golden"
_BROKERS: Final = _GOLDEN / "brokers" / "asyncapi.yaml"
_VIRTUAL_HOSTS: Final = _GOLDEN / "virtual_hosts" / "asyncapi.yaml"
_PLACED: Final = b'{"id": "o-1"}'
_LOGIN: Final = {"USERNAME": "ada", "PASSWORD": "s3cret"}


def logins(*brokers: str) -> dict[str, str]:
    return {f"{broker}_{name}": value for broker in brokers for name, value in _LOGIN.items()}


@pytest.fixture(scope="module")
def brokers(generate: Generate) -> Package:
    """Generate two Kafkas, another with the archive, and two RabbitMQs."""
    return generate(_BROKERS, settings=logins("KAFKA", "KAFKA_ARCHIVE", "RABBIT_PARTNERS"))


@pytest.fixture(scope="module")
def hosts(generate: Generate) -> Package:
    return generate(_VIRTUAL_HOSTS, settings=logins("RABBIT"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that reads the settings of a package anew; None takes one away that it was imported with."""

    def read_again(package: Package, given: Mapping[str, str | None]) -> Any:
        module = package.module("contract.settings")
        for name, value in given.items():
            variable = f"{package.name.upper()}_{name}"
            monkeypatch.delenv(variable, raising=False)
            if value is not None:
                monkeypatch.setenv(variable, value)
        return module.read_settings(module.Settings)

    return read_again


async def test_one_topic_on_two_brokers_is_two_channels(brokers: Package) -> None:
    async with brokers.traffic() as traffic:
        await traffic.brokers["kafka"].publish(_PLACED, "orders")
        await traffic.brokers["kafka_us_east"].publish(_PLACED, "orders")
        await traffic.brokers["kafka_us_east"].publish(b"no json", "orders")
        await traffic.brokers["kafka_archive"].publish(_PLACED, "history")
    assert [message.operation for _, message in brokers.handled] == [
        "receiveOrders",
        "receiveOrdersUs",
        "receiveHistory",
    ]
    assert [(dead.broker, dead.address, dead.body) for dead in traffic.dead] == [
        ("kafka_us_east", "orders.dead", b"no json")
    ]


async def test_one_queue_on_two_brokers_is_two_channels(brokers: Package) -> None:
    async with brokers.traffic() as traffic:
        await traffic.brokers["rabbit_partners"].publish(b'{"amount": 2}', "parcels")
        await traffic.brokers["rabbit_partners"].publish(b"no json", "parcels")
        await traffic.brokers["rabbit"].publish(b'{"amount": 1}', "parcels")
    assert [(event.payload.amount, message.operation) for event, message in brokers.handled] == [
        (2, "receiveOffers"),
        (1, "receiveParcels"),
    ]
    assert [(dead.broker, dead.address) for dead in traffic.dead] == [("rabbit_partners", "parcels.dead")]


async def test_log_lines_say_which_broker_it_was(brokers: Package, caplog: pytest.LogCaptureFixture) -> None:
    async with brokers.traffic() as traffic:
        with caplog.at_level(logging.ERROR):
            await traffic.brokers["kafka"].publish(b"no json", "orders")
            await traffic.brokers["kafka_us_east"].publish(b"no json", "orders")
            await traffic.brokers["rabbit_partners"].publish(b"no json", "parcels")
    lines = [line.partition(" (")[0] for line in caplog.messages]
    assert lines == ["orders[0]@0", "kafka_us_east: orders[0]@0", "rabbit_partners: parcels"]


async def test_metrics_say_which_broker_it_was(brokers: Package) -> None:
    before = handled(brokers)
    async with brokers.traffic() as traffic:
        await traffic.brokers["kafka_us_east"].publish(_PLACED, "orders")
        await traffic.brokers["kafka_us_east"].publish(_PLACED, "orders")
    after = handled(brokers)
    assert {place: count - before.get(place, 0) for place, count in after.items() if count != before.get(place)} == {
        ("kafka_us_east", "orders", "OrderPlaced"): 2
    }


def handled(package: Package) -> dict[tuple[str, ...], float]:
    """Give what the metrics say was handled, by the labels of its event."""
    metrics = package.module("contract.runtime.metrics").Metrics(list(package.adapters.values()))
    return {
        tuple(sample.labels[label] for label in ("protocol", "channel", "event")): sample.value
        for metric in metrics.collect()
        for sample in metric.samples
        if sample.name == "messages_handled_total"
    }


async def test_probes_are_told_which_broker_it_is(generate: Generate) -> None:
    package = generate(_BROKERS, record=(), settings=logins("KAFKA", "KAFKA_ARCHIVE", "RABBIT_PARTNERS"))
    health = package.module("contract.runtime.health").Health(list(package.adapters.values()))
    await health.started()
    reasons = [reason for reason in await health.reasons() if "orders" in reason or "does not answer" in reason]
    assert [reason.partition(" OrderPlaced")[0] for reason in reasons] == [
        "Kafka does not answer",
        "not started: orders:",
        "kafka_us_east: Kafka does not answer",
        "kafka_us_east: not started: orders:",
        "kafka_archive: Kafka does not answer",
        "RabbitMQ does not answer",
        "rabbit_partners: RabbitMQ does not answer",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("kafka.eu.example.org:9093", "a.us.example.org:9092")),
        ({"SERVER": "eu-standby"}, ("standby.eu.example.org:9093", "a.us.example.org:9092")),
        ({"SERVER": "us-east,eu-standby"}, ("standby.eu.example.org:9093", "a.us.example.org:9092")),
        ({"KAFKA_SERVERS": "one:1"}, ("one:1", "a.us.example.org:9092")),
        ({"KAFKA_US_EAST_SERVERS": "two:2,three:3"}, ("kafka.eu.example.org:9093", "two:2,three:3")),
    ],
)
def test_each_broker_has_its_own_address(
    brokers: Package, read: Any, given: Mapping[str, str], expected: tuple[str, str]
) -> None:
    found = read(brokers, given)
    assert (found.kafka.address, found.kafka_us_east.address) == expected
    assert found.kafka_us_east.bootstrap_servers == expected[1].split(",")


def test_each_broker_has_its_own_credentials(brokers: Package, read: Any) -> None:
    found = read(brokers, {})
    security = brokers.module("contract.runtime.kafka.security").faststream_security
    kinds = [type(security(one.access)).__name__ for one in (found.kafka, found.kafka_us_east, found.kafka_archive)]
    assert kinds == ["SASLScram512", "NoneType", "SASLPlaintext"]
    assert found.rabbit_partners.access.login == ("ada", "s3cret")
    assert not found.rabbit.access.asks


def test_credentials_of_each_broker_are_asked_for(brokers: Package, read: Any) -> None:
    prefix = f"{brokers.name.upper()}_KAFKA_ARCHIVE"
    with pytest.raises(ValueError, match=f"asks for more: set {prefix}_USERNAME and {prefix}_PASSWORD"):
        read(brokers, dict.fromkeys(logins("KAFKA_ARCHIVE")))


async def test_virtual_hosts_are_apart(hosts: Package) -> None:
    async with hosts.traffic() as traffic:
        await traffic.brokers["rabbit_backup"].publish(_PLACED, "parcels")
        await traffic.brokers["rabbit"].publish(_PLACED, "parcels")
        await traffic.brokers["rabbit_billing_eu"].publish(_PLACED, "payments")
        await traffic.brokers["rabbit_billing_eu"].publish(_PLACED, exchange="bills", routing_key="invoice.written")
    assert [message.operation for _, message in hosts.handled] == [
        "receiveCopies",
        "receiveParcels",
        "receivePayments",
        "receiveInvoices",
    ]


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "amqps://rabbit.example.org/billing%2Feu"),
        (
            {"RABBIT_URL": "amqps://bob:p%40ss@other:5671/own?heartbeat=5"},
            "amqps://bob:p%40ss@other:5671/billing%2Feu?heartbeat=5",
        ),
        ({"RABBIT_BILLING_EU_URL": "amqps://elsewhere/bills"}, "amqps://elsewhere/bills"),
    ],
)
def test_a_virtual_host_is_one_of_the_same_server(
    hosts: Package, read: Any, given: Mapping[str, str], address: str
) -> None:
    host = read(hosts, given).rabbit_billing_eu
    assert (host.address, host.access.login) == (address, ("ada", "s3cret"))
    assert "s3cret" not in repr(host)
    assert "p%40ss" not in repr(host)


def test_the_url_may_have_the_credentials_for_all_virtual_hosts(hosts: Package, read: Any) -> None:
    given = {**dict.fromkeys(logins("RABBIT")), "RABBIT_URL": "amqps://bob:p%40ss@other/"}
    assert read(hosts, given).rabbit_billing_eu.access.login == ("bob", "p@ss")


def test_a_virtual_host_elsewhere_needs_credentials(hosts: Package, read: Any) -> None:
    given = {"RABBIT_URL": "amqps://bob:pass@other/", "RABBIT_BILLING_EU_URL": "amqps://elsewhere/bills"}
    prefix = f"{hosts.name.upper()}_RABBIT"
    with pytest.raises(ValueError, match=f"asks for more: set {prefix}_USERNAME and {prefix}_PASSWORD"):
        read(hosts, {**dict.fromkeys(logins("RABBIT")), **given})


async def test_what_is_sent_goes_to_the_broker_of_its_channel(brokers: Package) -> None:
    publishers, models = brokers.module("contract.publishers"), brokers.module("contract.models")
    async with brokers.traffic():
        await publishers.publish_order_placed(models.OrderPlacedPayload(id="o-9"))
        await publishers.publish_refund_paid_to_offers(models.RefundPaidPayload(amount=9))
    assert [message.operation for _, message in brokers.handled] == ["receiveOrdersUs", "receiveOffers"]
