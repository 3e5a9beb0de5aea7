"""What keeps a body in Avro inside its bounds while fastavro reads it, and decimals exact."""

from __future__ import annotations

from decimal import Context, Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from ..bad_input import NotAvro

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = str | list[Any] | dict[str, Any]

FREE: Final = 1000
"""How many values that take no bytes (nulls outside of unions, empty records) a body may have beyond one for each of
its bytes: a block of an array may say in a few bytes that there are billions. All other values take a byte at least, so
that no body stands for more of these than of others; a short one may have some more, which cost nothing."""

_DEEPEST: Final = 200
"""How deep records may be nested. fastavro recurses without a limit: a body that nests deeply enough would end the
process. Pydantic gives up at 255."""


class Bounds:
    """What the body that is being read may still claim."""

    depth = 0
    free = 0


class _Fields(list[Any]):
    """The fields of a record that may hold itself: fastavro goes through them when it starts to read one."""

    def __init__(self, fields: list[Any], bounds: Bounds) -> None:
        super().__init__(fields)
        self._bounds = bounds

    def __iter__(self) -> Iterator[Any]:
        self._bounds.depth += 1
        if self._bounds.depth > _DEEPEST:
            raise NotAvro(f"the body is nested too deeply: records go {_DEEPEST} deep at most")
        return super().__iter__()


def bounded(schema: Schema, bounds: Bounds, *, is_recursive: bool) -> dict[str, Any]:
    """Give the schema as fastavro takes it for parsed, with what keeps a body inside its bounds."""

    def within(part: Any) -> Any:  # noqa: ANN401 - a schema or what stands in one
        if isinstance(part, list):
            branches = enumerate(cast("list[object]", part))
            # As a dictionary, which has no index -1. A null here takes a byte, the index.
            return {"type": "union"} | {index: one if one == "null" else within(one) for index, one in branches}
        if isinstance(part, str):
            return within({"type": part}) if part == "null" else part
        for inner, key in (*((each, "type") for each in part.get("fields", ())), (part, "items"), (part, "values")):
            if key in inner:
                inner[key] = within(inner[key])
        part |= _beside(part, bounds, is_recursive=is_recursive)
        if "name" in part:
            named[part["name"]] = part
        return part

    named: dict[str, Any] = {}
    parsed = within(import_module("fastavro.schema").parse_schema(schema))
    whole: dict[str, Any] = cast("dict[str, object]", parsed) if isinstance(parsed, dict) else {"type": parsed}
    return {**whole, "__fastavro_parsed": True, "__named_schemas": named}


def _beside(part: dict[str, Any], bounds: Bounds, *, is_recursive: bool) -> dict[str, Any]:
    match part:
        case {"type": "null"} | {"type": "record", "fields": []}:
            return {"logicalType": "free", "bounds": bounds}
        case {"type": "record"} if is_recursive:
            fields: list[Any] = part["fields"]
            return {"logicalType": "nested", "bounds": bounds, "fields": _Fields(fields, bounds)}
        case {"type": "enum"}:
            symbols: list[str] = part["symbols"]
            return {"symbols": dict(enumerate(symbols))}
        case {"precision": precision}:
            return {"limit": 10**precision, "context": Context(prec=precision)}
        case _:
            return {}


def _read_decimal(data: bytes, writer_schema: Any, _reader_schema: Any) -> Decimal:  # noqa: ANN401 - as fastavro has it
    """Read a decimal (specification, "Decimal") without rounding one that has more digits than its type allows."""
    unscaled = int.from_bytes(data, "big", signed=True)
    if abs(unscaled) >= writer_schema["limit"]:
        raise ValueError("more digits than the precision")
    return Decimal(unscaled).scaleb(-writer_schema["scale"], writer_schema["context"])


def _count_free(value: Any, writer_schema: Any, _reader_schema: Any) -> Any:  # noqa: ANN401 - as above
    bounds: Bounds = writer_schema["bounds"]
    bounds.free -= 1
    if bounds.free < 0:
        raise NotAvro("the body claims more values that take no bytes than it may")
    return value


def _leave(record: Any, writer_schema: Any, _reader_schema: Any) -> Any:  # noqa: ANN401 - as above
    writer_schema["bounds"].depth -= 1
    return record


LOGICAL_READERS: Final = {
    "bytes-exact-decimal": _read_decimal,
    "fixed-exact-decimal": _read_decimal,
    "null-free": _count_free,
    "record-free": _count_free,
    "record-nested": _leave,
}
"""What fastavro calls with each value of these types."""
