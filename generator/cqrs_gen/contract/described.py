"""Reading objects by their description: only fields that it has, only values of the types that it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.contract.objects import ListOf, MapOf, fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cqrs_gen.contract.objects import ObjectType
    from cqrs_gen.document.node import Node


@dataclass(frozen=True)
class Described:
    """An object of the document with its description.

    Values that are not as described are left out: the check of the document has reported them. Every method raises
    `KeyError` for a field that is not described, so that nothing is read that is not checked.
    """

    node: Node
    description: ObjectType

    def get(self, field: str) -> Node | None:
        """Give the value of a field as it is written, perhaps a reference; None where there is none."""
        shape = self.description.fields[field]
        node = self.node.get(field)
        return node if node is not None and fits(node.value, shape) else None

    def text(self, field: str) -> str | None:
        """Give the string that a field holds."""
        node = self.get(field)
        return node.value if node is not None and isinstance(node.value, str) else None

    def elements(self, field: str) -> Iterator[Node]:
        """Give the elements of a field that holds a list."""
        shape = self.description.fields[field]
        node = self.get(field)
        if node is not None and isinstance(shape, ListOf):
            yield from (element for element in node.elements() if fits(element.value, shape.item))

    def members(self, field: str) -> Iterator[tuple[str, Node]]:
        """Give the members of a field that holds a map."""
        shape = self.description.fields[field]
        node = self.get(field)
        if node is not None and isinstance(shape, MapOf):
            yield from ((key, member) for key, member in node.members() if fits(member.value, shape.item))
