"""The keywords of Schema Objects: those of JSON Schema (draft 7) that AsyncAPI takes over, and its own."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cqrs_gen.document.node import Node

TYPES: Final = ("array", "boolean", "integer", "null", "number", "object", "string")
_TYPE_OF: Final[dict[type, str]] = {
    NoneType: "null",
    bool: "boolean",
    int: "integer",
    str: "string",
    list: "array",
}


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
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def json_type(value: object) -> str:
    """Name the type of a JSON value; a number without a fraction is an integer, however it is written."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    return _TYPE_OF.get(type(value), "object")


def _is_count(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return is_number(value) and value >= 0 and value == int(value)


def _is_texts(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, list) and all(isinstance(element, str) for element in cast("list[object]", value))


def _of(*types: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, types)


_TEXT: Final = Keyword("a string", _of(str))
_FLAG: Final = Keyword("true or false", _of(bool))
_NUMBER: Final = Keyword("a number", is_number)
_COUNT: Final = Keyword("an integer that is not negative", _is_count)
ANYTHING: Final = Keyword("anything", _of(object))
SCHEMA: Final = Keyword("a schema, which is an object or a boolean", is_schema, Holds.SCHEMA)
_SCHEMAS: Final = Keyword("a list of schemas", lambda value: isinstance(value, list) and value != [], Holds.SCHEMAS)
_NAMED_SCHEMAS: Final = Keyword("an object of schemas", _of(dict), Holds.NAMED_SCHEMAS)


def _unchecked(keyword: Keyword, idle: object = None) -> Keyword:
    return Keyword(keyword.expected, keyword.fits, keyword.holds, is_checked=False, idle=idle)


KEYWORDS: Final = {
    "type": Keyword("a string or a list of strings", lambda value: isinstance(value, str) or _is_texts(value)),
    "enum": Keyword("a list", _of(list)),
    "const": ANYTHING,
    "multipleOf": Keyword("a number above 0", lambda value: is_number(value) and value > 0),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"), _NUMBER),
    **dict.fromkeys(("maxLength", "minLength", "maxItems", "minItems"), _COUNT),
    **dict.fromkeys(("maxProperties", "minProperties"), _unchecked(_COUNT, idle=0)),
    "pattern": _TEXT,
    "items": Keyword(
        "a schema or a list of schemas", lambda value: is_schema(value) or isinstance(value, list), Holds.SCHEMA
    ),
    "additionalItems": _unchecked(SCHEMA, idle=True),
    "uniqueItems": _unchecked(_FLAG, idle=False),
    "contains": _unchecked(SCHEMA),
    "required": Keyword("a list of strings", _is_texts),
    "properties": _NAMED_SCHEMAS,
    "patternProperties": _unchecked(_NAMED_SCHEMAS, idle={}),
    "additionalProperties": SCHEMA,
    "dependencies": _unchecked(_NAMED_SCHEMAS, idle={}),
    "propertyNames": _unchecked(SCHEMA, idle=True),
    **dict.fromkeys(("if", "then", "else", "not"), _unchecked(SCHEMA)),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), _SCHEMAS),
    **dict.fromkeys(("definitions", "$defs"), _NAMED_SCHEMAS),
    **dict.fromkeys(("$schema", "$id", "$comment", "title", "description", "format"), _TEXT),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), _TEXT),
    **dict.fromkeys(("readOnly", "writeOnly", "deprecated", "nullable"), _FLAG),
    "default": ANYTHING,
    "examples": Keyword("a list", _of(list)),
    "discriminator": Keyword("the name of a property", _of(str, dict)),
    "externalDocs": Keyword("an object", _of(dict)),
}
"""Draft 7, AsyncAPI's own `discriminator`, `externalDocs` and `deprecated`, and OpenAPI's `nullable`, which is in use.

Any other keyword is an annotation.
"""

OTHER_KEYWORDS: Final = frozenset(
    {"id", "$anchor", "$vocabulary", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"}
    | {"dependentRequired", "dependentSchemas", "prefixItems", "minContains", "maxContains", "contentSchema"}
    | {"unevaluatedItems", "unevaluatedProperties", "example", "xml"}
)
"""Keywords of other drafts and of OpenAPI, which count for nothing here but are no mistakes."""
_IN_PLACE: Final = frozenset({"allOf", "anyOf", "oneOf", "if", "then", "else", "not", "dependencies"})


def in_place(schema: Node) -> Iterator[Node]:
    """Give the schemas directly inside a schema that speak of the very value that it speaks of."""
    depth = schema.pointer.count("/") + 1
    return (inner for inner in subschemas(schema) if inner.pointer.split("/")[depth] in _IN_PLACE)


def subschemas(schema: Node) -> Iterator[Node]:
    """Give the schemas directly inside a schema; a reference (`$ref`) has none, its siblings count for nothing."""
    if schema.get("$ref") is not None:
        return
    for name, node in schema.members():
        keyword = KEYWORDS.get(name, ANYTHING)
        match keyword.holds if keyword.fits(node.value) else Holds.NOTHING:
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
