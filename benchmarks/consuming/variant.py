"""One way to consume: a process that is started, measured, and gone before the next one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.consuming.counting import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT: Final = Path(__file__).parents[2]


class VariantFailedError(Exception):
    """A process has measured nothing; the text has the end of what it wrote."""


@dataclass(frozen=True)
class Variant:
    """A module that is run with arguments, and how many messages it handles."""

    name: str
    messages: int
    command: tuple[str, ...]
    """The module and its arguments."""
    folder: Path = ROOT
    settings: Mapping[str, str] = field(default_factory=dict)
    unique: str = ""
    """A setting that gets another value in each run; none when empty."""
    prepare: Callable[[], None] = lambda: None
    """What is done before each run."""
    patience: float = 120
    """Seconds that a run may take."""

    def run(self) -> dict[str, Any]:
        """Run it once and give what it printed. Raises VariantFailedError."""
        self.prepare()
        environment = {"PYTHONPATH": str(ROOT), MESSAGES: str(self.messages), **self.settings}
        if self.unique:
            environment[self.unique] = uuid.uuid4().hex
        try:
            process = subprocess.run(
                [sys.executable, "-m", *self.command],
                cwd=self.folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=self.patience,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise VariantFailedError(f"{self.name} was not ready after {self.patience:g} s:\n{late.stderr!r}") from late
        if process.returncode or not process.stdout:
            raise VariantFailedError(f"{self.name} ended with {process.returncode}:\n{process.stderr[-4000:]}")
        result: dict[str, Any] = json.loads(process.stdout)
        return result
