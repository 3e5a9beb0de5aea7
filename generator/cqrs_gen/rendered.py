"""A file of the generated package as text: what render gives and write takes."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePosixPath


class Ownership(enum.Enum):
    """Who may change a file once it is written. The values stand in the manifest."""

    GENERATED = "generated"
    """Ours: every run brings it up to date, and nobody edits it."""
    SCAFFOLD = "scaffold"
    """Theirs: written once, never touched again."""


@dataclass(frozen=True)
class RenderedFile:
    """One file of the package; `path` is relative to the package folder."""

    path: PurePosixPath
    text: str = field(repr=False)
    ownership: Ownership
