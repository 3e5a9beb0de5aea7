"""A schema together with the parts of its `allOf`, as if all were written in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.keywords import KEYWORDS, is_schema
from cqrs_gen.contract.schemas.wrapped import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from cqrs_gen.document.node import Node

    Resolve = Callable[[Node], Node | None]

PLAIN: Final = (
    *("minLength", "maxLength", "pattern", "format", "minItems", "maxItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
)
ASSERTIONS: Final = frozenset(
    {*PLAIN, "$ref", "type", "enum", "const", "nullable", "items", "required", "properties"}
    | {"patternProperties", "additionalProperties", "allOf", "anyOf", "oneOf"}
)
"""Keywords that say what is valid, as far as that is read here."""


@dataclass
class Merged:
    """What a schema and its parts ask for. Where several ask for the same, only one of them is kept."""

    types: frozenset[str] | None = None
    """None where every type is let through."""
    is_nullable: bool = False
    """Whether `nullable` is written; it counts for the schema that it is written in, as OpenAPI has it."""
    choice: list[Any] | None = None
    keywords: dict[str, Any] = field(default_factory=dict[str, Any])
    """The other assertions about values that are neither arrays nor objects, and the sizes of arrays."""
    items: Node | None = None
    properties: dict[str, Node | None] = field(default_factory=dict[str, "Node | None"])
    required: frozenset[str] = frozenset()
    members: Node | None = None
    """The schema of members that are no properties, where all have the same."""
    is_closed: bool = False
    """Whether no members but the properties are let through."""
    unions: list[list[Node]] = field(default_factory=list["list[Node]"])

    def add(self, other: Merged) -> None:
        """Ask for what `other` asks for as well, which is the more specific of the two."""
        if self.types is None or other.types is None:
            self.types = self.types if other.types is None else other.types
        else:
            self.types = _common(self.types, other.types) or other.types
        self.is_nullable = other.is_nullable
        self.choice = self.choice if other.choice is None else other.choice
        self.keywords |= other.keywords
        self.items = other.items or self.items
        self.members = other.members or self.members
        self.is_closed |= other.is_closed
        self.required |= other.required
        self.unions = other.unions + self.unions
        for name, node in other.properties.items():
            if self.properties.get(name) is None or (node is not None and says_something(node)):
                self.properties[name] = node


def merge(schema: Node, resolve: Resolve, seen: frozenset[str] = frozenset()) -> Merged:
    """Give what `schema` asks for, the parts of its `allOf` included. `resolve` follows a reference."""
    merged = Merged()
    for part in _parts(schema):
        target = resolve(part)
        if target is not None and target.id not in seen:
            merged.add(merge(target, resolve, seen | {schema.id, target.id}))
    merged.add(_own(schema))
    return merged


def only_part(schema: Node) -> Node | None:
    """Give the part that a schema wraps, when it asks for nothing else than `allOf` one part."""
    parts = _parts(schema)
    other = {name for name, _ in schema.members() if name in ASSERTIONS} - {"allOf", "nullable"}
    is_bare = not other or (other == {"type"} and schema.value["type"] == "object")
    return parts[0] if len(parts) == 1 and is_bare else None


def says_something(schema: Node) -> bool:
    """Whether a schema asks for anything that can be read here; one that only describes does not."""
    return any(name in ASSERTIONS for name, _ in schema.members())


def _parts(schema: Node) -> list[Node]:
    if (inner := wrapped(schema)) is not None:
        return [inner]
    all_of = schema.get("allOf")
    return [part for part in all_of.elements() if says_something(part)] if all_of is not None else []


def _own(schema: Node) -> Merged:
    """Read the keywords of one schema. Values of wrong types are left out; the check of schemas reports them."""
    merged = Merged()
    keywords = {name: node for name, node in schema.members() if name in KEYWORDS and KEYWORDS[name].fits(node.value)}
    merged.keywords = {name: keywords[name].value for name in PLAIN if name in keywords}
    merged.is_nullable = "nullable" in keywords and keywords["nullable"].value
    if "type" in keywords:
        written = keywords["type"].value
        merged.types = frozenset([written] if isinstance(written, str) else written)
    if "const" in keywords:
        merged.choice = [keywords["const"].value]
    elif "enum" in keywords:
        merged.choice = keywords["enum"].value
    # Beside `prefixItems` (2020-12) it speaks of the other elements only.
    if "items" in keywords and is_schema(keywords["items"].value) and schema.get("prefixItems") is None:
        merged.items = keywords["items"]
    if "properties" in keywords:
        merged.properties = dict(keywords["properties"].members())
    if "required" in keywords:
        merged.required = frozenset(keywords["required"].value)
        merged.properties |= dict.fromkeys(name for name in keywords["required"].value if name not in merged.properties)
    patterns = list(keywords["patternProperties"].members()) if "patternProperties" in keywords else []
    others = keywords.get("additionalProperties")
    if others is not None and others.value is False:
        merged.is_closed = not patterns
        merged.members = patterns[0][1] if len(patterns) == 1 else None
    elif others is not None and not patterns:
        merged.members = others
    merged.unions = [list(keywords[name].elements()) for name in ("anyOf", "oneOf") if name in keywords]
    return merged


def _common(some: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """Give the types in both; integers are numbers."""
    both = some & others
    return both | {"integer"} if "number" in some | others and "integer" in some ^ others else both
