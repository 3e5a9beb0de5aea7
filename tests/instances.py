"""Values of a JSON Schema (draft 7), made from the schema alone: the smallest one, and one with everything in it.

It is a guess, not a proof: whoever takes one has it judged by a validator first.
"""

from __future__ import annotations

import contextlib
import functools
import json
import random
import re
import warnings
from typing import TYPE_CHECKING, Any, Final

import hypothesis
from hypothesis import strategies

if TYPE_CHECKING:
    from collections.abc import Callable

_DEEPEST: Final = 6
"""Below it only what is required is written, so that recursive schemas end."""
_LONGEST_WAY: Final = 30
"""Steps from a schema to the one that it refers to or is put together from."""
_FORMATS: Final = {
    "date-time": "2026-03-01T09:30:00Z",
    "date": "2026-03-01",
    "time": "09:30:00Z",
    "uuid": "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77",
    "email": "ada@example.com",
    "uri": "https://example.com/a",
}
_KEYWORDS: Final = {
    "object": {"properties", "required", "additionalProperties", "patternProperties", "minProperties"},
    "array": {"items", "minItems", "maxItems", "contains"},
    "string": {"pattern", "minLength", "maxLength", "format"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}
"""What tells the type of a schema that does not say it."""


class NoInstanceError(Exception):
    """No value comes to mind."""


class Instances:
    """Makes values; `resolve` gives what a `$ref` leads to."""

    def __init__(self, resolve: Callable[[str], Any], *, is_full: bool, branch: int = 0) -> None:
        self._resolve = resolve
        self._is_full = is_full
        self._branch = branch
        """Which part of a `oneOf` or `anyOf` is taken, counted round."""

    def make(self, schema: Any, depth: int = 0) -> Any:
        """Give a value that should be valid. Raises `NoInstanceError`."""
        schema = self._flattened(schema)
        if schema is False:
            raise NoInstanceError
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][-1 if self._is_full else 0]
        make: dict[str, Callable[[dict[str, Any], int], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "number": self._number,
            "integer": self._number,
            "boolean": lambda *_: self._is_full,
            "null": lambda *_: None,
        }
        if (name := self._type(schema)) not in make:
            raise NoInstanceError(f"type {name!r} is none of JSON")
        return make[name](schema, depth)

    def _flattened(self, schema: Any, steps: int = 0) -> Any:
        """Follow references, put `allOf` together and choose one part of `oneOf` and `anyOf`."""
        if steps > _LONGEST_WAY:
            raise NoInstanceError("a schema that is valid when it is valid")
        if not isinstance(schema, dict):
            return {} if schema is True else schema
        if "$ref" in schema:
            return self._flattened(self._resolve(schema["$ref"]), steps + 1)
        parts = list(schema.get("allOf", ()))
        parts += [schema[key][self._branch % len(schema[key])] for key in ("oneOf", "anyOf") if schema.get(key)]
        own = {key: value for key, value in schema.items() if key not in {"allOf", "oneOf", "anyOf"}}
        return functools.reduce(_merged, [self._flattened(part, steps + 1) for part in parts], own)

    def _type(self, schema: dict[str, Any]) -> str:
        types = schema.get("type")
        if isinstance(types, list):
            return str(next((one for one in types if one != "null"), "null") if self._is_full else types[0])
        guess = next((name for name, keywords in _KEYWORDS.items() if keywords & schema.keys()), "string")
        return str(types or guess)

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = schema.get("required", ())
        is_full = self._is_full and depth < _DEEPEST
        made: dict[str, Any] = {}
        for name in dict.fromkeys([*properties, *required] if is_full else required):
            with contextlib.nullcontext() if name in required else contextlib.suppress(NoInstanceError):
                made[name] = self.make(properties.get(name, True), depth + 1)
        others = schema.get("additionalProperties", True)
        fewest = max(schema.get("minProperties", 0), len(made) + 1 if is_full else 0)
        if others is not False and "propertyNames" not in schema and not schema.get("patternProperties"):
            for number in range(len(made), min(fewest, schema.get("maxProperties", fewest))):
                made[f"unknown-{number}"] = self.make(others, depth + 1)
        return made

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        items = schema.get("items", True)
        if isinstance(items, list):
            return [self.make(item, depth + 1) for item in items]
        fewest = schema.get("minItems", 0)
        count = min(max(1, fewest), schema.get("maxItems", 1)) if self._is_full and depth < _DEEPEST else fewest
        return [self.make(items, depth + 1) for _ in range(count)]

    def _string(self, schema: dict[str, Any], _: int) -> str:
        shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 1 << 20)
        if "pattern" in schema:
            return _matching(schema["pattern"], shortest, longest)
        if (known := _FORMATS.get(schema.get("format", ""))) is not None:
            return known
        text = "Zoë" if self._is_full else ""
        return text.ljust(shortest, "x")[:longest]

    def _number(self, schema: dict[str, Any], _: int) -> Any:
        step = schema.get("multipleOf", 1 if schema["type"] == "integer" or not self._is_full else 0.5)
        lowest = schema.get("minimum", schema.get("exclusiveMinimum", 0))
        highest = schema.get("maximum", schema.get("exclusiveMaximum"))
        if highest is not None and highest < lowest:
            lowest = highest - 4 * step
        number = -(-lowest // step) * step
        if number == schema.get("exclusiveMinimum") or (self._is_full and (highest is None or number + step < highest)):
            number += step
        return number


def _merged(one: Any, other: Any) -> Any:
    """Put two schemas together, as far as both are about the same things."""
    if one is False or other is False:
        return False
    merged = {**one, **other}
    if "required" in merged:
        merged["required"] = [*one.get("required", ()), *other.get("required", ())]
    if "properties" in one and "properties" in other:
        shared = {
            name: {"allOf": [one["properties"][name], other["properties"][name]]}
            for name in one["properties"].keys() & other["properties"].keys()
        }
        merged["properties"] = {**one["properties"], **other["properties"], **shared}
    return merged


@functools.cache
def _matching(pattern: str, shortest: int, longest: int) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return hypothesis.find(
                strategies.from_regex(pattern, fullmatch=False),
                lambda text: shortest <= len(text) <= longest and text.isprintable(),
                settings=hypothesis.settings(database=None, max_examples=500, phases=[hypothesis.Phase.generate]),
                random=random.Random(0),  # noqa: S311 - the same one each time
            )
    except (hypothesis.errors.HypothesisException, re.error) as error:
        raise NoInstanceError(f"nothing matches {json.dumps(pattern)}") from error
