"""What the user asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Config:
    """Everything that decides what is generated and where; what is done with it is the command line's business."""

    documents: tuple[Path, ...]
    """The document's root files; a folder stands for the schema files in it."""
    output: Path
    """The folder that receives the package folder."""
    package: str | None
    """The package's name; None: made from the contract's title."""
    envelope: str
    protocols: tuple[str, ...]
    role: str = "application"
    """`application`: what the document describes; `client`: who that talks to."""
    tombstones: str = "skip"
    """What becomes of records without a value: `skip` or `handle`."""
