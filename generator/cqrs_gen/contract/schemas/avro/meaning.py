"""What the types of Avro are in JSON Schema, which is what the models are made of, and in what is decoded with.

The JSON Schemas have two types of their own, `bytes` and `decimal`, which Python has and JSON has not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Schema = dict[str, Any]
NOTHING: Final[tuple[Schema, Any]] = ({}, "null")
"""What stands for a type with a mistake, which has been reported."""

_PLAIN: Final[Mapping[str, Schema]] = {
    "null": {"type": "null"},
    "boolean": {"type": "boolean"},
    "int": {"type": "integer"},
    "long": {"type": "integer"},
    "float": {"type": "number"},
    "double": {"type": "number"},
    "bytes": {"type": "bytes"},
    "fixed": {"type": "bytes"},
    "string": {"type": "string"},
}
_DATE_TIME: Final[Schema] = {"type": "string", "format": "date-time"}
_LOGICAL: Final[Mapping[tuple[str, str], Schema]] = {
    ("int", "date"): {"type": "string", "format": "date"},
    ("long", "timestamp-millis"): _DATE_TIME,
    ("long", "timestamp-micros"): _DATE_TIME,
    ("string", "uuid"): {"type": "string", "format": "uuid"},
}
"""Those that are types of their own in Python. Any other counts for nothing, as Avro wants it: the value is of the type
below."""
EXACT_DECIMAL: Final = "exact-decimal"
"""What decodes decimals here (`runtime/contents/avro.py`): fastavro's own reader rounds those that are too long."""

MOST_DIGITS: Final = 1000
"""The highest precision of a decimal that is served, as in PostgreSQL: Avro has no limit, computing has."""


def plain(kind: str, written: Mapping[str, Any]) -> tuple[Schema, Any]:
    """Give what a primitive type or a fixed is in JSON Schema, and what it is decoded with.

    `written` has what stands beside the type: `logicalType` and what belongs to it.
    """
    logical = written.get("logicalType")
    if (kind, logical) in _LOGICAL:
        return dict(_LOGICAL[kind, str(logical)]), {"type": kind, "logicalType": logical}
    precision, scale = written.get("precision", 0), written.get("scale", 0)
    is_decimal = kind in {"bytes", "fixed"} and logical == "decimal" and _is_count(precision) and _is_count(scale)
    if is_decimal and 0 < precision >= scale:
        exact = {"type": kind, "logicalType": EXACT_DECIMAL, "precision": precision, "scale": scale}
        return {"type": "decimal"}, exact
    return dict(_PLAIN[kind]), kind


def is_too_exact(decoded: Any) -> bool:  # noqa: ANN401 - a schema of Avro
    """Whether it is a decimal of more digits than are served."""
    return isinstance(decoded, dict) and cast("Schema", decoded).get("precision", 0) > MOST_DIGITS


def is_default(default: object, schema: Schema) -> bool:
    """Whether the default of a field is one that the model can have: of a type that JSON has, too."""
    if "format" in schema:
        return False
    match schema.get("type"):
        case "boolean":
            return isinstance(default, bool)
        case "integer":
            return type(default) is int
        case "number":
            return type(default) in {int, float}
        case "string" if "enum" not in schema:
            return isinstance(default, str)
        case _:
            return False


def look_alike(first: Schema, second: Schema) -> bool:
    """Whether a value of one branch of a union may be of the other as well, once it is in Python.

    Avro writes down which branch it is; Python has its type alone: two records with the same fields, or an enumeration
    and a string, are one.
    """
    records = [schema for schema in (first, second) if "properties" in schema]
    if len(records) == 2:  # noqa: PLR2004 - both of them
        return _takes(first, second) or _takes(second, first)
    if records:
        return first.get("type") == second.get("type")
    texts = [schema for schema in (first, second) if schema.get("type") == "string" and "format" not in schema]
    choices: list[set[str]] = [set(schema["enum"]) for schema in texts if "enum" in schema]
    return len(texts) == 2 and (len(choices) < 2 or not choices[0].isdisjoint(choices[1]))  # noqa: PLR2004 - as above


def takes_no_bytes(schema: Schema, written_out: Callable[[Schema], Schema]) -> bool:
    """Whether values of that type take no room: a few bytes could then say that there are billions of them.

    `written_out` gives what a reference refers to.
    """
    seen: set[str] = set()
    waiting: list[Schema] = [schema]
    while waiting:
        part = waiting.pop()
        reference = part.get("$ref", "")
        if reference in seen or part.get("type") == "null":
            continue
        seen |= {reference} if reference else set()
        part = written_out(part)
        if "properties" not in part:
            return False
        waiting += part["properties"].values()
    return True


def _takes(record: Schema, other: Schema) -> bool:
    required, own, others = set(other["required"]), set(record["properties"]), set(other["properties"])
    return required <= own <= others


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def union_of(branches: Sequence[Schema], *, nullable: bool) -> Schema:
    """Give the JSON Schema of a union."""
    schemas = [*branches, *([{"type": "null"}] if nullable else [])]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
