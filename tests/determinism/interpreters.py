"""The Pythons on this machine that the generator supports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.venvs.cached import ROOT, cached_venv

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSIONS: Final = ("3.10", "3.11", "3.12", "3.13")


def environment(version: str) -> Path:
    """Give a Python of a version with what the generator, its packages and their tests in memory need.

    Skips the test, with a line that says so, where there is no Python of that version.
    """
    found = find_python(version)
    if found is None:
        pytest.skip(f"there is no Python {version} here; CQRS_GEN_PYTHONS can name one")
    print(f"Python {version}: {found}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    services = project["optional-dependencies"]["services"]
    return cached_venv(found, [*project["dependencies"], *services, "pytest", "pytest-asyncio"])


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
