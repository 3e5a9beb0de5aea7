"""The bundled schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.models.conftest import Generated

    Generate = Callable[..., Generated]


@pytest.fixture
def bundled(generate: Generate) -> Callable[[Any], Any]:
    """Give a function that gives what becomes of the schema of a member `m`, and of all definitions."""

    def bundle(schema: Any, **schemas: Any) -> tuple[Any, Any]:
        payload = {"type": "object", "properties": {"m": schema}}
        generated = generate(yaml.safe_dump({"messages": {"A": {"payload": payload}}, "schemas": schemas}))
        assert generated.found == []
        definitions = generated.bundle["$defs"]
        return definitions.pop("APayload")["properties"]["m"], definitions

    return bundle


def test_holds_a_definition_for_each_class_and_a_property_for_each_alias(generate: Generate) -> None:
    generated = generate(
        """
        messages:
          A:
            payload:
              type: object
              properties: {s: {enum: [x, y]}, t: {type: array, items: {minLength: 1, type: string}}}
          B: {payload: {type: string, description: A text.}}
        """
    )
    assert generated.bundle == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "PayloadAliases",
        "type": "object",
        "properties": {"BPayload": {"type": "string", "description": "A text."}},
        "required": ["BPayload"],
        "$defs": {
            "APayload": {
                "description": "`/messages/A/payload` of `orders.yaml`.",
                "type": "object",
                "properties": {
                    "s": {"$ref": "#/$defs/AS"},
                    "t": {"type": "array", "items": {"$ref": "#/$defs/Inline1"}},
                },
                "required": [],
                "additionalProperties": True,
            },
            "AS": {
                "description": "`/messages/A/payload/properties/s` of `orders.yaml`.",
                "type": "string",
                "enum": ["x", "y"],
            },
            "Inline1": {"type": "string", "minLength": 1},
        },
    }


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        # what steers the model generator, and what it gets wrong
        ({"type": "string", "customTypePath": "os.system", "x-python-type": "os"}, {"type": "string"}),
        ({"type": "object", "customBasePath": "subprocess.Popen"}, {"type": "object", "additionalProperties": True}),
        ({"type": "string", "format": "password"}, {"type": "string"}),
        ({"type": "string", "format": "uri", "maxLength": 9}, {"type": "string", "maxLength": 9}),
        ({"type": "string", "format": "date", "maxLength": 9}, {"type": "string", "format": "date"}),
        ({"type": "number", "format": "decimal", "multipleOf": 0.01}, {"type": ["integer", "number"]}),
        ({"type": "integer", "format": "int64"}, {"type": "integer"}),
        ({"type": "integer", "minimum": 1.5, "maximum": 3.0}, {"type": "integer", "minimum": 2, "maximum": 3}),
        (
            {"type": "integer", "exclusiveMinimum": 0, "multipleOf": 5},
            {"type": "integer", "exclusiveMinimum": 0, "multipleOf": 5},
        ),
        ({"type": "string", "pattern": "^(?=a)"}, {"type": "string"}),
        ({"type": "string", "pattern": "^[a-z]$"}, {"type": "string", "pattern": "^[a-z]$"}),
        # what a type cannot say
        ({"type": "array", "uniqueItems": True, "contains": {}, "items": [{}, {}]}, {"type": "array", "items": {}}),
        ({"type": "object", "minProperties": 1}, {"type": "object", "additionalProperties": True}),
        ({"not": {"type": "string"}}, {}),
        ({"minLength": 3}, {}),
        ({"items": {"type": "string"}}, {}),
        (True, {}),
        (False, {}),
        # null
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "null"}, {"type": "null"}),
        ({"enum": [None]}, {"type": "null"}),
        ({"oneOf": [{"type": "null"}, {"type": "integer", "minimum": 1}]}, {"type": ["integer", "null"], "minimum": 1}),
        # choices
        ({"const": "a"}, {"const": "a"}),
        ({"enum": ["a"]}, {"const": "a"}),
        ({"enum": ["a", None]}, {"anyOf": [{"const": "a"}, {"type": "null"}]}),
        ({"const": 1.5}, {"type": ["integer", "number"]}),
        ({"const": {"a": 1}}, {"type": "object", "additionalProperties": True}),
        ({"enum": [True, 1]}, {"anyOf": [{"type": "boolean"}, {"type": "integer"}]}),
        ({"type": "string", "enum": [1, 2]}, {"type": "string"}),
        # unions
        ({"anyOf": [{"type": "string", "maxLength": 2}]}, {"type": "string", "maxLength": 2}),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ({"oneOf": [{"type": "string"}, {"type": "string", "format": "email"}]}, {"type": "string"}),
        ({"oneOf": [{"type": "string"}, {"minLength": 3}]}, {}),
        ({"type": "string", "oneOf": [{"format": "email"}, {"maxLength": 3}]}, {"type": "string"}),
        ({"type": ["string", "integer"]}, {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
        ({"type": ["number", "integer"]}, {"type": ["integer", "number"]}),
        # allOf
        ({"allOf": [{"type": "string"}, {"maxLength": 3}]}, {"type": "string", "maxLength": 3}),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, {"type": "integer"}),
    ],
    ids=repr,
)
def test_weakens_what_cannot_be_held(bundled: Callable[[Any], Any], schema: Any, expected: Any) -> None:
    assert bundled(schema) == (expected, {})


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ({"type": "string", "default": "a"}, True),
        ({"type": "string", "default": 1}, False),
        ({"type": "string", "default": "abc", "maxLength": 2}, False),
        ({"type": "string", "default": "abc", "pattern": "x"}, False),
        ({"type": "string", "default": "abc", "pattern": "^a"}, True),
        ({"type": "integer", "default": 30, "multipleOf": 5}, True),
        ({"type": "integer", "default": 31, "multipleOf": 5}, False),
        ({"type": "string", "default": "2026-01-02", "format": "date"}, False),
        ({"type": "integer", "default": 3, "minimum": 3}, True),
        ({"type": "integer", "default": 3, "exclusiveMinimum": 3}, False),
        ({"type": "integer", "default": True}, False),
        ({"type": "number", "default": 0.5}, True),
        ({"type": "boolean", "default": False}, True),
        ({"type": "boolean", "default": 0}, False),
        ({"const": "a", "default": "a"}, True),
        ({"const": "a", "default": "b"}, False),
        ({"type": "array", "default": []}, True),
        ({"type": "array", "default": ["a"]}, False),
        ({"type": "array", "default": [], "minItems": 1}, False),
        ({"type": "object", "default": {}}, False),
        ({"default": "a"}, False),
    ],
    ids=repr,
)
def test_keeps_single_defaults_that_are_valid(bundled: Callable[[Any], Any], schema: Any, kept: bool) -> None:  # noqa: FBT001
    written, _ = bundled(schema)
    assert ("default" in written) is kept


class TestObjects:
    """Objects, and what they are merged from."""

    def test_are_open_unless_closed(self, bundled: Callable[..., Any]) -> None:
        _, definitions = bundled({"properties": {"a": {}}})
        assert definitions["AM"]["additionalProperties"] is True
        _, definitions = bundled({"type": "object", "properties": {"a": {}}, "additionalProperties": False})
        assert definitions["AM"]["additionalProperties"] is False
        _, definitions = bundled({"type": "object", "additionalProperties": False})
        assert definitions["AM"]["properties"] == {}
        _, definitions = bundled({"properties": {"a": {}}, "additionalProperties": {"type": "string"}})
        assert definitions["AM"]["additionalProperties"] == {"type": "string"}

    def test_patterns_open_what_is_closed(self, bundled: Callable[..., Any]) -> None:
        closed = {"additionalProperties": False, "patternProperties": {"^x": {"type": "string"}}}
        _, definitions = bundled({"properties": {"a": {}}, **closed})
        assert definitions["AM"]["additionalProperties"] == {"type": "string"}
        written, _ = bundled({"type": "object", **closed})
        assert written == {"type": "object", "additionalProperties": {"type": "string"}}

    def test_require_what_nobody_describes(self, bundled: Callable[..., Any]) -> None:
        _, definitions = bundled({"type": "object", "properties": {"a": {}}, "required": ["b"]})
        assert definitions["AM"]["properties"] == {"a": {}, "b": {}}
        assert definitions["AM"]["required"] == ["b"]

    def test_are_merged_from_their_parts(self, bundled: Callable[..., Any]) -> None:
        written, definitions = bundled(
            {
                "allOf": [
                    {"$ref": "#/schemas/Base"},
                    {"properties": {"b": {"enum": ["x", "y"]}, "kind": {"const": "order"}}, "required": ["b"]},
                ],
                "required": ["c"],
                "properties": {"c": {"type": "string"}, "kind": {"description": "Which."}},
            },
            Base={"type": "object", "properties": {"a": {}, "kind": {"type": "string"}}, "required": ["a"]},
        )
        assert written == {"$ref": "#/$defs/AM"}
        assert definitions["AM"]["properties"] == {
            "a": {},
            "kind": {"const": "order"},
            "b": {"$ref": "#/$defs/AMB"},
            "c": {"type": "string"},
        }
        assert definitions["AM"]["required"] == ["a", "b", "c"]

    def test_of_one_part_are_that_part(self, bundled: Callable[..., Any]) -> None:
        schema = {
            "type": "object",
            "description": "Where.",
            "allOf": [{"$ref": "#/schemas/Base"}, {"description": "x"}],
        }
        written, definitions = bundled(schema, Base={"type": "object", "properties": {"a": {}}})
        assert written == {"$ref": "#/$defs/Base", "description": "Where."}
        assert set(definitions) == {"Base"}

    def test_siblings_of_a_reference_only_describe(self, bundled: Callable[..., Any]) -> None:
        schema = {"$ref": "#/schemas/Base", "description": "Where.", "nullable": True, "default": {"a": 1}}
        written, _ = bundled(schema, Base={"type": "object", "properties": {"a": {}}})
        assert written == {"$ref": "#/$defs/Base", "description": "Where."}

    def test_may_hold_themselves(self, bundled: Callable[..., Any]) -> None:
        _, definitions = bundled({"$ref": "#/schemas/Tree"}, Tree={"properties": {"next": {"$ref": "#/schemas/Tree"}}})
        assert definitions["Tree"]["properties"] == {"next": {"$ref": "#/$defs/Tree"}}

    def test_discriminators_are_left_out(self, bundled: Callable[..., Any]) -> None:
        pets = {name: {"type": "object", "properties": {"kind": {"const": name}}} for name in ("Cat", "Dog")}
        schema = {"oneOf": [{"$ref": "#/schemas/Cat"}, {"$ref": "#/schemas/Dog"}], "discriminator": "kind"}
        written, _ = bundled(schema, **pets)
        assert written == {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {"type": "array", "items": {"$ref": "#/schemas/S"}},
            {"type": "array", "items": {"type": "array", "items": {}}},
        ),
        ({"oneOf": [{"type": "string"}, {"$ref": "#/schemas/S"}]}, {}),
        ({"allOf": [{"$ref": "#/schemas/S"}, {"type": "string"}]}, {"type": "string"}),
        ({"allOf": [{"$ref": "#/schemas/S"}]}, {}),
    ],
)
def test_what_consists_of_itself_ends(bundled: Callable[..., Any], schema: Any, expected: Any) -> None:
    assert bundled({"$ref": "#/schemas/S"}, S=schema) == (expected, {})
