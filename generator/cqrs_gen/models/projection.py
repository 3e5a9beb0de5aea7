"""What the models check of a value that is neither an object nor a choice; never more than its schema asks for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import SchemaValidator, ValidationError, core_schema

from cqrs_gen.contract.schemas.keywords import is_number
from cqrs_gen.contract.schemas.patterns import for_pydantic
from cqrs_gen.contract.schemas.values import ArrayValues, ChosenValues, PlainValues

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.contract.schemas.values import Values

_LARGEST: Final = 2**63 - 1
"""The largest count that pydantic takes; nothing that comes is as large."""
_TYPED_FORMATS: Final = ("date", "date-time", "uuid")
"""Strings with these formats have types of their own; any other format is an annotation."""
_OF_AVRO: Final = {
    "bytes": {"type": "string", "format": "binary"},
    "decimal": {"type": "string", "format": "decimal"},
}
"""How the model generator knows the types that JSON has not."""
_LENGTHS: Final = ("minLength", "maxLength")
_SIZES: Final = ("minItems", "maxItems")
_BOUNDS: Final = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


def project_plain(values: PlainValues) -> dict[str, Any]:
    """Give the schema of strings, numbers, booleans or null, with what pydantic checks as JSON Schema does."""
    match values.type:
        case "string" if values.keywords.get("format") in _TYPED_FORMATS:
            return {"type": "string", "format": values.keywords["format"]}
        case "string":
            return {"type": "string", **_counts(values.keywords, _LENGTHS), **_pattern(values.keywords)}
        case "integer":
            return {"type": "integer", **_integer_bounds(values.keywords)}
        case "number":  # an integer keeps its digits and its spelling
            return {"type": ["integer", "number"], **_some(values.keywords, _BOUNDS)}
        case _:
            return dict(_OF_AVRO.get(values.type) or {"type": values.type})


def project_sizes(values: ArrayValues) -> dict[str, Any]:
    """Give the keywords for the sizes of arrays."""
    return _counts(values.keywords, _SIZES)


def is_default(default: Any, values: Values) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a default can be written into the model: a single value that is valid for sure, or no elements."""
    match values:
        case ChosenValues():
            return any(default == choice and type(default) is type(choice) for choice in values.choice)
        case PlainValues():
            return _is_plain_default(default, project_plain(values))
        case ArrayValues():
            return default == [] and not project_sizes(values).get("minItems")
        case _:
            return False


def _is_plain_default(default: Any, schema: Mapping[str, Any]) -> bool:  # noqa: ANN401 - any JSON value
    match schema["type"]:
        case "string":
            lengths = schema.get("minLength", 0), schema.get("maxLength", math.inf)
            has_length = isinstance(default, str) and lengths[0] <= len(default) <= lengths[1]
            return has_length and "format" not in schema and _matches(schema.get("pattern"), default)
        case "boolean":
            return isinstance(default, bool)
        case "integer":
            return type(default) is int and default % schema.get("multipleOf", 1) == 0 and _is_within(default, schema)
        case ["integer", "number"]:
            return is_number(default) and _is_within(default, schema)
        case _:
            return False


def _matches(pattern: str | None, text: str) -> bool:
    """Whether pydantic finds a pattern in a text."""
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern)).validate_python(text)
    except ValidationError:
        return False
    return True


def _is_within(number: float, schema: Mapping[str, float]) -> bool:
    at_least, at_most = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    above, below = schema.get("exclusiveMinimum", -math.inf), schema.get("exclusiveMaximum", math.inf)
    return at_least <= number <= at_most and above < number < below


def _some(keywords: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: keywords[name] for name in names if name in keywords}


def _counts(keywords: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    counts = {name: int(count) for name, count in _some(keywords, names).items() if count or name.startswith("max")}
    return {name: count for name, count in counts.items() if count <= _LARGEST}


def _pattern(keywords: Mapping[str, Any]) -> dict[str, Any]:
    pattern = for_pydantic(keywords["pattern"]) if "pattern" in keywords else None
    return {"pattern": pattern} if pattern is not None else {}


def _integer_bounds(keywords: Mapping[str, Any]) -> dict[str, Any]:
    """Write the bounds of integers as integers: at least 1.5 is at least 2."""
    bounds: dict[str, Any] = {}
    for name, bound in _some(keywords, _BOUNDS).items():
        if bound == int(bound):
            bounds[name] = int(bound)
        elif name.lower().endswith("minimum"):
            bounds["minimum"] = max(math.ceil(bound), bounds.get("minimum", -math.inf))
        else:
            bounds["maximum"] = min(math.floor(bound), bounds.get("maximum", math.inf))
    multiple = keywords.get("multipleOf")
    return {**bounds, "multipleOf": multiple} if isinstance(multiple, int) else bounds
