"""The files of a document: which may be read, what they are called, each read once."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cqrs_gen.diagnostics import Diagnostic
from cqrs_gen.document.parse import parse
from cqrs_gen.documents import find_documents
from cqrs_gen.rules import NOT_UTF8
from cqrs_gen.source import LINE_ENDING, Location, SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.node import ParsedFile


class UnreadableFileError(Exception):
    """A file that is not there or cannot be read; `reason` says why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"cannot read {path}: {reason}")
        self.path = path
        self.reason = reason


class OutsideError(Exception):
    """A file outside of the repository that holds the document."""


class Files:
    """Reads the root files of a document and what they refer to, each once, known by its real path.

    A reference may leave the folder of the document, but not the git repository that holds it: a document comes from
    somebody else more often than it is trusted, and what is read ends up in what is generated. Outside of a repository
    there is no such limit.
    """

    def __init__(self, paths: Sequence[Path], *, cwd: Path) -> None:
        self._cwd = cwd
        self._folder, self._roots = _find(paths, cwd)
        self._read: dict[Path, ParsedFile | None] = {}
        self.missing: dict[str, None] = {}
        """The labels of files that were asked for and could not be read."""

    @property
    def folder_name(self) -> str:
        """What the folder that holds all root files is called; empty where everybody calls it as they like.

        That is so for the folder of a git repository: its name must not be in what is generated.
        """
        return "" if self._folder == self._repository else self._folder.name

    @property
    def parsed(self) -> tuple[ParsedFile, ...]:
        """Every file that was read and could be parsed, the roots first, then in the order of first use."""
        return tuple(file for file in self._read.values() if file is not None)

    def open_roots(self, diagnostics: Diagnostics) -> list[ParsedFile | None]:
        """Read the root files; None for one with mistakes in it. Raises `UnreadableFileError`."""
        return [self._open(root, diagnostics) for root in self._roots]

    def open(self, path: str, referrer: ParsedFile, diagnostics: Diagnostics) -> ParsedFile | None:
        """Read the file that `referrer` calls `path`; None when there are mistakes in it.

        Raises `UnreadableFileError`, and `OutsideError` without having looked whether there is such a file.
        """
        target = _real(referrer.source.path.parent / path, path)
        if self._repository is not None and not target.is_relative_to(self._repository):
            raise OutsideError
        return self._open(target, diagnostics)

    def _open(self, path: Path, diagnostics: Diagnostics) -> ParsedFile | None:
        if path not in self._read:
            label = Path(os.path.relpath(path, self._folder)).as_posix()
            name = self._shown(path)
            try:
                data = _bytes(path, name)
            except UnreadableFileError:
                self.missing[label] = None
                raise
            text = _decode(data, name, diagnostics)
            source = SourceFile(path, name, label, text) if text is not None else None
            self._read[path] = parse(source, diagnostics) if source is not None else None
        return self._read[path]

    @cached_property
    def _repository(self) -> Path | None:
        folders = (self._folder, *self._folder.parents)
        return next((each for each in folders if (each / ".git").exists()), None)

    def _shown(self, path: Path) -> str:
        """Relative to the working directory when it is in there, else relative to what the user gave."""
        root, given_root = next(iter(self._roots.items()))
        given = self._roots.get(path) or given_root.parent / os.path.relpath(path, root.parent)
        normal = Path(os.path.normpath(self._cwd / given))
        if normal.is_relative_to(self._cwd):
            return str(normal.relative_to(self._cwd))
        # `..` after a link does not lead back: what was put together may then be another file.
        return os.path.normpath(given) if normal.resolve() == path else str(path)


def _find(paths: Sequence[Path], cwd: Path) -> tuple[Path, dict[Path, Path]]:
    """Give the folder of the root files, and how the user gave each, by its real path."""
    try:
        folder, given = find_documents(map(str, paths), str(cwd))
    except OSError as error:
        raise UnreadableFileError(str(error.filename), error.strerror or type(error).__name__) from error
    except ValueError as error:  # a NUL in the name; several drives
        reason = "it cannot be the path of a file" if len(paths) == 1 else "they cannot be files of one folder"
        raise UnreadableFileError(", ".join(map(str, paths)), reason) from error
    return Path(folder), {Path(folder, label): Path(path) for label, path in given.items()}


def _real(path: Path, called: str) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, a NUL in the name
        raise UnreadableFileError(called, "it cannot be the path of a file") from error


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.exists() and not path.is_file():
            # A folder; or a pipe or a device, which might never end.
            raise UnreadableFileError(name, "it is not a file")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(name, error.strerror or type(error).__name__) from error


def _decode(data: bytes, name: str, diagnostics: Diagnostics) -> str | None:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        lines = LINE_ENDING.split(data[: error.start].decode("utf-8"))
        location = Location(name, len(lines), len(lines[-1]) + 1)
        message = f"the file is not encoded in UTF-8: the byte 0x{data[error.start]:02X} stands for nothing here"
        diagnostics.add(Diagnostic(NOT_UTF8, location, message, "save it as UTF-8"))
        return None
