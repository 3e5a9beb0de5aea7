"""Which keywords of a schema ask for more than the models check: a message may be taken that the schema refuses.

It mirrors `read_values` and `all_of`, which leave out what no type expresses.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.all_of import ASSERTIONS, PLAIN, merge
from cqrs_gen.contract.schemas.keywords import ANYTHING, KEYWORDS
from cqrs_gen.contract.schemas.patterns import for_pydantic
from cqrs_gen.document.node import Node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cqrs_gen.contract.schemas.all_of import Resolve

_LARGEST: Final = 2**63 - 1
"""The largest count, and the largest value of an enumeration, that pydantic takes."""
_KEPT_ONCE: Final = frozenset({*PLAIN, "enum", "const", "items"})
_IDLE: Final = (("minLength", 0), ("minItems", 0))
_NEWER: Final = frozenset(
    {"prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties"}
)
"""Keywords that came after draft 7."""
_NEWER_DRAFTS: Final = ("2019-09", "2020-12")
_INTEGER: Final = frozenset({"integer"})
_TYPED_FORMATS: Final = frozenset({"date", "date-time", "uuid"})


def unchecked_keywords(schema: Node, resolve: Resolve, *, is_untyped: bool) -> Iterator[Node]:
    """Give the keywords of a schema that are not checked, or not fully.

    `is_untyped` tells that neither it nor what it is a part of, as an element of `allOf` is, says of which type values
    are: then they are taken as they come.
    """
    for name, node in schema.members():
        keyword = KEYWORDS.get(name, ANYTHING)
        if not keyword.fits(node.value):
            continue
        if name in _NEWER:
            if is_newer(schema):
                yield node
        elif name == "properties":
            yield from (member for _, member in node.members() if member.value is False)
        elif name == "allOf":
            if _loses_by_merging(schema, node, resolve):
                yield node
        elif _is_beyond_types(name, node.value, schema.value) or (
            (name, node.value) not in _IDLE and _is_lost_beside(name, schema.value, is_untyped=is_untyped)
        ):
            yield node


def beside_reference(reference: Node) -> Iterator[Node]:
    """Give the keywords beside a `$ref` that ask for something: in newer drafts they count, and are not read."""
    if is_newer(reference):
        yield from (node for name, node in reference.members() if name in ASSERTIONS and name != "$ref")


def is_newer(schema: Node) -> bool:
    """Whether the file of a schema says that it is written in a draft after 7."""
    dialect = Node(schema.file, "", schema.file.value).get("$schema")
    return dialect is not None and any(draft in str(dialect.value) for draft in _NEWER_DRAFTS)


def _is_beyond_types(name: str, value: Any, schema: dict[str, Any]) -> bool:  # noqa: ANN401 - any JSON value
    """Whether what a keyword asks for is more than a Python type can say."""
    match name:
        case "items":
            return isinstance(value, list)
        case "pattern":
            return for_pydantic(value) is None
        case "multipleOf":
            return schema.get("type") != "integer" or not isinstance(value, int)
        case "enum" | "const":
            values = value if name == "enum" else [value]
            return any(map(_is_incomparable, values)) or {bool, int} <= {type(one) for one in values}
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            return isinstance(value, (int, float)) and value > _LARGEST
        case _:
            keyword = KEYWORDS.get(name, ANYTHING)
            return not keyword.is_checked and value != keyword.idle


def _is_incomparable(value: object) -> bool:
    """Whether pydantic has no way to compare a value with what comes."""
    return isinstance(value, (float, dict, list)) or (isinstance(value, int) and abs(value) > _LARGEST)


def _is_lost_beside(name: str, schema: dict[str, Any], *, is_untyped: bool) -> bool:
    """Whether a keyword is left out because of what stands beside it."""
    has_choice = "enum" in schema or "const" in schema
    has_union = "anyOf" in schema or "oneOf" in schema
    match name:
        case "anyOf" | "oneOf":
            says_more = any(schema.get(other) for other in ("properties", "required", "allOf"))
            return says_more or has_choice or (name == "oneOf" and "anyOf" in schema)
        case "pattern" | "minLength" | "maxLength" if schema.get("format") in _TYPED_FORMATS:
            return True
        case "format":
            return is_untyped and schema["format"] in _TYPED_FORMATS and not (has_choice or has_union)
        case "items" | "required":
            return is_untyped and bool(schema[name]) and not (has_choice or has_union)
        case _ if name in PLAIN:
            return has_choice or has_union or is_untyped
        case _:
            return False


def _loses_by_merging(schema: Node, all_of: Node, resolve: Resolve) -> bool:
    """Whether several parts ask for the same, of which one is kept, or one part refuses members that another has."""
    parts = [target for part in all_of.elements() if (target := resolve(part)) is not None]
    asked = Counter(name for part in (*parts, schema) for name, _ in part.members() if name in _KEPT_ONCE)
    others = [part.get("additionalProperties") for part in (*parts, schema)]
    is_closed = any(node is not None and node.value is False for node in others)
    types = [own.types for part in (*parts, schema) if (own := merge(part, resolve)).types is not None]
    return any(count > 1 for count in asked.values()) or (is_closed and bool(parts)) or _are_contrary(types)


def _are_contrary(types: Sequence[frozenset[str]]) -> bool:
    """Whether no value is of all these types; integers are numbers."""
    common: frozenset[str] | None = None
    for one in types:
        wide = one | _INTEGER if "number" in one else one
        common = wide if common is None else common & wide
    return common is not None and not common


def says_no_type(schema: Node, resolve: Resolve) -> bool:
    """Whether nothing in a schema, the parts of its `allOf` included, says of which type its values are."""
    merged = merge(schema, resolve)
    is_object = any(node is not None for node in merged.properties.values())
    return merged.types is None and merged.choice is None and not is_object
