"""How the tests of documents write one down and read it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import Document, load
from cqrs_gen.document.parse import parse
from cqrs_gen.source import SourceFile

if TYPE_CHECKING:
    from cqrs_gen.document.node import Node, ParsedFile, Place


class Parsing:
    """One text, parsed."""

    def __init__(self, text: str, name: str = "orders.yaml") -> None:
        self.diagnostics = Diagnostics()
        self.file: ParsedFile | None = parse(SourceFile(Path(name), name, name, text), self.diagnostics)

    @property
    def found(self) -> list[tuple[int, int, str, str, str | None]]:
        """Line, column, rule, message and hint of everything that was found."""
        return [
            (found.location.line, found.location.column, found.rule.id, found.message, found.hint)
            for found in self.diagnostics.sorted()
        ]

    @property
    def data(self) -> object:
        """The data, which must be there."""
        assert self.file is not None, self.found
        return self.file.value

    def place(self, pointer: str) -> Place:
        """Where a value and its key start."""
        assert self.file is not None, self.found
        return self.file.places[pointer]


class Workspace:
    """A folder with the files of a document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.diagnostics = Diagnostics()
        self.document: Document | None = None

    def write(self, **files: str) -> None:
        """Write files; `__` in a name stands for `/`, and `.yaml` is put after it."""
        for name, text in files.items():
            path = self.folder / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def load(self, path: str | Path = "orders.yaml", cwd: Path | None = None) -> Document:
        """Load a document, which must be free of mistakes."""
        self.document = load([Path(path)], self.diagnostics, cwd=cwd or self.folder)
        assert self.document is not None, self.found
        return self.document

    def at(self, pointer: str) -> Node:
        """Give the node at a pointer into the root file."""
        assert self.document is not None
        node = self.document.root
        for token in pointer.split("/")[1:]:
            node = node.child(int(token) if isinstance(node.value, list) else token)
        return node

    def resolve(self, pointer: str) -> Node | None:
        """Follow the reference at a pointer into the root file."""
        assert self.document is not None
        return self.document.resolve(self.at(pointer), self.diagnostics)

    @property
    def found(self) -> list[str]:
        """What was found, as `place rule: message` with the hint in parentheses."""
        return [
            f"{found.location} {found.rule.id}: {found.message}" + (f" ({found.hint})" if found.hint else "")
            for found in self.diagnostics.sorted()
        ]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)
