"""A body in Avro's binary encoding."""

from __future__ import annotations

from decimal import Context, Decimal
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from ..bad_input import AmbiguousMessage, BadInput, NotAvro
from ..payload import Content, Reader
from .framed import is_framed, unframed

if TYPE_CHECKING:
    from collections.abc import Iterator

Schema: TypeAlias = str | list[Any] | dict[str, Any]

_CONFLUENT: Final = 4
"""How long the id of a schema is in the framing that is looked for where the contract does not say."""
_DEEPEST: Final = 200
"""How deep records may be nested. fastavro recurses without a limit: a body that nests deeply enough would end the
process. Pydantic gives up at 255."""
_FREE: Final = 1000
"""How many values that take no bytes (nulls outside of unions, empty records) a body may have beyond one for each of
its bytes: a block of an array may say in a few bytes that there are billions. All other values take a byte at least, so
that no body stands for more of these than of others; a short one may have some more, which cost nothing."""


class Avro(Content):
    """Values of one Avro schema, which the writer has used as well, as a type of Python.

    `schema_id` is how many bytes the id of the schema has in front of each value: 0 for none at all. Where it is None,
    both are tried, and a body that can be read either way is refused.
    """

    medium = "avro"

    def __init__(
        self,
        schema: Schema,
        type_: Any,  # noqa: ANN401 - any expression that pydantic takes for a type
        *,
        schema_id: int | None = None,
        is_recursive: bool = False,
    ) -> None:
        fastavro: Any = import_module("fastavro.read")
        fastavro.LOGICAL_READERS |= _LOGICAL_READERS
        self._decode: Final = fastavro.schemaless_reader
        self._bounds: Final = _Bounds()
        self._schema: Final = _bounded(schema, self._bounds, is_recursive=is_recursive)
        self._reader: Final = Reader(type_)
        self._schema_id: Final = schema_id

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a value of the type
        """Give the value; raises `NotAvro`, `AmbiguousMessage`, and `InvalidPayload` for one that the type refuses."""
        if self._schema_id == 0:
            return self._read(body)
        if self._schema_id is not None:
            return self._read(unframed(body, 1 + self._schema_id))
        if not is_framed(body, 1 + _CONFLUENT):
            return self._read(body)
        return self._read_either_way(body)

    def _read_either_way(self, body: bytes) -> Any:  # noqa: ANN401 - as above
        try:
            bare = self._read(body)
        except BadInput:
            return self._read(body[1 + _CONFLUENT :])
        try:
            self._read(body[1 + _CONFLUENT :])
        except BadInput:
            return bare
        raise AmbiguousMessage("valid with and without the id of a schema in front")

    def _read(self, payload: bytes) -> Any:  # noqa: ANN401 - as above
        stream = BytesIO(payload)
        self._bounds.depth, self._bounds.free = 0, _FREE + len(payload)
        try:
            value = self._decode(stream, self._schema, None)
        except NotAvro:  # of what is outside the bounds
            raise
        except Exception as error:  # noqa: BLE001 - it raises whatever the bytes lead it to
            raise NotAvro(f"the body is not as the schema says ({type(error).__name__})") from None
        if rest := len(payload) - stream.tell():
            raise NotAvro(f"{rest} bytes are left over behind the value")
        return self._reader.take(value)


class _Bounds:
    """What the body that is being read may still claim."""

    depth = 0
    free = 0


class _Fields(list[Any]):
    """The fields of a record that may hold itself: fastavro goes through them when it starts to read one."""

    def __init__(self, fields: list[Any], bounds: _Bounds) -> None:
        super().__init__(fields)
        self._bounds = bounds

    def __iter__(self) -> Iterator[Any]:
        self._bounds.depth += 1
        if self._bounds.depth > _DEEPEST:
            raise NotAvro(f"the body is nested too deeply: records go {_DEEPEST} deep at most")
        return super().__iter__()


def _bounded(schema: Schema, bounds: _Bounds, *, is_recursive: bool) -> dict[str, Any]:
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


def _beside(part: dict[str, Any], bounds: _Bounds, *, is_recursive: bool) -> dict[str, Any]:
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
    bounds: _Bounds = writer_schema["bounds"]
    bounds.free -= 1
    if bounds.free < 0:
        raise NotAvro("the body claims more values that take no bytes than it may")
    return value


def _leave(record: Any, writer_schema: Any, _reader_schema: Any) -> Any:  # noqa: ANN401 - as above
    writer_schema["bounds"].depth -= 1
    return record


_LOGICAL_READERS: Final = {
    "bytes-exact-decimal": _read_decimal,
    "fixed-exact-decimal": _read_decimal,
    "null-free": _count_free,
    "record-free": _count_free,
    "record-nested": _leave,
}
"""What fastavro calls with each value of these types."""
