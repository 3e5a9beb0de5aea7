"""`topics --create` lays topics out as the contract says; on Apache Kafka."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.live.kafka_client import described, remove
from tests.live.packages import CONSUMER_OPTIONS, Package

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_TOPIC: Final = "stock.v1"
_SENT: Final = "stock.requested"
_DEAD: Final = ("stock.v1.dead", "sensors.site.dead")
_SETTINGS: Final = ("cleanup.policy", "retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes")


async def test_topics_are_created_as_the_contract_lays_them_out(apache_kafka: str, tmp_path: Path) -> None:
    await remove(apache_kafka, _TOPIC, _SENT, *_DEAD)
    package = Package(tmp_path, CONSUMER_OPTIONS, "options", "--protocol", "kafka")
    service = package.service({"KAFKA_SERVERS": apache_kafka})

    refused = service.run("topics", "--create")  # three replicas on one server
    assert refused.returncode == 1
    assert "Kafka does not create the topic 'stock.v1'" in refused.stderr
    assert refused.stderr.endswith("; --replicas says how many\n")
    assert "Traceback" not in refused.stderr

    created = service.run("topics", "--create", "--replicas", "1")
    assert (created.returncode, created.stderr) == (0, "")
    assert f"{_TOPIC}: created" in created.stdout

    partitions, settings = await described(apache_kafka, _TOPIC)
    assert partitions == 12
    assert {name: settings[name] for name in _SETTINGS} == {
        "cleanup.policy": "compact,delete",
        "retention.ms": "604800000",
        "retention.bytes": "-1",
        "delete.retention.ms": "86400000",
        "max.message.bytes": "2097152",
    }
    partitions, settings = await described(apache_kafka, _SENT)
    assert (partitions, settings["retention.ms"]) == (2, "60000")
    _, settings = await described(apache_kafka, _DEAD[0])
    assert (settings["cleanup.policy"], settings["max.message.bytes"]) == ("delete", "2097152")
    _, settings = await described(apache_kafka, _DEAD[1])
    assert settings["cleanup.policy"] == "delete", "dead letters are not compacted"

    again = service.run("topics", "--create", "--replicas", "1")
    assert (again.returncode, again.stdout.count("exists")) == (0, 4)
