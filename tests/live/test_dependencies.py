"""`dependencies.py` on real servers: a step before decoding, a scope for each event, middlewares; one mediator."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest
from aio_pika import Message

from tests.live import kafka_client, rabbit_client
from tests.live.packages import LASTING_USERS_ON_RABBIT, USERS_ON_KAFKA, Package
from tests.live.waiting import until
from tests.own_files import DEPENDENCIES, HANDLER, ONE_EVENT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_STEPS: Final = '''
class Steps:
    """Notes what happens in a file, for whoever looks from outside."""

    def append(self, line):
        with open("steps.txt", "a") as file:
            print(line, file=file)


steps = Steps()
'''
_BODY: Final = gzip.compress(json.dumps({"user_id": "u-1", "email": "a@example.com", "name": "Ada"}).encode())


@pytest.fixture(params=["kafka", "rabbit"])
async def package(request: pytest.FixtureRequest, tmp_path: Path) -> Package:
    """Give the user service of a broker with files of people's own."""
    document = USERS_ON_KAFKA if request.param == "kafka" else LASTING_USERS_ON_RABBIT
    package = Package(tmp_path, document, "users")
    package.file("dependencies.py").write_text(DEPENDENCIES.replace("steps = []", _STEPS))
    package.file("handlers/user_created.py").write_text(HANDLER)
    return package


async def test_all_of_it_runs_around_each_event(package: Package, request: pytest.FixtureRequest) -> None:
    if package.file("contract/kafka.py").exists():
        address = request.getfixturevalue("apache_kafka")
        await kafka_client.make_empty(address, "user_events", "user_events.dead")
        record = kafka_client.Record(_BODY, headers=[("content-encoding", b"gzip")])
        await kafka_client.send(address, "user_events", record, record)
        settings = {"KAFKA_SERVERS": address, "USER_EVENTS_GROUP_ID": f"users-{uuid4()}"}
    else:
        address = request.getfixturevalue("rabbit")
        await rabbit_client.remove(address, "user_events", "user_events.dead")
        settings = {"RABBIT_URL": address, "RABBIT_PREFETCH": "1"}
    steps = package.folder / "steps.txt"
    with package.service(settings) as service:
        if "RABBIT_URL" in settings:
            message = Message(_BODY, headers={"content-encoding": "gzip"})
            await rabbit_client.send(address, "user_events", message, message)
        await until(lambda: steps.exists() and steps.read_text().count("outer after") == 2, why=package.logs)
        assert service.stop() == 0
    assert steps.read_text().splitlines() == 2 * ONE_EVENT
