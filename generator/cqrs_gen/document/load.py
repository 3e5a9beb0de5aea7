"""The document: its root files, the files that they refer to, and following references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.diagnostics import Diagnostic
from cqrs_gen.document.chains import Chains
from cqrs_gen.document.files import Files, UnreadableFileError
from cqrs_gen.document.node import Node
from cqrs_gen.document.references import BadReferenceError, follow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cqrs_gen.diagnostics import Diagnostics, Rule
    from cqrs_gen.document.node import ParsedFile
    from cqrs_gen.source import SourceFile

__all__ = ["Document", "UnreadableFileError", "load"]


def load(paths: Sequence[Path], diagnostics: Diagnostics, *, cwd: Path) -> Document | None:
    """Load a document of one file or several; None when there are mistakes in these, which are all reported.

    `paths` are relative to `cwd`, and so is every name in a diagnostic; a folder stands for the schema files in it
    (`cqrs_gen.documents`). The files that they refer to are read when a reference to them is followed. Raises
    `UnreadableFileError` when there is no such file, or none that can be read.
    """
    files = Files(paths, cwd=cwd)
    parsed = files.open_roots(diagnostics)
    roots = [Node(root, "", root.value) for root in parsed if root is not None]
    return Document(files, roots) if len(roots) == len(parsed) else None


class Document:
    """The root files and what they refer to. Knows where a reference leads, not where one may stand."""

    def __init__(self, files: Files, roots: Sequence[Node]) -> None:
        self.roots = tuple(roots)
        """The root files, in the order of their labels."""
        self._files = files
        self._chains = Chains()

    @property
    def root(self) -> Node:
        """The root file; of several the first."""
        return self.roots[0]

    @property
    def folder_name(self) -> str:
        """What the folder of the root files is called; empty where that differs from machine to machine."""
        return self._files.folder_name

    @property
    def parsed_files(self) -> tuple[ParsedFile, ...]:
        """Every file that was read so far, the roots first, then in the order of first use."""
        return self._files.parsed

    @property
    def missing_files(self) -> tuple[str, ...]:
        """The labels of files that references name and that could not be read."""
        return tuple(self._files.missing)

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The texts of `parsed_files`."""
        return tuple(file.source for file in self.parsed_files)

    def resolve(self, node: Node, diagnostics: Diagnostics) -> Node | None:
        """Follow the reference that a node is, through as many as there are; any other node is given as it is.

        None where it leads nowhere, which is then reported, at the `$ref` that is wrong. Two references to one value
        give nodes of one `id`.
        """
        try:
            return follow(node, self._files, self._chains, diagnostics)
        except BadReferenceError as bad:
            self.report(diagnostics, bad.rule, bad.reference.child("$ref"), bad.message, hint=bad.hint)
            return None

    def report(  # noqa: PLR0913 - what a diagnostic has
        self,
        diagnostics: Diagnostics,
        rule: Rule,
        node: Node,
        message: str,
        *,
        hint: str | None = None,
        at_key: bool = False,
    ) -> None:
        """Report a mistake at a node or at its key, with the references that first led there."""
        location = node.key_location if at_key else node.location
        line = node.file.source.line(location.line)
        diagnostics.add(Diagnostic(rule, location, message, hint, line, self._chains.to(node)))
