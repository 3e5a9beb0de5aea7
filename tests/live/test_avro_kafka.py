"""Avro on a real Kafka, written by fastavro as Confluent's serializer does."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest

from tests.delivery.bad_inputs import BAD_READINGS
from tests.live.kafka_client import Record, make_empty, read, send
from tests.live.packages import Package
from tests.live.readings import READINGS, SENSOR, reading
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.delivery.bad_inputs import BadInput

pytestmark = pytest.mark.xdist_group("kafka")

_TOPIC: Final = "readings"


_SEND: Final = """
import asyncio
from datetime import datetime, timezone
from decimal import Decimal
from uuid import UUID

from readings_client.contract import models, publishers


async def main() -> None:
    async with publishers.connected():
        await publishers.publish_reading(
            models.Reading(
                sensor_id=UUID("SENSOR"),
                value=Decimal("-12.5"),
                unit=models.Unit.KELVIN,
                taken_at=datetime(2026, 3, 1, 10, 5, tzinfo=timezone.utc),
                note="sent",
            )
        )


asyncio.run(main())
""".replace("SENSOR", str(SENSOR))


def _bad(kind: BadInput) -> Record:
    return Record(kind.body, headers=[("content-type", (kind.content_type or "avro/binary").encode())])


async def test_readings_arrive_and_bad_ones_are_dead_lettered(apache_kafka: str, tmp_path: Path) -> None:
    await make_empty(apache_kafka, _TOPIC, f"{_TOPIC}.dead")
    package = Package(tmp_path, READINGS, "readings")
    notes = ["typed", *(f"next to {kind.name}" for kind in BAD_READINGS)]
    records = [Record(reading(notes[0]), headers=[("content-type", b"avro/binary")])]
    for kind, note in zip(BAD_READINGS, notes[1:], strict=True):
        records += [_bad(kind), Record(reading(note))]
    with package.service({"KAFKA_SERVERS": apache_kafka}):
        await send(apache_kafka, _TOPIC, *records, Record(None, b"tombstone"))
        await until(lambda: len(package.ledger.entries()) == len(notes), why=package.logs)

    assert package.ledger.column("note") == notes
    first = package.ledger.entries()[0]
    assert first.values == {
        "sensorId": str(SENSOR),
        "value": "-12.50",
        "unit": "KELVIN",
        "takenAt": "2026-03-01T10:05:00Z",
        "note": "typed",
    }
    assert first.members["value"] == "Decimal"
    letters = await read(apache_kafka, f"{_TOPIC}.dead")
    assert [letter.body for letter in letters] == [kind.body for kind in BAD_READINGS]
    for letter, kind in zip(letters, BAD_READINGS, strict=True):
        reasons = dict(letter.headers)
        assert reasons["x-error-type"] == kind.error_type.encode(), kind.name
        assert b"bad" not in (reasons["x-error"] or b"")
    assert "next to" not in package.logs(), "no log line repeats a payload"


async def test_a_client_sends_what_the_service_reads(apache_kafka: str, tmp_path: Path) -> None:
    await make_empty(apache_kafka, _TOPIC, f"{_TOPIC}.dead")
    service = Package(tmp_path / "service", READINGS, "readings")
    client = Package(tmp_path / "client", READINGS, "readings_client", "--role", "client")
    settings = {"KAFKA_SERVERS": apache_kafka}
    client.run(_SEND, {**settings, "READING_SCHEMA_ID": "17"})
    with service.service({**settings, "READINGS_GROUP_ID": f"r-{uuid4()}"}):
        await until(lambda: len(service.ledger.entries()) == 1, why=service.logs)
    assert [record.body for record in await read(apache_kafka, _TOPIC)] == [reading("sent")]
    assert service.ledger.entries()[0].values["sensorId"] == str(SENSOR)


def test_a_client_that_does_not_know_the_id_of_the_schema_does_not_start(tmp_path: Path) -> None:
    client = Package(tmp_path, READINGS, "readings_client", "--role", "client")
    with pytest.raises(subprocess.CalledProcessError) as refusal:
        client.run("from readings_client.contract import publishers", {})
    assert b"READINGS_CLIENT_READING_SCHEMA_ID" in refusal.value.stderr
