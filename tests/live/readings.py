"""Messages of readings.yaml, as Confluent's serializer writes them: by fastavro, with the schema of the contract."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import fastavro
import yaml

READINGS: Final = Path(__file__).parent / "readings.yaml"
FRAME: Final = b"\x00" + (17).to_bytes(4, "big")
SENSOR: Final = UUID("0b2f3c1e-5f5e-4d1b-9c3a-1d2e3f405162")


def reading(note: str | None) -> bytes:
    """Write a reading, the id of its schema in front."""
    contract = yaml.safe_load(READINGS.read_text(encoding="utf-8"))
    schema: Any = contract["channels"]["readings"]["messages"]["reading"]["payload"]["schema"]
    value = {
        "sensorId": SENSOR,
        "value": Decimal("-12.50"),
        "unit": "KELVIN",
        "takenAt": datetime(2026, 3, 1, 10, 5, tzinfo=timezone.utc),
        "note": note,
    }
    stream = BytesIO()
    fastavro.schemaless_writer(stream, schema, value)
    return FRAME + stream.getvalue()
