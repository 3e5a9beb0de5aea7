"""Headers and keys as JSON: on the wire most of them are texts, whatever their schema says."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import orjson
from pydantic import BaseModel

from .bad_input import BadInput, NotJson
from .json_body import parse

_KINDS: Final[dict[object, str]] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    list: "array",
    dict: "object",
}
"""What is written as JSON when it has to be text; a null is no text."""


class _NotText(BadInput):
    """The value is no text."""


def json_types(type_: Any) -> frozenset[str]:  # noqa: ANN401 - a type expression
    """Give the types of JSON, besides strings and null, that the values of a type of models.py have."""
    origin, arguments = get_origin(type_), get_args(type_)
    if origin is Annotated:
        return json_types(arguments[0])
    if origin in {Union, UnionType}:
        return frozenset[str]().union(*map(json_types, arguments))
    if origin is Literal:
        return frozenset(kind for value in arguments if (kind := _kind_of(value)))
    kind = _KINDS.get(origin or type_)
    if kind is None and isinstance(type_, type) and issubclass(type_, BaseModel):
        kind = "object"
    return frozenset({kind} if kind else ())


def as_json(value: object, types: frozenset[str]) -> bytes:
    """Write a header or a key as JSON, of one of the `types` where its text says one of them.

    Numbers, arrays and objects are texts of JSON, booleans may have capitals. What AMQP has a type for keeps it. Raises
    `BadInput` for what is no UTF-8, and for integers beyond 64 bits in arrays and objects; what is no value of the
    types comes out as a string.
    """
    if value is None:
        return b"null"
    if type(value) is int:  # orjson writes none beyond 64 bits
        return b"%d" % value
    try:
        if isinstance(value, (bytes, bytearray)):
            value = value.decode()
        elif isinstance(value, datetime):
            value = value.replace(tzinfo=value.tzinfo or timezone.utc).isoformat()
        if isinstance(value, str):
            return (_as_written(value, types) if types else None) or orjson.dumps(value)
        return orjson.dumps(value, default=_plain, option=orjson.OPT_NAIVE_UTC)
    except (UnicodeError, orjson.JSONEncodeError) as error:
        is_large = "64-bit" in str(error)
        raise _NotText("it holds an integer beyond 64 bits" if is_large else "it is no UTF-8") from None


def _as_written(text: str, types: frozenset[str]) -> bytes | None:
    """Give a text that is JSON of one of the types."""
    if "boolean" in types and text.lower() in {"true", "false"}:
        return text.lower().encode()
    body = text.encode()
    try:
        kind = _kind_of(parse(body))
    except NotJson:
        return None
    is_number = kind in {"integer", "number"} and not types.isdisjoint({"integer", "number"})
    return body if kind in types or is_number else None


def _kind_of(value: object) -> str | None:
    return _KINDS.get(type(value))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (bytes, bytearray)):
        return value.decode()
    raise TypeError
