"""Models made from any schemas take every message that is valid as JSON Schema has it, and write it as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tests.unit.models.conftest import Payload

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.models.conftest import Generated

NAMES = st.sampled_from(
    ["id", "userId", "user_id", "class", "@type", "type", "model_config", "a.b", "größe", "date", ""]
)
TEXTS = st.sampled_from(["", "a", "ab", "new", "1", "true", "null", "é", "2026-01-02"])
NUMBERS = st.sampled_from([0, 1, -1, 2, 7, 10**18, 0.5, -1.25, 2.0])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)


def _some(**keywords: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keywords)


def _with(base: st.SearchStrategy[dict[str, Any]], **keywords: Any) -> st.SearchStrategy[dict[str, Any]]:
    return base.map(lambda chosen: keywords | chosen)


PLAIN = st.one_of(
    _with(
        _some(minLength=st.integers(0, 2), maxLength=st.integers(2, 5), pattern=st.sampled_from(["^a", r"\d", r"^\W"])),
        type="string",
    ),
    _with(_some(minimum=NUMBERS, exclusiveMaximum=NUMBERS, multipleOf=st.sampled_from([1, 5, 0.5])), type="integer"),
    _with(_some(minimum=NUMBERS, maximum=NUMBERS, default=NUMBERS), type="number"),
    st.sampled_from(
        [{}, True, {"type": "boolean", "default": False}, {"type": "null"}, {"type": ["string", "integer", "null"]}]
    ),
    st.lists(TEXTS, min_size=1, max_size=4, unique=True).map(lambda values: {"enum": values}),
    st.lists(NUMBERS | TEXTS | st.none() | st.booleans(), min_size=1, max_size=3).map(lambda values: {"enum": values}),
    TEXTS.map(lambda value: {"const": value, "default": value}),
    st.sampled_from([{"type": "string", "format": name} for name in ("email", "uri", "password", "int64")]),
    st.just({"$ref": "#/schema"}),
)


def _composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    objects = _with(
        _some(
            properties=st.dictionaries(NAMES, inner, max_size=4),
            required=st.lists(NAMES, max_size=2, unique=True),
            additionalProperties=st.booleans() | inner,
            patternProperties=st.fixed_dictionaries({"^u": inner}),
            minProperties=st.just(1),
        ),
        type="object",
    )
    return st.one_of(
        objects,
        _with(
            _some(items=inner, minItems=st.integers(0, 1), maxItems=st.integers(1, 3), uniqueItems=st.booleans()),
            type="array",
        ),
        st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"oneOf": branches}),
        st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"anyOf": branches}),
        st.lists(objects, min_size=1, max_size=2).map(lambda parts: {"allOf": parts}),
        st.tuples(objects, objects).map(lambda both: {**both[0], "allOf": [both[1]]}),
        objects.map(lambda schema: {**schema, "not": {"required": ["id"]}}),
    )


SCHEMAS = st.recursive(PLAIN, _composed, max_leaves=8)


def _values(schema: Any, root: Any, depth: int = 0) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one for each type
    """Give values that are likely to be valid."""
    if not isinstance(schema, dict) or depth > 6:
        return ANYTHING
    schema = root if "$ref" in schema else schema
    for union in ("oneOf", "anyOf", "allOf"):
        if union in schema:
            return st.one_of([_values(branch, root, depth + 1) for branch in schema[union]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    match schema.get("type"):
        case "object":
            known = {name: _values(inner, root, depth + 1) for name, inner in schema.get("properties", {}).items()}
            required = {name: known.pop(name, ANYTHING) for name in schema.get("required", ())}
            declared = st.fixed_dictionaries(required, optional=known)
            others = _values(schema.get("additionalProperties"), root, depth + 1)
            return st.tuples(st.dictionaries(NAMES, others, max_size=1), declared).map(lambda both: both[0] | both[1])
        case "array":
            return st.lists(_values(schema.get("items"), root, depth + 1), max_size=2)
        case "string":
            return TEXTS
        case "integer" | "number":
            return NUMBERS
        case "boolean":
            return st.booleans()
        case _:
            return ANYTHING


def _respelt(value: Any) -> Any:
    """Write numbers without a fraction as integers, which is what the deserializers do."""
    if isinstance(value, dict):
        return {key: _respelt(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_respelt(element) for element in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_valid_messages_are_taken_and_written_as_they_were(
    generate: Callable[..., Generated], data: st.DataObject
) -> None:
    schema = data.draw(SCHEMAS)
    standalone = {"definitions": {"schema": json.loads(json.dumps(schema).replace("#/schema", "#/definitions/schema"))}}
    validator = jsonschema_rs.Draft7Validator({**standalone, "allOf": [{"$ref": "#/definitions/schema"}]})
    generated = generate(yaml.safe_dump({"messages": {"A": {"payload": {"$ref": "#/schema"}}}, "schema": schema}))
    assert generated.found == []
    bundle = jsonschema_rs.Draft202012Validator(
        {**generated.bundle, "properties": {}, "required": [], "additionalProperties": True}
    )
    assert bundle.is_valid({})
    (name,) = generated.names.names.values()
    read = Payload(TypeAdapter(getattr(generated.module, name)))
    for _ in range(8):
        value = _respelt(data.draw(_values(schema, schema)))
        if validator.is_valid(value):
            written = json.loads(read.adapter.dump_json(read.read(value), by_alias=True, exclude_unset=True))
            assert written == value
