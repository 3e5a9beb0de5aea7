"""The place of every pointer of a file, without writing every pointer out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cqrs_gen.document.node import Place, escape, unescape


class Tree(NamedTuple):
    """Where a value and its key start, and the same for what is in it.

    An alias shares the children of its anchor: a text of n characters never needs more than n of these, however often
    its aliases repeat each other.
    """

    line: int
    column: int
    key_line: int
    key_column: int
    children: dict[str, Tree] | list[Tree] | None


class Places(Mapping[str, Place]):
    """The place of every pointer (RFC 6901), looked up in a tree."""

    def __init__(self, root: Tree) -> None:
        self._root = root

    def __getitem__(self, pointer: str) -> Place:
        tree = self._root
        try:
            for token in pointer.split("/")[1:]:
                children = tree.children
                tree = children[int(token)] if isinstance(children, list) else (children or {})[unescape(token)]
        except (LookupError, ValueError):
            raise KeyError(pointer) from None
        return Place(*tree[:4])

    def __iter__(self) -> Iterator[str]:
        pending = [("", self._root)]
        while pending:
            pointer, tree = pending.pop()
            yield pointer
            children = tree.children or {}
            members = enumerate(children) if isinstance(children, list) else children.items()
            pending.extend((f"{pointer}/{escape(str(key))}", child) for key, child in members)

    def __len__(self) -> int:
        return sum(1 for _ in self)
