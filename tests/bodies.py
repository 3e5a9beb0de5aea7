"""Bodies that are no plain JSON: values of what the contract describes, written without the generated package."""

from __future__ import annotations

import functools
from datetime import date, datetime, timezone
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import fastavro

from cqrs_gen.contract.model import Content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import Avro, Message
    from tests.samples import Samples

_VALUES: Final[dict[str, Any]] = {
    "null": None,
    "boolean": True,
    "int": 7,
    "long": 2**40,
    "float": 0.5,
    "double": 1.25,
    "bytes": b"\x00\xff",
    "string": "word",
    "date": date(2026, 3, 1),
    "uuid": UUID("5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77"),
    **dict.fromkeys(("timestamp-millis", "timestamp-micros"), datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)),
}


def valid_bodies(message: Message, samples: Samples) -> Sequence[bytes]:
    """Give bodies that a message in text, bytes or Avro may have."""
    if message.content is Content.TEXT:
        return [payload.encode() for payload in samples.valid(message) if isinstance(payload, str)]
    if message.content is Content.BYTES:
        return [b"", b"\x00\xff"]
    assert message.avro is not None
    return [avro_body(message.avro, is_full=is_full) for is_full in (False, True)]


def avro_body(avro: Avro, *, is_full: bool) -> bytes:
    """Write a value of a schema: of each union the first type or the last, of arrays and maps no element or one."""
    schema = _as_written(avro.schema)
    stream = BytesIO()
    fastavro.schemaless_writer(stream, schema, _value(schema, {}, is_full=is_full))
    return stream.getvalue()


def _as_written(schema: Any) -> Any:
    """Name the decimals as Avro does."""
    if isinstance(schema, list):
        return [_as_written(branch) for branch in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: "decimal" if value == "exact-decimal" else _as_written(value) for key, value in schema.items()}


def _value(schema: Any, named: dict[str, Any], *, is_full: bool, depth: int = 0) -> Any:
    """Give a value of a type; `named` are the types defined so far."""
    if isinstance(schema, list):  # deep inside, the first type, which ends what holds itself
        schema = schema[-1 if is_full and depth < 9 else 0]
    if isinstance(schema, str):
        if schema in _VALUES:
            return _VALUES[schema]
        schema = named[schema]
    if "name" in schema:
        named[schema["name"]] = schema
    inner = functools.partial(_value, named=named, is_full=is_full, depth=depth + 1)
    match schema["type"]:
        case "record":
            return {field["name"]: inner(field["type"]) for field in schema["fields"]}
        case "array":
            return [inner(schema["items"])] if is_full else []
        case "map":
            return {"key": inner(schema["values"])} if is_full else {}
        case _:
            return _plain(schema)


def _plain(schema: dict[str, Any]) -> Any:
    match schema:
        case {"type": "enum", "symbols": symbols}:
            return symbols[-1]
        case {"logicalType": "decimal", "scale": scale}:
            return Decimal(-1).scaleb(-scale)
        case {"type": "fixed", "size": size}:
            return bytes(size)
        case _:
            return _VALUES[schema["logicalType"]]
