"""The document: its root file, the files that it refers to, and following references."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.diagnostics import Diagnostic
from cqrs_gen.document.chains import Chains
from cqrs_gen.document.files import Files, UnreadableFileError
from cqrs_gen.document.node import Node
from cqrs_gen.document.references import BadReferenceError, follow

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.diagnostics import Diagnostics, Rule
    from cqrs_gen.document.node import ParsedFile
    from cqrs_gen.source import SourceFile

__all__ = ["Document", "UnreadableFileError", "load"]


def load(path: Path, diagnostics: Diagnostics, *, cwd: Path) -> Document | None:
    """Load a document; None when there are mistakes in the file, which are all reported.

    `path` is relative to `cwd`, and so is every name in a diagnostic. The files that it refers to are read when a
    reference to them is followed. Raises `UnreadableFileError` when there is no such file, or none that can be read.
    """
    files = Files(path, cwd=cwd)
    root = files.open_root(diagnostics)
    return Document(files, Node(root, "", root.value)) if root is not None else None


class Document:
    """A root file and what it refers to. Knows where a reference leads, not where one may stand."""

    def __init__(self, files: Files, root: Node) -> None:
        self.root = root
        self._files = files
        self._chains = Chains()

    @property
    def parsed_files(self) -> tuple[ParsedFile, ...]:
        """Every file that was read so far, the root first, then in the order of first use."""
        return self._files.parsed

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
