"""The user services, each with nothing to do yet; and Kafka's tests on a topic of one partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.packages import LASTING_USERS_ON_RABBIT
from tests.live.users_on_kafka import UsersOnKafka
from tests.live.users_on_rabbit import UsersOnRabbit

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
async def kafka_users(apache_kafka: str, tmp_path: Path) -> UsersOnKafka:
    """Give the service on Apache Kafka, with a topic of one partition."""
    users = UsersOnKafka(apache_kafka, tmp_path)
    await users.begin()
    return users


@pytest.fixture
async def rabbit_users(rabbit: str, tmp_path: Path) -> UsersOnRabbit:
    """Give the service on RabbitMQ, with a queue that lasts."""
    users = UsersOnRabbit(rabbit, tmp_path, LASTING_USERS_ON_RABBIT)
    await users.begin()
    return users
