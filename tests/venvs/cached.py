"""Virtual environments that stay from one run of the tests to the next, below `.cache/venvs`."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

ROOT: Final = Path(__file__).parents[2]
_FOLDER: Final = ROOT / ".cache" / "venvs"
_LOCK: Final = ROOT / "requirements-dev.lock"


def cached_venv(python: str, requirements: Sequence[str]) -> Path:
    """Give the Python of an environment in which `python` has installed `requirements`, in the versions of our lock.

    It is made when there is none for these requirements, this Python and the lock. Several processes may ask at
    once: one makes it, the others wait. Raises `RuntimeError` when the installation fails.
    """
    version = subprocess.run([python, "-VV"], capture_output=True, text=True, check=True).stdout
    said = "\n".join([python, version, *requirements, _LOCK.read_text(encoding="utf-8")])
    folder = _FOLDER / hashlib.sha256(said.encode()).hexdigest()[:16]
    _FOLDER.mkdir(parents=True, exist_ok=True)
    complete = folder / "complete"
    installed = folder / "bin" / "python"
    with _locked(folder.with_suffix(".lock")):
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            # A pip of its own, and what it would compile, cost three quarters of the time.
            _run(python, "-m", "venv", "--without-pip", str(folder))
            pip = [sys.executable, "-m", "pip", "--python", str(installed), "install", "--quiet", "--no-compile"]
            _run(*pip, "-c", str(_LOCK), *requirements)
            complete.touch()
    return installed


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Hold a lock that ends with the process, however it ends."""
    with path.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
