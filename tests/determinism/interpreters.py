"""The Pythons on this machine that the generator supports."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS: Final = ("3.10", "3.11", "3.12", "3.13")


def find_python(version: str) -> str | None:
    """Give a Python of a version; None where there is none.

    The environment variable CQRS_GEN_PYTHONS may list some, separated like PATH; then come `python3.x` on the PATH and
    what pyenv has installed, whether it is switched on or not.
    """
    return next((python for python in _candidates(version) if _version(python) == version), None)


def _candidates(version: str) -> Iterator[str]:
    yield from filter(None, os.environ.get("CQRS_GEN_PYTHONS", "").split(os.pathsep))
    on_path = shutil.which(f"python{version}")
    if on_path is not None:
        yield on_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}")))


def _version(python: str) -> str | None:
    """Ask it, as it may be a shim for what is not there."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip()
