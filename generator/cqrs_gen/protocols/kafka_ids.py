"""Ids of groups and clients (AsyncAPI Kafka bindings 0.5.0, Operation Binding Object): texts, or schemas of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic_core import SchemaError, SchemaValidator, core_schema

from cqrs_gen.document.node import is_mapping
from cqrs_gen.rules import INVALID_BINDING, INVALID_PATTERN

if TYPE_CHECKING:
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report, Resolve


@dataclass(frozen=True)
class Id:
    """An id as the contract gives it: the id itself where it says one, else what it has to be."""

    id: str | None
    annotation: str = "str"


def read_id(binding: Node | None, key: str, resolve: Resolve, report: Report) -> Id | None:
    """Read an id: a plain string, or a schema that fixes it, or one that constrains it."""
    written = binding.get(key) if binding is not None else None
    node = resolve(written) if written is not None else None
    if node is None:
        return None
    if isinstance(node.value, str) and node.value:
        return Id(node.value)
    if not is_mapping(node.value):
        report(
            INVALID_BINDING,
            node,
            f"binding {key!r} must be a schema or the id itself",
            hint='for example {"type": "string", "const": "orders"}',
        )
        return None
    enum = node.get("enum")
    allowed = [element.value for element in enum.elements() if isinstance(element.value, str)] if enum else []
    fixed = node.value.get("const", allowed[0] if len(allowed) == 1 else node.value.get("default"))
    pattern = _pattern(node, report)
    annotation = "str"
    if allowed:
        annotation = f"Literal[{', '.join(map(repr, allowed))}]"
    elif pattern and not isinstance(fixed, str):
        annotation = f"Annotated[str, Field(pattern={pattern!r})]"
    if isinstance(fixed, str) and fixed:
        return Id(fixed, annotation)
    return Id(None, annotation) if allowed or pattern else None


def _pattern(schema: Node, report: Report) -> str | None:
    """Give the pattern that a group id has to match, when the service can check it."""
    node = schema.get("pattern")
    if node is None or not isinstance(node.value, str):
        return None
    try:
        SchemaValidator(core_schema.str_schema(pattern=node.value))
    except SchemaError:
        report(INVALID_PATTERN, node, f"pattern {node.value!r} is no regular expression of pydantic: it is not checked")
        return None
    return node.value
