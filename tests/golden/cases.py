"""The golden cases: every folder below this one that holds a `case.toml` or an `asyncapi.yaml`.

A case is a document, what is asked of it, and what must come out:

    case.toml         optional: `document`, `args` (list), `exit_code`, and `before`, a document that an earlier run
                      generated from; a case that only reads `specs/` needs `document`
    asyncapi.yaml     the document, unless case.toml points elsewhere
    diagnostics.txt   exactly what the user sees on the error stream; none means nothing
    expected/         the package, byte for byte, without `contract/runtime/`, which is copied as it is

The package is called like the case. `python -m tests.golden.update [CASE ...]` writes `expected/` and
`diagnostics.txt` anew; read the difference like code.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from cqrs_gen.cli import main

FOLDER = Path(__file__).parent
_RUNTIME = "contract/runtime/"


@dataclass(frozen=True)
class Case:
    """One folder."""

    folder: Path
    document: str
    args: tuple[str, ...]
    exit_code: int
    before: str | None

    @property
    def name(self) -> str:
        """What the case and its package are called."""
        return self.folder.name

    @property
    def diagnostics(self) -> str:
        """What the user must see."""
        path = self.folder / "diagnostics.txt"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def expected(self) -> dict[str, str]:
        """The files that must come out, by their path in the package."""
        return tree(self.folder / "expected")


@dataclass(frozen=True)
class Result:
    """What a run gave."""

    exit_code: int
    diagnostics: str
    files: dict[str, str]
    """What was written, without the runtime; what changes with the generator itself is blanked in the manifest."""


def all_cases() -> list[Case]:
    """Find the cases, in the order of their names."""
    folders = {path.parent for name in ("case.toml", "asyncapi.yaml") for path in FOLDER.glob(f"*/{name}")}
    return [_read(folder) for folder in sorted(folders)]


def run(case: Case, output: Path) -> Result:
    """Run the generator as a user would in the case's folder, with the package going into `output`."""
    errors = io.StringIO()
    home = Path.cwd()
    os.chdir(case.folder)
    try:
        options = ["--output", str(output), "--package", case.name, *case.args]
        if case.before is not None:
            main([case.before, *options, "--quiet"])
        earlier = tree(output / case.name)
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
            exit_code = main([case.document, *options])
    finally:
        os.chdir(home)
    written = {path: text for path, text in tree(output / case.name).items() if earlier.get(path) != text}
    files = {path: text for path, text in written.items() if not path.startswith(_RUNTIME)}
    if "contract/manifest.json" in files:
        files["contract/manifest.json"] = _blanked(files["contract/manifest.json"])
    return Result(exit_code, errors.getvalue(), files)


def tree(folder: Path) -> dict[str, str]:
    """Read every file below a folder, by its path there; what tools leave behind is no part of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".mypy_cache", ".ruff_cache"} & set(path.parts)
    }


def _read(folder: Path) -> Case:
    path = folder / "case.toml"
    told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    unknown = told.keys() - {"document", "args", "exit_code", "before"}
    if unknown:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
    document, args = told.get("document", "asyncapi.yaml"), tuple(told.get("args", ()))
    return Case(folder, document, args, told.get("exit_code", 0), told.get("before"))


def _blanked(manifest: str) -> str:
    manifest = re.sub(r'("fingerprint": ")[0-9a-f]+', r"\1...", manifest)
    return re.sub(r'("contract/runtime/[^"]+": \{\s*"digest": ")[0-9a-f]+', r"\1...", manifest)
