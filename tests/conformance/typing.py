"""mypy --strict over many packages at once, which is a fraction of one run for each."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def type_errors(folder: Path, packages: Sequence[str]) -> dict[str, list[str]]:
    """Give the errors by package, of packages in `folder`. Raises `RuntimeError` when mypy itself fails."""
    named = [argument for package in packages for argument in ("-p", package)]
    strict = ["--strict", "--python-version", "3.10", "--no-error-summary", "--cache-dir", ".mypy"]
    command = [sys.executable, "-m", "mypy", *strict, *named]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in done.stdout.splitlines():
        package, _, rest = line.partition("/")
        if package in packages and ": error: " in rest:
            found[package].append(rest)
    if done.returncode and not found:
        raise RuntimeError(done.stdout + done.stderr)
    return dict(found)
