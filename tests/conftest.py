"""Real servers for tests: one of each for a test run (with xdist: for a worker).

Such a fixture gives the address; `own_kafka` and `own_rabbit` give a server of the test's own, which it may stop.
Without its server a test is skipped, or fails where CQRS_GEN_REQUIRE_LIVE is set. With CQRS_GEN_RABBITMQ=4 RabbitMQ is
the one that .ci/install-rabbitmq4.sh installs.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

import pytest

from tests.brokers import ApacheKafka, MissingServerError, RabbitMQ, Tansu, chosen_rabbit
from tests.brokers.hosts_rabbit import HostsRabbitMQ
from tests.brokers.secured_kafka import SecuredKafka
from tests.brokers.secured_rabbit import SecuredRabbitMQ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


_Kind = TypeVar("_Kind", ApacheKafka, HostsRabbitMQ, RabbitMQ, SecuredKafka, SecuredRabbitMQ, Tansu)


@pytest.fixture(scope="session")
def apache_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Apache Kafka; gives its bootstrap server."""
    with start_or_skip(lambda: ApacheKafka(tmp_path_factory.mktemp("apache-kafka"))) as server:
        yield server.address


@pytest.fixture(scope="session")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start Tansu; gives its bootstrap server."""
    with start_or_skip(lambda: Tansu(tmp_path_factory.mktemp("tansu"))) as server:
        yield server.address


@pytest.fixture(scope="session", params=["apache_kafka", "tansu"])
def kafka(request: pytest.FixtureRequest) -> str:
    """Run the test on both servers that speak Kafka's protocol; gives the bootstrap server of one."""
    address: str = request.getfixturevalue(request.param)
    return address


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the URL of CQRS_GEN_RABBIT_URL, else start RabbitMQ and give its."""
    given = os.environ.get("CQRS_GEN_RABBIT_URL")
    if given:
        yield given
        return
    with start_or_skip(lambda: chosen_rabbit(tmp_path_factory.mktemp("rabbit"))) as server:
        yield server.address


@pytest.fixture(scope="session")
def secured_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    """Start an Apache Kafka that asks who connects."""
    with start_or_skip(lambda: SecuredKafka(tmp_path_factory.mktemp("secured-kafka"))) as server:
        yield server


@pytest.fixture(scope="session")
def secured_rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredRabbitMQ]:
    """Start a RabbitMQ that also listens with TLS."""
    with start_or_skip(lambda: SecuredRabbitMQ(tmp_path_factory.mktemp("secured-rabbit"))) as server:
        yield server


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[ApacheKafka]:
    """Start an Apache Kafka that the test may stop, kill and start again."""
    with start_or_skip(lambda: ApacheKafka(tmp_path / "apache-kafka")) as server:
        yield server


@pytest.fixture
def own_rabbit(tmp_path: Path) -> Iterator[RabbitMQ]:
    """Start a RabbitMQ that the test may stop, kill and start again."""
    with start_or_skip(lambda: chosen_rabbit(tmp_path / "rabbit")) as server:
        yield server


def start_or_skip(kind: Callable[[], _Kind]) -> _Kind:
    """Give a server that is not started yet; the test is skipped, or fails, where it is missing."""
    try:
        return kind()
    except MissingServerError as missing:
        if os.environ.get("CQRS_GEN_REQUIRE_LIVE"):
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
