"""A text and the places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

LINE_ENDING: Final = re.compile(r"\r\n|\r|\n")
"""What ends a line for an editor, for YAML 1.2 and for JSON; `str.splitlines` knows more."""


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file, as an editor counts it.

    `file` is the path as it is shown to the user: relative to the working directory where that is possible.
    `line` and `column` count from 1; `pointer` is the JSON Pointer (RFC 6901) of the value there.
    """

    file: str
    line: int
    column: int
    pointer: str = ""

    def __str__(self) -> str:
        """`file:line:column`, the form that editors and terminals make clickable."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, eq=False)
class SourceFile:
    """The text of one file of the document.

    `name` is what diagnostics call it, `label` how the output calls it: relative to the folder of the document's root
    file, with forward slashes, so that it is the same on every machine.
    """

    path: Path
    name: str
    label: str
    text: str = field(repr=False)

    def line(self, number: int) -> str:
        """Give line `number` (from 1) without its ending; empty beyond the end."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    @cached_property
    def _lines(self) -> list[str]:
        return LINE_ENDING.split(self.text)
