"""Runs tests on a copy of the repository, in processes that are forked from one that has imported the libraries."""

from __future__ import annotations

import os
import resource
import signal
import sys
from importlib import import_module
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
_COPIED: Final = ("templates", "generator", "tests/unit", "tests/simulation")
_LIBRARIES: Final = ("aiokafka", "cqrs", "di", "faststream.kafka", "faststream.rabbit", "hypothesis", "pytest_asyncio")
_MEMORY: Final = 4 << 30


class Judge:
    """A copy of the repository, in a folder of its own, so that no mistake ever gets into the original."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in _COPIED:
            copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__", "golden"))
        for name in ("pyproject.toml", "tests/__init__.py"):
            (folder / name).write_bytes((ROOT / name).read_bytes())
        for name in _LIBRARIES:
            import_module(name)

    def is_content(self, tests: tuple[str, ...], seconds: int) -> bool:
        """Whether tests pass without any mistake; what Python compiles for that is used from then on."""
        return self._passes(tests, seconds)

    def notices(self, module: str, text: str, tests: tuple[str, ...], seconds: int) -> bool:
        """Whether a test fails, or does not end, when a module has this text."""
        sys.dont_write_bytecode = True  # two mistakes of one size in one second would be the same to Python
        path = self._folder / module
        before = path.read_bytes()
        path.write_text(text, encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()
        try:
            return not self._passes(tests, seconds)
        finally:
            path.write_bytes(before)

    def _passes(self, tests: tuple[str, ...], seconds: int) -> bool:
        process = os.fork()
        if not process:
            self._run(tests, seconds)
        return os.waitpid(process, 0)[1] == 0

    def _run(self, tests: tuple[str, ...], seconds: int) -> None:
        """Run tests, in a child, and exit; the alarm ends it when they do not."""
        signal.alarm(seconds)
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        with Path(os.devnull).open("w") as nowhere:
            for stream in (1, 2):
                os.dup2(nowhere.fileno(), stream)
        sys.path[:] = [str(self._folder / "generator"), *(one for one in sys.path if Path(one).resolve() != ROOT)]
        for name in [one for one in sys.modules if one.split(".")[0] in {"tests", "cqrs_gen"}]:
            del sys.modules[name]  # those of the original
        os.chdir(self._folder)
        code = 1
        try:
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]))
        finally:
            os._exit(code)
