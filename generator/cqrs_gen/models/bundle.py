"""The schemas of all messages as one JSON Schema, whose definitions carry the names of the plan.

It is written anew from what the schemas were read as (`contract/schemas/read_values.py`), so it holds nothing but the
keywords written here: none that steers the model generator, and none that makes it refuse a valid message.
"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.read_values import ValuesReader
from cqrs_gen.contract.schemas.values import (
    ArrayValues,
    ChosenValues,
    MapValues,
    ObjectValues,
    PlainValues,
    UnionValues,
)
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.models.projection import is_default, project_plain, project_sizes
from cqrs_gen.plan.names import class_name
from cqrs_gen.plan.schema_names import ALIASES, is_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.schemas.values import Values
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node
    from cqrs_gen.plan.schema_names import SchemaNames, SchemaToName

    Schema = dict[str, Any]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def bundle_schemas(document: Document, schemas: Sequence[SchemaToName], names: SchemaNames) -> dict[str, Any]:
    """Give an object schema with a definition for each class of `names` and a required property for each type alias.

    What needs a definition besides, a type with constraints inside another one, is called `Inline1` and so on.
    """
    bundle = _Bundle(document, names)
    aliases: Schema = {}
    for asked in schemas:
        schema = bundle.resolve(asked.node)
        member = bundle.write_member(schema)
        if schema.id in names.aliases:
            aliases[names.aliases[schema.id]] = member
    return {
        "$schema": _DIALECT,
        "title": ALIASES,
        "type": "object",
        "properties": aliases,
        "required": list(aliases),
        "$defs": bundle.definitions,
    }


class _Bundle:
    """The definitions written so far."""

    def __init__(self, document: Document, names: SchemaNames) -> None:
        self._document = document
        self._reported = Diagnostics()  # what is wrong with references was reported when the names were chosen
        self._reader = ValuesReader(document, self._reported)
        self._names = names
        self._inline: dict[str, str] = {}
        self.definitions: dict[str, Schema] = {}

    def resolve(self, node: Node) -> Node:
        """Follow a reference; one that leads nowhere stands for itself."""
        return self._document.resolve(node, self._reported) or node

    def write_member(self, node: Node) -> Schema:
        """Write the schema of a member of an object, with what is said about it beside its type."""
        values = self._reader.read(node)
        written = self._write(values)
        target = self.resolve(node)
        has_class = is_class(values)
        own = _text(node, "description") if not (has_class and values.node.id == node.id) else None
        description = own or (_text(target, "description") if not has_class else None)
        if description:
            written["description"] = description
        default = target.get("default")
        if default is not None and is_default(default.value, values):
            written["default"] = default.value
        return written

    def _write(self, values: Values, around: frozenset[str] = frozenset()) -> Schema:
        """Write a schema; `around` are the schemas that it is written inside, up to the next definition."""
        match values:
            case PlainValues():
                written = project_plain(values)
            case ChosenValues() if len(values.choice) == 1:
                written = {"const": values.choice[0]}
            case ChosenValues() if not values.is_enumeration:
                written = self._define_inline({"enum": list(values.choice)})
            case ObjectValues() | ChosenValues():
                written = self._define(values)
            case ArrayValues():
                written = {"type": "array", "items": self._write_inner(values.items, around), **project_sizes(values)}
            case MapValues():
                written = {"type": "object", "additionalProperties": self._write_inner(values.members, around) or True}
            case UnionValues():
                written = self._write_union(values, around)
            case _:
                return {}
        return _or_null(written) if values.nullable else written

    def _write_inner(self, node: Node | None, around: frozenset[str]) -> Schema:
        """Write the schema of elements or members; where one holds itself with no class between, of anything."""
        values = self._reader.read(node) if node is not None else None
        if values is None or values.node.id in around:
            return {}
        return self._write_nested(values, around | {values.node.id})

    def _write_nested(self, values: Values, around: frozenset[str]) -> Schema:
        """Write a schema inside another one, where the model generator would invent a name for constraints."""
        written = self._write(replace(values, nullable=False), around)
        if isinstance(values, (PlainValues, ArrayValues)) and written.keys() - {"type", "format", "items"}:
            written = self._define_inline(written)
        return _or_null(written) if values.nullable else written

    def _write_union(self, values: UnionValues, around: frozenset[str]) -> Schema:
        branches: list[Schema] = []
        for branch in values.branches:
            written = self._write_nested(branch, around)
            branches += [written] if written not in branches else []
        # To pydantic's serializer True is an integer, should it ask for integers first.
        branches.sort(key=lambda branch: branch != {"type": "boolean"})
        return {"anyOf": branches} if len(branches) > 1 else branches[0]

    def _define(self, values: ObjectValues | ChosenValues) -> Schema:
        name = self._names.classes[values.node.id]
        if name not in self.definitions:
            definition = self.definitions[name] = {"description": _describe(values.node, name)}
            if isinstance(values, ChosenValues):
                definition |= {"type": "string", "enum": list(values.choice)}
            else:
                properties = {key: self._write_property(node) for key, node in values.properties.items()}
                definition |= {"type": "object", "properties": properties}
                definition |= {"required": [key for key in properties if key in values.required]}
                others = self._write_inner(values.others, frozenset())
                definition |= {"additionalProperties": not values.is_closed and (others or True)}
        return {"$ref": f"#/$defs/{name}"}

    def _write_property(self, node: Node | None) -> Schema:
        return self.write_member(node) if node is not None else {}

    def _define_inline(self, schema: Schema) -> Schema:
        text = json.dumps(schema)
        if text not in self._inline:
            taken = {*self._names.classes.values(), *self._names.aliases.values(), *self.definitions}
            name = next(name for number in count(1) if (name := f"Inline{number}") not in taken)
            self._inline[text] = name
            self.definitions[name] = schema
        return {"$ref": f"#/$defs/{self._inline[text]}"}


def _describe(schema: Node, name: str) -> str:
    """Say what a class is; where the document does not, say where it is written."""
    title = _text(schema, "title")
    place = " of ".join(f"`{part}`" for part in (schema.pointer, schema.file.source.label) if part)
    return _text(schema, "description") or (title if title and class_name(title) != name else None) or f"{place}."


def _text(schema: Node, keyword: str) -> str | None:
    node = schema.get(keyword)
    return node.value if node is not None and isinstance(node.value, str) and node.value.strip() else None


def _or_null(schema: Schema) -> Schema:
    if "type" in schema:
        return {**schema, "type": [*_types(schema["type"]), "null"]}
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}


def _types(written: str | list[str]) -> list[str]:
    return [written] if isinstance(written, str) else written
