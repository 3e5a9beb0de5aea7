"""Schemas in a Multi Format Schema Object (AsyncAPI 3), where a schema refers to one in `components/schemas`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.contract.schema_format import foreign_format

if TYPE_CHECKING:
    from cqrs_gen.document.node import Node


def wrapped(schema: Node) -> Node | None:
    """Give the schema that is in a Multi Format Schema Object; None where it is none, or in a foreign language."""
    return schema.get("schema") if is_wrapper(schema) and foreign_format(_format(schema)) is None else None


def is_wrapper(schema: Node) -> bool:
    """Whether a schema is a Multi Format Schema Object, which says by both its members that it is one."""
    return schema.get("schema") is not None and _format(schema) is not None


def _format(schema: Node) -> str | None:
    node = schema.get("schemaFormat")
    return node.value if node is not None and isinstance(node.value, str) else None
