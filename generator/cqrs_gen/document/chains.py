"""Which references led to a value, for whoever reads a diagnostic about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.document.node import Node
    from cqrs_gen.source import Location


class Chains:
    """Remembers for every value that was reached by reference which reference reached it first."""

    def __init__(self) -> None:
        self._first: dict[str, Node] = {}

    def remember(self, target: Node, reference: Node) -> None:
        """Remember that a reference led to `target`.

        A reference from within the target is not how one came there; leaving it out also keeps chains from closing.
        """
        if target.id in self._first:
            return
        if not any(_contains(target, each) for each in (reference, *self._backwards(reference))):
            self._first[target.id] = reference

    def to(self, node: Node) -> tuple[Location, ...]:
        """Give the places of the references that led to a node or to what holds it, the outermost first."""
        references = [reference.child("$ref").location for reference in self._backwards(node)]
        return tuple(reversed(references))

    def _backwards(self, node: Node) -> list[Node]:
        found: list[Node] = []
        reference = self._nearest(node)
        while reference is not None:
            found.append(reference)
            reference = self._nearest(reference)
        return found

    def _nearest(self, node: Node) -> Node | None:
        """Give the reference that led to the node or to the innermost value around it."""
        label, pointer = node.file.source.label, node.pointer
        while pointer and f"{label}#{pointer}" not in self._first:
            pointer = pointer.rpartition("/")[0]
        return self._first.get(f"{label}#{pointer}")


def _contains(outer: Node, inner: Node) -> bool:
    return outer.file is inner.file and f"{inner.pointer}/".startswith(f"{outer.pointer}/")
