"""Names in Avro schemas (specification, "Names")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cqrs_gen.document.node import Node

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PRIMITIVES: Final = ("null", "boolean", "int", "long", "float", "double", "bytes", "string")
FULL_NAME: Final = "x-avro-name"
"""Where the JSON Schema of a named type keeps its full name, which its class is called after."""


@dataclass(frozen=True)
class Name:
    """The name of a record, an enumeration or a fixed."""

    full: str

    @property
    def namespace(self) -> str:
        """What the names inside that have no namespace of their own are in."""
        return self.full.rpartition(".")[0]

    @property
    def short(self) -> str:
        """The name without its namespace."""
        return self.full.rpartition(".")[2]


def defined_name(node: Node, namespace: str) -> Name | None:
    """Give the full name that a definition has inside a namespace; None where it has none that can be one."""
    written, own = node.get("name"), node.get("namespace")
    if written is None or not isinstance(written.value, str):
        return None
    if "." not in written.value and own is not None and isinstance(own.value, str):
        namespace = own.value
    full = full_name(written.value, namespace)
    return Name(full) if all(map(is_name, full.split("."))) else None


def full_name(written: str, namespace: str) -> str:
    """Give the full name that is meant by a name inside a namespace."""
    return written if "." in written or not namespace else f"{namespace}.{written}"


def is_name(text: object) -> bool:
    """Whether a text can be a name of a field or a symbol, or a part of a full name."""
    return isinstance(text, str) and _NAME.fullmatch(text) is not None
