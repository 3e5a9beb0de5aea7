"""Services with several brokers of one protocol: two Kafkas, and two virtual hosts of one RabbitMQ."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import pytest
from aio_pika import Message

from tests.brokers.hosts_rabbit import HostsRabbitMQ
from tests.brokers.ports import free_port
from tests.conftest import start_or_skip
from tests.live.kafka_client import Record, read, remove, send
from tests.live.packages import TWO_HOSTS, TWO_KAFKAS, Package, get
from tests.live.rabbit_client import channel, take
from tests.live.rabbit_client import send as send_to_queue
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.brokers import ApacheKafka

pytestmark = pytest.mark.xdist_group("kafka")

_HOST: Final = "billing/eu"


def order(name: str) -> Record:
    return Record(f'{{"id": "{name}"}}'.encode())


def received(package: Package) -> list[tuple[str, str]]:
    """Give what was handled: the operation, and the id."""
    return [(entry.operation, entry.values["id"]) for entry in package.ledger.entries()]


@pytest.fixture
def hosts_rabbit(tmp_path: Path) -> Iterator[HostsRabbitMQ]:
    """Start a RabbitMQ with another virtual host."""
    with start_or_skip(lambda: HostsRabbitMQ(tmp_path / "rabbit", _HOST)) as server:
        yield server


async def test_two_kafkas_are_received_from_and_one_may_be_away(
    tansu: str, own_kafka: ApacheKafka, tmp_path: Path
) -> None:
    us = own_kafka.address
    await remove(tansu, "orders", "orders.dead")
    package = Package(tmp_path, TWO_KAFKAS, "two_kafkas")
    service = package.service({"KAFKA_SERVERS": tansu, "KAFKA_US_SERVERS": us})
    created = service.run("topics", "--create")
    assert created.stdout.splitlines() == [
        "orders: created",
        "orders.dead: created",
        "kafka_us: orders: created",
        "kafka_us: orders.dead: created",
    ], created.stderr
    with service:
        await send(tansu, "orders", order("e-1"))
        await send(us, "orders", order("u-1"), Record(b"no json"))
        await until(lambda: len(received(package)) == 2, why=package.logs)
        [letter] = await until(lambda: read(us, "orders.dead"), why=package.logs)
        assert (letter.body, await read(tansu, "orders.dead")) == (b"no json", [])
        assert 'protocol="kafka_us"' in get(service, "/metrics")[1]

        own_kafka.stop()
        await send(tansu, "orders", order("e-2"), order("e-3"))
        await until(lambda: len(received(package)) == 4, why=package.logs)
        status, reasons = get(service, "/ready")
        assert (status, reasons) == (HTTPStatus.SERVICE_UNAVAILABLE, "kafka_us: Kafka does not answer\n")
        assert get(service, "/live")[0] == HTTPStatus.NO_CONTENT

        own_kafka.start()
        await send(us, "orders", order("u-2"))
        await until(lambda: len(received(package)) == 5, why=package.logs)
        await until(lambda: get(service, "/ready")[0] == HTTPStatus.NO_CONTENT, why=package.logs)
    assert sorted(received(package)) == [
        ("receiveOrders", "e-1"),
        ("receiveOrders", "e-2"),
        ("receiveOrders", "e-3"),
        ("receiveOrdersUs", "u-1"),
        ("receiveOrdersUs", "u-2"),
    ]


async def test_what_is_wrong_names_the_broker(tansu: str, tmp_path: Path) -> None:
    await remove(tansu, "orders", "orders.dead")
    package = Package(tmp_path, TWO_KAFKAS, "two_kafkas")
    nobody = f"127.0.0.1:{free_port()}"
    service = package.service({"KAFKA_SERVERS": tansu, "KAFKA_US_SERVERS": nobody})
    created = service.run("topics", "--create")
    assert (created.returncode, created.stdout.splitlines()) == (1, ["orders: created", "orders.dead: created"])
    assert f"kafka_us: Kafka does not answer at {nobody}: " in created.stderr
    assert "TWO_KAFKAS_KAFKA_US_SERVERS says where it is" in created.stderr
    done = service.run()
    assert done.returncode == 1
    assert f"two_kafkas cannot run: kafka_us: Kafka does not answer at {nobody}: " in done.stderr


async def test_two_virtual_hosts_are_received_from(hosts_rabbit: HostsRabbitMQ, tmp_path: Path) -> None:
    package = Package(tmp_path, TWO_HOSTS, "two_hosts")
    own, other = hosts_rabbit.address, hosts_rabbit.address_of(_HOST)
    service = package.service({"RABBIT_URL": own})  # which has the credentials for both
    with service:
        await send_to_queue(own, "parcels", Message(b'{"id": "p-1"}'))
        await publish(other, Message(b'{"id": "b-1"}'), Message(b"no json"))
        await until(lambda: len(received(package)) == 2, why=package.logs)
        [letter] = await until(lambda: take(other, "parcels.dead"), why=package.logs)
        assert (letter.body, await take(own, "parcels.dead")) == (b"no json", [])

        hosts_rabbit.stop()
        hosts_rabbit.start()
        await until(lambda: get(service, "/ready")[0] == HTTPStatus.NO_CONTENT, why=package.logs)
        await send_to_queue(own, "parcels", Message(b'{"id": "p-2"}'))
        await publish(other, Message(b'{"id": "b-2"}'))
        await until(lambda: len(received(package)) == 4, why=package.logs)
    assert sorted(received(package)) == [
        ("receiveBills", "b-1"),
        ("receiveBills", "b-2"),
        ("receiveParcels", "p-1"),
        ("receiveParcels", "p-2"),
    ]


async def test_a_virtual_host_that_is_not_there_ends_the_service(hosts_rabbit: HostsRabbitMQ, tmp_path: Path) -> None:
    package = Package(tmp_path, TWO_HOSTS, "two_hosts")
    settings: dict[str, Any] = {
        "RABBIT_URL": hosts_rabbit.address,
        "RABBIT_BILLING_EU_URL": f"{hosts_rabbit.address}no",
    }
    done = package.service(settings).run()
    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if "cannot run" in line]
    assert "two_hosts cannot run: rabbit_billing_eu: RabbitMQ does not answer at 127.0.0.1:" in line
    assert "TWO_HOSTS_RABBIT_BILLING_EU_URL says where it is" in line


async def publish(address: str, *messages: Message) -> None:
    """Send messages to the exchange of the contract."""
    async with channel(address) as opened:
        exchange = await opened.get_exchange("bills")
        for message in messages:
            await exchange.publish(message, "bill.written")
