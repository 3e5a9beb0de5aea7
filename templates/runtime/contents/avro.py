"""A body in Avro's binary encoding."""

from __future__ import annotations

from decimal import Context, Decimal
from importlib import import_module
from io import BytesIO
from typing import Any, Final, TypeAlias

from ..bad_input import AmbiguousMessage, BadInput, NotAvro
from ..payload import Content, Reader
from .framed import is_framed, unframed

Schema: TypeAlias = str | list[Any] | dict[str, Any]

_CONFLUENT: Final = 4
"""How long the id of a schema is in the framing that is looked for where the contract does not say."""
_DEEP: Final = "fastavro._read_py"
_FLAT: Final = "fastavro.read"
"""The faster one recurses without a limit: a body that nests deeply enough would end the process."""


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
        fastavro = import_module(_DEEP if is_recursive else _FLAT)
        for kind in ("bytes", "fixed"):
            fastavro.LOGICAL_READERS[f"{kind}-exact-decimal"] = _read_decimal
        self._decode: Final = fastavro.schemaless_reader
        self._schema: Final = import_module("fastavro.schema").parse_schema(schema)
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
        try:
            value = self._decode(stream, self._schema, None)
        except Exception as error:  # noqa: BLE001 - it raises whatever the bytes lead it to
            raise NotAvro(f"the body is not as the schema says ({type(error).__name__})") from None
        if rest := len(payload) - stream.tell():
            raise NotAvro(f"{rest} bytes are left over behind the value")
        return self._reader.take(value)


def _read_decimal(data: bytes, writer_schema: Any, _reader_schema: Any) -> Decimal:  # noqa: ANN401 - as fastavro has it
    """Read a decimal (specification, "Decimal") without rounding one that has more digits than its type allows."""
    precision, scale = writer_schema["precision"], writer_schema["scale"]
    unscaled = int.from_bytes(data, "big", signed=True)
    if abs(unscaled) >= 10**precision:
        raise ValueError("more digits than the precision")
    return Decimal(unscaled).scaleb(-scale, Context(prec=precision))
