"""A body in Avro's binary encoding."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import cached_property
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, cast

from ..bad_input import AmbiguousMessage, BadInput, InvalidPayload, NotAvro
from ..payload import Content, Reader
from .avro_bounds import FREE, LOGICAL_READERS, Bounds, bounded
from .framed import is_framed

if TYPE_CHECKING:
    from .avro_bounds import Schema

_CONFLUENT: Final = 4
"""How long the id of a schema is in the framing that is looked for where the contract does not say."""
_FLOAT: Final = 1e-6
"""How much a number may change that is written in 32 bits, as a part of it."""
_TIME: Final = timedelta(milliseconds=1)
"""How much a time may, of which milliseconds are written."""


class Avro(Content):
    """Values of one Avro schema, which the writer has used as well, as a type of Python.

    Where nothing is said of the id of a schema in front of each value, it `may_be_framed`: both are tried, and a body
    that can be read either way is refused. None is written.
    """

    medium = "avro"

    def __init__(
        self,
        schema: Schema,
        type_: Any,  # noqa: ANN401 - any expression that pydantic takes for a type
        *,
        may_be_framed: bool = False,
        is_recursive: bool = False,
    ) -> None:
        fastavro: Any = import_module("fastavro.read")
        fastavro.LOGICAL_READERS |= LOGICAL_READERS
        self._decode: Final = fastavro.schemaless_reader
        self._bounds: Final = Bounds()
        self._schema: Final = schema
        self._bounded: Final = bounded(schema, self._bounds, is_recursive=is_recursive)
        self._reader: Final = Reader(type_)
        self._may_be_framed: Final = may_be_framed

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a value of the type
        """Give the value; raises `NotAvro`, `AmbiguousMessage`, and `InvalidPayload` for one that the type refuses."""
        if not self._may_be_framed or not is_framed(body, 1 + _CONFLUENT):
            return self._read(body)
        try:
            bare = self._read(body)
        except BadInput:
            return self._read(body[1 + _CONFLUENT :])
        try:
            self._read(body[1 + _CONFLUENT :])
        except BadInput:
            return bare
        raise AmbiguousMessage("valid with and without the id of a schema in front")

    def write(self, payload: Any) -> bytes:  # noqa: ANN401 - as above
        """Give the body with every field of the schema; it is read as the receiver will, and must be the same then."""
        given = self._reader.members(payload)
        stream = BytesIO()
        try:
            self._encode(stream, given)
        except Exception as error:  # noqa: BLE001 - it raises whatever the value leads it to
            raise InvalidPayload([f"it is no value of the schema ({type(error).__name__})"]) from None
        body = stream.getvalue()
        try:
            arrives = self._reader.members(self.read(body))
        except (AmbiguousMessage, NotAvro) as refusal:
            raise InvalidPayload([f"its receiver would refuse it: {refusal}"]) from None
        if not _is_same(arrives, given):
            raise InvalidPayload(["it would change on the way: a boolean for a number, or a number that is too exact"])
        return body

    def _read(self, payload: bytes) -> Any:  # noqa: ANN401 - as above
        stream = BytesIO(payload)
        self._bounds.depth, self._bounds.free = 0, FREE + len(payload)
        try:
            value = self._decode(stream, self._bounded, None)
        except NotAvro:  # of what is outside the bounds
            raise
        except Exception as error:  # noqa: BLE001 - it raises whatever the bytes lead it to
            raise NotAvro(f"the body is not as the schema says ({type(error).__name__})") from None
        if rest := len(payload) - stream.tell():
            raise NotAvro(f"{rest} bytes are left over behind the value")
        return self._reader.take(value)

    @cached_property
    def _encode(self) -> Any:  # noqa: ANN401 - a function
        fastavro: Any = import_module("fastavro.write")
        for kind in ("bytes", "fixed"):
            fastavro.LOGICAL_WRITERS[f"{kind}-exact-decimal"] = fastavro.LOGICAL_WRITERS[f"{kind}-decimal"]
        parsed = import_module("fastavro.schema").parse_schema(self._schema)
        validate = import_module("fastavro.validation").validate

        def encode(stream: BytesIO, value: object) -> None:
            validate(value, parsed, strict=True, disable_tuple_notation=True)  # an int of 33 bits would be written
            fastavro.schemaless_writer(stream, parsed, value, strict=True, disable_tuple_notation=True)

        return encode


def _is_same(one: object, other: object) -> bool:
    """Whether what arrives is what was given, as exactly as the schema has it."""
    if isinstance(one, dict) and isinstance(other, dict):
        members, others = cast("dict[str, object]", one), cast("dict[str, object]", other)
        return members.keys() == others.keys() and all(_is_same(members[key], others[key]) for key in members)
    if isinstance(one, list) and isinstance(other, (list, tuple)):
        items, rest = cast("list[object]", one), cast("list[object]", other)
        return len(items) == len(rest) and all(map(_is_same, items, rest))
    if isinstance(one, float) and isinstance(other, (int, float)) and not isinstance(other, bool):
        return math.isclose(one, other, rel_tol=_FLOAT)
    if isinstance(one, datetime) and isinstance(other, datetime) and other.tzinfo is not None:
        return abs(one - other) < _TIME
    return one == other and isinstance(one, bool) == isinstance(other, bool)
