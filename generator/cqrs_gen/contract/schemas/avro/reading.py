"""From one Avro schema to the JSON Schema of what it lets through, and to the schema that it is decoded with."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.avro import named
from cqrs_gen.contract.schemas.avro.meaning import (
    MOST_DIGITS,
    NOTHING,
    Schema,
    is_too_exact,
    look_alike,
    plain,
    takes_no_bytes,
    union_of,
)
from cqrs_gen.contract.schemas.avro.names import PRIMITIVES, full_name
from cqrs_gen.rules import INVALID_AVRO

if TYPE_CHECKING:
    from collections.abc import Callable

    from cqrs_gen.document.node import Node


class UnreadableAvroError(Exception):
    """A schema without a mistake with which a message cannot be decoded all the same; `node` is where it says so."""

    def __init__(self, reason: str, node: Node) -> None:
        super().__init__(reason)
        self.node = node


@dataclass
class AvroReading:
    """One schema that is being read, with all that it holds.

    `resolve` follows a reference (`$ref`), which some write into Avro; `report` reports a mistake; `place` says where
    the JSON Schema of a definition stands.
    """

    resolve: Callable[[Node], Node]
    report: Callable[..., None]
    place: Callable[[str], str]
    definitions: dict[str, Schema] = field(default_factory=dict[str, Schema])
    """The JSON Schemas of all named types, by their full names."""
    nodes: dict[str, Node] = field(default_factory=dict[str, "Node"])
    """Where each is written."""
    open: set[str] = field(default_factory=set[str])
    """The named types whose definitions are not yet read to their end."""
    is_recursive: bool = False
    _inside: set[str] = field(default_factory=set[str])
    """The nodes that are being read."""
    _unions: list[tuple[Node, list[Schema]]] = field(default_factory=list["tuple[Node, list[Schema]]"])
    _arrays: list[tuple[Node, Schema]] = field(default_factory=list["tuple[Node, Schema]"])

    def read_whole(self, node: Node) -> tuple[Schema, Any]:
        """Give the JSON Schema of a payload, and what it is decoded with. Raises `UnreadableAvroError`."""
        read = self.read(node)
        for union, branches in self._unions:
            if any(
                look_alike(self._written_out(one), self._written_out(two)) for one, two in combinations(branches, 2)
            ):
                raise UnreadableAvroError("Python cannot tell two types of this union apart by their values", union)
        for array, items in self._arrays:
            if items and takes_no_bytes(items, self._written_out):
                reason = "an array of what takes no bytes may have any length, which would exhaust the memory"
                raise UnreadableAvroError(reason, array)
        return read

    def read(self, node: Node, namespace: str = "") -> tuple[Schema, Any]:
        """Give the same of a type inside. Names without a namespace are in `namespace`."""
        node = self.resolve(node)
        known = next((name for name, definition in self.nodes.items() if definition.id == node.id), None)
        if known is not None:  # a `$ref` to a definition is as good as its name
            return self._refer(known)
        if node.id in self._inside:
            raise UnreadableAvroError("its schema holds itself by a `$ref`", node)
        self._inside.add(node.id)
        try:
            return self._read(node, namespace)
        finally:
            self._inside.remove(node.id)

    def _read(self, node: Node, namespace: str) -> tuple[Schema, Any]:
        kind = node.get("type")
        if isinstance(node.value, str):
            return self._named(node, node.value, namespace, {})
        if isinstance(node.value, list):
            return self._union(node, namespace)
        if kind is None:
            self.wrong(node, "an Avro type is a name, a list of types or an object with 'type'")
            return NOTHING
        if not isinstance(kind.value, str):
            return self.read(kind, namespace)
        read = _COMPLEX.get(kind.value)
        return read(self, node, namespace) if read else self._named(kind, kind.value, namespace, node.value)

    def wrong(self, node: Node, message: str, *, hint: str | None = None, at_key: bool = False) -> None:
        """Report a mistake."""
        self.report(INVALID_AVRO, node, message, hint=hint, at_key=at_key)

    def reference(self, full: str) -> Schema:
        """Refer to the JSON Schema of a named type."""
        return {"$ref": f"#{self.place(full)}"}

    def plain(self, kind: str, written: dict[str, Any], node: Node) -> tuple[Schema, Any]:
        """Give the same of a primitive type or a fixed, with what stands beside it."""
        meaning, decoded = plain(kind, written)
        if is_too_exact(decoded):
            raise UnreadableAvroError(f"a decimal of more than {MOST_DIGITS} digits is not decoded", node)
        return meaning, decoded

    def _named(self, node: Node, written: str, namespace: str, beside: dict[str, Any]) -> tuple[Schema, Any]:
        if written in PRIMITIVES:
            return self.plain(written, beside, node)
        full = next((name for name in (full_name(written, namespace), written) if name in self.nodes), None)
        if full is None:
            known = [*PRIMITIVES, *self.nodes]
            close = get_close_matches(written, known, 1)
            hint = f"; did you mean {close[0]!r}?" if close else "; names in other files are not looked for"
            raise UnreadableAvroError(f"its schema does not define the type {written!r}{hint}", node)
        return self._refer(full)

    def _refer(self, full: str) -> tuple[Schema, Any]:
        self.is_recursive |= full in self.open
        return self.reference(full), full

    def read_array(self, node: Node, namespace: str) -> tuple[Schema, Any]:
        """Read an array (specification, "Arrays")."""
        schema, decoded = self._inner(node, "items", namespace)
        self._arrays.append((node, schema))
        return {"type": "array", "items": schema}, {"type": "array", "items": decoded}

    def read_map(self, node: Node, namespace: str) -> tuple[Schema, Any]:
        """Read a map (specification, "Maps")."""
        schema, decoded = self._inner(node, "values", namespace)
        return {"type": "object", "additionalProperties": schema}, {"type": "map", "values": decoded}

    def _inner(self, node: Node, key: str, namespace: str) -> tuple[Schema, Any]:
        inner = node.get(key)
        if inner is None:
            self.wrong(node, f"an Avro {node.value['type']} must have {key!r}", at_key=True)
            return NOTHING
        return self.read(inner, namespace)

    def _union(self, node: Node, namespace: str) -> tuple[Schema, Any]:
        branches: list[Schema] = []
        decoded: list[Any] = []
        kinds: set[str] = set()
        for each in node.elements():
            if isinstance(self.resolve(each).value, list):
                self.wrong(each, "a union cannot stand directly in a union")
                continue
            schema, branch = self.read(each, namespace)
            kind = branch if isinstance(branch, str) else branch.get("name", branch["type"])
            if kind in kinds and schema:
                self.wrong(each, f"the union has {kind!r} twice")
            kinds.add(kind)
            decoded.append(branch)
            branches += [schema] if kind != "null" else []
        if not decoded:
            self.wrong(node, "a union has at least one type")
            return NOTHING
        self._unions.append((node, branches))
        return union_of(branches, nullable="null" in kinds), decoded

    def _written_out(self, schema: Schema) -> Schema:
        """Give what a reference refers to."""
        return self.definitions[schema["$ref"].removeprefix(f"#{self.place('')}")] if "$ref" in schema else schema


_COMPLEX: Final = {
    "record": named.read_record,
    "error": named.read_record,
    "enum": named.read_enum,
    "fixed": named.read_fixed,
    "array": AvroReading.read_array,
    "map": AvroReading.read_map,
}
