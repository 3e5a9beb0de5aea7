"""What a run would do to the files of a package: decided here by looking only, done by `write`."""

from __future__ import annotations

import difflib
import enum
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path, PurePosixPath


class Action(enum.Enum):
    """What happens to a file."""

    CREATE = "create"
    UPDATE = "update"
    REMOVE = "remove"
    UNCHANGED = "unchanged"
    KEEP = "keep"
    """It belongs to people and is there."""
    ORPHAN = "orphan"
    """It belongs to people, and nothing in the contract asks for it any more."""


@dataclass(frozen=True)
class FileChange:
    """One file: its path from the output folder, its bytes on disk and those it shall have (None: no such file)."""

    path: PurePosixPath
    action: Action
    before: bytes | None = field(default=None, repr=False)
    after: bytes | None = field(default=None, repr=False)
    is_edited: bool = False
    """Somebody changed a generated file by hand, and the run would destroy that."""

    @property
    def has_effect(self) -> bool:
        """Whether the disk will differ."""
        return self.action in {Action.CREATE, Action.UPDATE, Action.REMOVE}


@dataclass(frozen=True)
class WriteReport:
    """What a run did, or would do: paths from the output folder, sorted."""

    created: tuple[PurePosixPath, ...]
    updated: tuple[PurePosixPath, ...]
    unchanged: tuple[PurePosixPath, ...]
    kept: tuple[PurePosixPath, ...]
    removed: tuple[PurePosixPath, ...]
    orphaned: tuple[PurePosixPath, ...]


@dataclass(frozen=True)
class Changes:
    """Everything a run would do below `root`, in the order of doing it; the manifest comes last."""

    root: Path
    files: tuple[FileChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the run would leave every file as it is."""
        return not any(change.has_effect for change in self.files)

    @property
    def edited(self) -> tuple[FileChange, ...]:
        """The generated files that somebody edited."""
        return tuple(change for change in self.files if change.is_edited)

    @property
    def report(self) -> WriteReport:
        """Sort the files by what happens to them."""
        return WriteReport(
            created=self._paths(Action.CREATE),
            updated=self._paths(Action.UPDATE),
            unchanged=self._paths(Action.UNCHANGED),
            kept=self._paths(Action.KEEP),
            removed=self._paths(Action.REMOVE),
            orphaned=self._paths(Action.ORPHAN),
        )

    def _paths(self, action: Action) -> tuple[PurePosixPath, ...]:
        return tuple(sorted(change.path for change in self.files if change.action is action))


def diff(changes: Changes) -> str:
    """Give all that would differ as one unified diff, which `git apply` understands in the output folder."""
    return "".join(file_diff(change) for change in changes.files)


def file_diff(change: FileChange) -> str:
    """Give the diff of one file; empty when nothing happens to it. Line endings do not count."""
    if not change.has_effect:
        return ""
    header = f"diff --git a/{change.path} b/{change.path}\n{_MODES[change.action]}"
    old = f"a/{change.path}" if change.before is not None else "/dev/null"
    new = f"b/{change.path}" if change.after is not None else "/dev/null"
    return header + "".join(map(_ended, difflib.unified_diff(_lines(change.before), _lines(change.after), old, new)))


_MODES = {  # without these lines an empty file would not show
    Action.CREATE: "new file mode 100644\n",
    Action.UPDATE: "",
    Action.REMOVE: "deleted file mode 100644\n",
}


def _lines(content: bytes | None) -> list[str]:
    r"""Cut at `\n` only: `str.splitlines` also cuts at characters that may stand inside a line."""
    text = (content or b"").replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    return list(io.StringIO(text, newline="\n"))


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
