"""In which language a payload's schema is written (AsyncAPI 3, Multi Format Schema Object; 2.x, `schemaFormat`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.described import Described
from cqrs_gen.contract.objects import is_reference
from cqrs_gen.contract.objects3 import MULTI_FORMAT_SCHEMA

if TYPE_CHECKING:
    from cqrs_gen.contract.reading import Reading
    from cqrs_gen.document.node import Node

_READ: Final = tuple(
    f"application/{name}{suffix}"
    for name in ("vnd.aai.asyncapi", "schema", "vnd.oai.openapi")
    for suffix in ("", "+json", "+yaml")
)
"""AsyncAPI's own Schema Object, JSON Schema, and OpenAPI's Schema Object, which differ in few keywords."""


def foreign_format(schema_format: str | None) -> str | None:
    """Give a schema format as written; None where it is absent or one of those that are read as AsyncAPI's own."""
    media_type = (schema_format or _READ[0]).partition(";")[0].strip().lower()
    return None if media_type in _READ else schema_format


def unwrap(node: Node, reading: Reading) -> tuple[Node, str | None]:
    """Take a schema of 3.x out of its Multi Format Schema Object, if it is in one, and tell its foreign format.

    A reference is followed only to see whether it leads to such an object; one to a schema is given as it is.
    """
    target = reading.resolve(node) if is_reference(node) else node
    if target is None or target.get("schema") is None:
        return node, None
    wrapper = Described(target, MULTI_FORMAT_SCHEMA)
    return target.child("schema"), foreign_format(wrapper.text("schemaFormat"))
