"""Carries out what `compare` decided: all of it or nothing, and never half a file."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from typing import TYPE_CHECKING

from cqrs_gen.changes import Changes, FileChange, WriteReport, file_diff

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path


class EditedFilesError(Exception):
    """Generated files were edited by hand; nothing was written.

    `edited` has the path of each, from the output folder, and the diff from what is there to what would be written.
    """

    def __init__(self, changes: Sequence[FileChange]) -> None:
        self.edited = tuple((change.path, file_diff(change)) for change in changes)
        super().__init__("edited by hand: " + ", ".join(str(path) for path, _ in self.edited))


class WriteError(Exception):
    """The operating system refused; the message names the file and the reason."""


def refuse_edited(changes: Changes, *, force: bool) -> None:
    """Raise EditedFilesError when the run would overwrite what people edited in generated files, unless by `force`."""
    if changes.edited and not force:
        raise EditedFilesError(changes.edited)


def write(changes: Changes) -> WriteReport:
    """Write, replace and remove files as planned, the manifest last, and say what was done.

    Every new text is complete on the disk, beside its place, before the first file is replaced; when anything fails,
    what was done is undone. Raises WriteError for a full disk, missing permissions and such.
    """
    effective = [change for change in changes.files if change.has_effect]
    with contextlib.ExitStack() as undo:
        staged = [(change, _stage(changes.root / change.path, change, undo)) for change in effective]
        for change, temporary in staged:
            _carry_out(changes.root / change.path, change, temporary, undo)
        undo.pop_all()
    return changes.report


def _stage(target: Path, change: FileChange, undo: contextlib.ExitStack) -> Path | None:
    """Write a file's new text to a temporary file in the same folder; None for a file that goes."""
    if change.after is None:
        return None
    with _refused(f"{change.path} cannot be written, nothing was changed"):
        _make_folder(target.parent, undo)
        temporary = _temporary(target)
        undo.callback(_attempt, temporary.unlink)
        _write_new(temporary, change.after, like=target)
    return temporary


def _make_folder(folder: Path, undo: contextlib.ExitStack) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, undo)
        folder.mkdir()
        undo.callback(_attempt, folder.rmdir)


def _carry_out(target: Path, change: FileChange, temporary: Path | None, undo: contextlib.ExitStack) -> None:
    if temporary:
        with _refused(f"{change.path} cannot be written, nothing was changed"):
            os.replace(temporary, target)  # noqa: PTH105 (the one atomic step keeps the system's name for it)
    else:
        with _refused(f"{change.path} cannot be removed, nothing was changed"):
            target.unlink()
    undo.callback(_put_back, target, change)


def _put_back(target: Path, change: FileChange) -> None:
    with _refused(f"{change.path} was changed and cannot be put back"):
        if change.before is None:
            target.unlink()
            return
        temporary = _temporary(target)
        try:
            _write_new(temporary, change.before, like=target)
            os.replace(temporary, target)  # noqa: PTH105 (as above)
        finally:
            _attempt(temporary.unlink)


def _temporary(target: Path) -> Path:
    """Choose a name that no package has, short enough wherever the target's own name fits."""
    return target.with_name(f".cqrs-gen-{secrets.token_hex(8)}")


def _write_new(path: Path, content: bytes, *, like: Path) -> None:
    """Write a new file with the permissions of `like` where that exists, else with those that the umask leaves."""
    with path.open("xb") as file:
        file.write(content)
    if like.exists():
        path.chmod(stat.S_IMODE(like.stat().st_mode))


def _attempt(action: Callable[[], object]) -> None:
    with contextlib.suppress(OSError):
        action()


@contextlib.contextmanager
def _refused(what: str) -> Generator[None, None, None]:
    try:
        yield
    except OSError as error:
        raise WriteError(f"{what}: {error.strerror or error}") from error
