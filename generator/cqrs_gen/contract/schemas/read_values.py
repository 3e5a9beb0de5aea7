"""From a schema to the values that it lets through.

A reading only ever lets more through than the schema: what no type expresses (`not`, `if`, `uniqueItems`, that only one
of `oneOf` may fit) is left out, so a model made from it never refuses a valid message. One exception: a schema that
describes properties and writes no type means objects, though in JSON Schema it lets everything else through as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.all_of import Merged, merge, only_part
from cqrs_gen.contract.schemas.keywords import json_type
from cqrs_gen.contract.schemas.values import (
    AnyValues,
    ArrayValues,
    ChosenValues,
    MapValues,
    ObjectValues,
    PlainValues,
    UnionValues,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.schemas.values import Values
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node


_TOO_LARGE: Final = 2**63


class ValuesReader:
    """Reads schemas of one document."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._open: set[str] = set()
        """The schemas that are being read: one that consists of itself says nothing more."""

    def read(self, node: Node) -> Values:
        """Give the values of a schema; where all it does is refer to another, those of that one."""
        schema = self._resolve(node)
        if schema is None or schema.id in self._open:
            return AnyValues(node)
        self._open.add(schema.id)
        try:
            return self._read(schema)
        finally:
            self._open.remove(schema.id)

    def _resolve(self, node: Node) -> Node | None:
        return self._document.resolve(node, self._diagnostics)

    def _read(self, schema: Node) -> Values:
        merged = merge(schema, self._resolve)
        if (part := only_part(schema)) is not None:
            return _joined(schema, [self.read(part)], nullable=merged.is_nullable)
        if merged.choice is not None:
            return _chosen(schema, merged, merged.choice)
        types = merged.types or frozenset({"object"} if _has_declared(merged) else ())
        return self._union(schema, merged, types) or _typed(schema, merged, types)

    def _union(self, schema: Node, merged: Merged, types: frozenset[str]) -> Values | None:
        """Read `anyOf` or `oneOf`, unless the schema says more by itself than they do."""
        for branches in [] if merged.properties else merged.unions:
            values = [self.read(branch) for branch in branches if branch.value is not False]
            says_less = bool(types) and any(isinstance(value, AnyValues) for value in values)
            if values and not says_less:
                return _joined(schema, values, nullable=merged.is_nullable)
        return None


def _has_declared(merged: Merged) -> bool:
    """Whether properties are described: then an object is meant, even where no type is written."""
    return any(node is not None for node in merged.properties.values())


def _chosen(schema: Node, merged: Merged, choice: Sequence[Any]) -> Values:
    """Read `enum` and `const`; by the types alone where Python cannot tell the values apart.

    It cannot compare numbers with a fraction, arrays and objects, and takes True for 1; pydantic compares no integer of
    more than 64 bits.
    """
    allowed = {json_type(value) for value in choice} if merged.types is None else set(merged.types)
    if "number" in allowed:
        allowed.add("integer")
    if merged.is_nullable:
        allowed.add("null")
    values = list({(json_type(value), repr(value)): value for value in choice if json_type(value) in allowed}.values())
    if not values:
        return _typed(schema, merged, merged.types or frozenset())
    plain = [value for value in values if value is not None]
    is_told_apart = not {"boolean", "integer"} <= set(map(json_type, plain))
    if plain and is_told_apart and all(map(_is_comparable, plain)):
        return ChosenValues(schema, tuple(plain), nullable=len(plain) < len(values))
    return _typed(schema, Merged(), frozenset(map(json_type, values)))


def _is_comparable(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and abs(value) < _TOO_LARGE)


def _typed(schema: Node, merged: Merged, types: frozenset[str]) -> Values:
    """Read a schema by its types; without any, it says nothing."""
    if not types:
        return AnyValues(schema)
    single = sorted(types - ({"integer"} if "number" in types else set()))
    return _joined(schema, [_of_type(schema, merged, name) for name in single], nullable=merged.is_nullable)


def _of_type(schema: Node, merged: Merged, name: str) -> Values:
    match name:
        case "object" if merged.is_closed or merged.properties:
            others = merged.members if not merged.is_closed else None
            declared = {
                key: node or others
                for key, node in merged.properties.items()
                if node is not None or not merged.is_closed
            }
            return ObjectValues(schema, declared, merged.required & declared.keys(), merged.is_closed, others)
        case "object":
            return MapValues(schema, merged.members)
        case "array":
            return ArrayValues(schema, merged.items, merged.keywords)
        case "boolean" | "integer" | "null" | "number" | "string" | "bytes" | "decimal":  # the last two are Avro's
            return PlainValues(schema, name, merged.keywords)
        case _:  # no type of JSON, which the check of schemas has reported
            return AnyValues(schema)


def _joined(schema: Node, values: Sequence[Values], *, nullable: bool) -> Values:
    """Give one reading of all values together; a single one keeps its own place."""
    if any(isinstance(value, AnyValues) for value in values):
        return AnyValues(schema)
    flat = [branch for value in values for branch in (value.branches if isinstance(value, UnionValues) else (value,))]
    branches = [branch for branch in flat if not (isinstance(branch, PlainValues) and branch.type == "null")]
    nullable |= len(branches) < len(flat) or any(value.nullable for value in (*values, *flat))
    if not branches:
        return PlainValues(schema, "null", {})
    branches = _with_one_choice(schema, branches)
    if len(branches) == 1:
        return replace(branches[0], nullable=nullable)
    return UnionValues(schema, tuple(replace(branch, nullable=False) for branch in branches), nullable=nullable)


def _with_one_choice(schema: Node, branches: Sequence[Values]) -> list[Values]:
    """Read several constants as one choice, which is how values are listed that each have a description."""
    constants = [branch for branch in branches if isinstance(branch, ChosenValues) and len(branch.choice) == 1]
    if len(constants) < 2:  # noqa: PLR2004 - nothing to bring together
        return list(branches)
    choice = {repr(branch.choice[0]): branch.choice[0] for branch in constants}
    others = [branch for branch in branches if branch not in constants]
    return [ChosenValues(schema, tuple(choice.values())), *others]
