"""Schema Objects: the keywords of JSON Schema (draft 7) that AsyncAPI takes over, and a check of their values."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.patterns import is_regular_expression, is_shared
from cqrs_gen.rules import INVALID_PATTERN, UNCHECKED_KEYWORD, UNKNOWN_TYPE, WRONG_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node

TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")


class Holds(enum.Enum):
    """Where schemas are in the value of a keyword."""

    NOTHING = enum.auto()
    SCHEMA = enum.auto()
    SCHEMAS = enum.auto()
    NAMED_SCHEMAS = enum.auto()


@dataclass(frozen=True)
class Keyword:
    """A keyword: what its value must be, in words and as a test, and the schemas in it."""

    expected: str
    fits: Callable[[Any], bool]
    holds: Holds = Holds.NOTHING
    is_checked: bool = True
    """Whether the models hold a message to it; annotations count as checked."""
    idle: object = None
    """The value with which it asks for nothing."""


def is_schema(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value can be a schema: an object or a boolean."""
    return isinstance(value, (dict, bool))


def is_number(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a value is a number in JSON; booleans are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return is_number(value) and value >= 0 and value == int(value)


def _is_texts(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, list) and all(isinstance(element, str) for element in value)


def _of(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


_TEXT: Final = Keyword("a string", _of(str))
_FLAG: Final = Keyword("true or false", _of(bool))
_NUMBER: Final = Keyword("a number", is_number)
_COUNT: Final = Keyword("an integer that is not negative", _is_count)
_ANYTHING: Final = Keyword("anything", _of(object))
_SCHEMA: Final = Keyword("a schema, which is an object or a boolean", is_schema, Holds.SCHEMA)
_SCHEMAS: Final = Keyword("a list of schemas", lambda value: isinstance(value, list) and value != [], Holds.SCHEMAS)
_NAMED_SCHEMAS: Final = Keyword("an object of schemas", _of(dict), Holds.NAMED_SCHEMAS)


def _unchecked(keyword: Keyword, idle: object = None) -> Keyword:
    return Keyword(keyword.expected, keyword.fits, keyword.holds, is_checked=False, idle=idle)


KEYWORDS: Final = {
    "type": Keyword("a string or a list of strings", lambda value: isinstance(value, str) or _is_texts(value)),
    "enum": Keyword("a list", _of(list)),
    "const": _ANYTHING,
    "multipleOf": Keyword("a number above 0", lambda value: is_number(value) and value > 0),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"), _NUMBER),
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems"), _COUNT),
    **dict.fromkeys(("maxProperties", "minProperties"), _unchecked(_COUNT, idle=0)),
    "pattern": _TEXT,
    "items": Keyword(
        "a schema or a list of schemas", lambda value: is_schema(value) or isinstance(value, list), Holds.SCHEMA
    ),
    "additionalItems": _unchecked(_SCHEMA, idle=True),
    "uniqueItems": _unchecked(_FLAG, idle=False),
    "contains": _unchecked(_SCHEMA),
    "required": Keyword("a list of strings", _is_texts),
    "properties": _NAMED_SCHEMAS,
    "patternProperties": _unchecked(_NAMED_SCHEMAS, idle={}),
    "additionalProperties": _SCHEMA,
    "dependencies": _unchecked(_NAMED_SCHEMAS, idle={}),
    "propertyNames": _unchecked(_SCHEMA, idle=True),
    **dict.fromkeys(("if", "then", "else", "not"), _unchecked(_SCHEMA)),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _SCHEMAS),
    **dict.fromkeys(("definitions", "$defs"), _NAMED_SCHEMAS),
    **dict.fromkeys(("$schema", "$id", "$comment", "title", "description", "format"), _TEXT),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), _TEXT),
    **dict.fromkeys(("readOnly", "writeOnly", "deprecated", "nullable"), _FLAG),
    "default": _ANYTHING,
    "examples": Keyword("a list", _of(list)),
    "discriminator": Keyword("the name of a property", _of(str, dict)),
    "externalDocs": Keyword("an object", _of(dict)),
}
"""Draft 7, AsyncAPI's own `discriminator`, `externalDocs` and `deprecated`, and OpenAPI's `nullable`, which is in use.

Any other keyword is an annotation.
"""


def subschemas(schema: Node) -> Iterator[Node]:
    """Give the schemas directly inside a schema; a reference (`$ref`) has none, its siblings count for nothing."""
    if schema.get("$ref") is not None:
        return
    for name, node in schema.members():
        match KEYWORDS.get(name, _ANYTHING).holds:
            case Holds.SCHEMA | Holds.SCHEMAS:
                yield from node.elements() if isinstance(node.value, list) else (node,)
            case Holds.NAMED_SCHEMAS:
                yield from (
                    member
                    for _, member in node.members()
                    if not (name == "dependencies" and isinstance(member.value, list))
                )
            case Holds.NOTHING:
                pass


class SchemaChecker:
    """Checks schemas and all that they refer to, each of them once."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._visited: set[str] = set()

    def check(self, node: Node) -> None:
        """Report what is wrong in the schema `node`, in the schemas inside it and in those that they refer to."""
        waiting = [node]
        while waiting:
            schema = waiting.pop()
            if schema.id in self._visited:
                continue
            self._visited.add(schema.id)
            if not is_schema(schema.value):
                self._report_wrong(schema, _SCHEMA.expected)
            elif schema.get("$ref") is not None:
                target = self._document.resolve(schema, self._diagnostics)
                waiting += [target] if target is not None else []
            else:
                self._check_keywords(schema)
                waiting += reversed(list(subschemas(schema)))

    def _check_keywords(self, schema: Node) -> None:
        for name, node in schema.members():
            keyword = KEYWORDS.get(name, _ANYTHING)
            if not keyword.fits(node.value):
                self._report_wrong(node, keyword.expected)
                continue
            if name == "type":
                self._check_type(node)
            if name == "pattern" and not is_regular_expression(node.value):
                self._document.report(
                    self._diagnostics,
                    INVALID_PATTERN,
                    node,
                    "this is no regular expression",
                    hint="patterns are written in the dialect of ECMA 262",
                )
            elif _is_unchecked(name, node.value, schema.value):
                message = f"models do not check this {name!r} yet"
                self._document.report(self._diagnostics, UNCHECKED_KEYWORD, node, message, at_key=True)

    def _check_type(self, node: Node) -> None:
        for written in [node] if isinstance(node.value, str) else node.elements():
            if written.value not in TYPES:
                close = get_close_matches(written.value.lower(), TYPES, 1, cutoff=0.5)
                hint = f"did you mean {close[0]!r}?" if close else f"it is one of {', '.join(TYPES)}"
                message = f"type {written.value!r} does not exist"
                self._document.report(self._diagnostics, UNKNOWN_TYPE, written, message, hint=hint)

    def _report_wrong(self, node: Node, expected: str) -> None:
        message = f"{node.token!r} must be {expected}"
        self._document.report(self._diagnostics, WRONG_TYPE, node, message)


def _is_unchecked(name: str, value: Any, schema: dict[str, Any]) -> bool:  # noqa: ANN401 - any JSON value
    """Whether what a keyword asks for is more than a Python type can say."""
    match name:
        case "items":
            return isinstance(value, list)
        case "pattern":
            return not is_shared(value)
        case "multipleOf":
            return schema.get("type") != "integer" or not isinstance(value, int)
        case "enum" | "const":
            values = value if name == "enum" else [value]
            return any(isinstance(one, (float, dict, list)) for one in values)
        case _:
            keyword = KEYWORDS.get(name, _ANYTHING)
            return not keyword.is_checked and value != keyword.idle
