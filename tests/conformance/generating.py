"""Runs the generator on a document as a user would, and reads what it says."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.config import Config
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.pipeline import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.inspection.model import InspectedOperation
    from tests.conformance.documents import Listed

SECONDS: Final = 60
"""How long a process may take on a machine that has other things to do."""


@dataclass(frozen=True)
class Run:
    """What a run of the generator said."""

    defect: str | None
    """What it must never do: be a bug, take too long, end without a reason."""
    errors: tuple[dict[str, Any], ...]
    """The errors of the document, as docs/json.md describes them; none where there is a package."""
    operations: tuple[InspectedOperation, ...]
    """Which are served, and why the others are not; none where the document has mistakes before that is known."""


def run_generator(document: Listed, output: Path, package: str) -> Run:
    """Generate a package into `output`, in a process that may fail, and ask what of the document is served."""
    told, defect = _generate(document, output, package)
    if told is None:
        return Run(defect, (), ())
    errors = tuple(found for found in told["diagnostics"] if found["severity"] == "error")
    config = Config((document.folder / document.path,), output, package, "auto", ())
    inspection = inspect(config, Diagnostics(), cwd=document.folder)
    return Run(None, errors, inspection.operations if inspection is not None else ())


def _generate(document: Listed, output: Path, package: str) -> tuple[dict[str, Any] | None, str | None]:
    """Give the object that is printed, or what the run must never do."""
    options = ["--package", package, "--output", str(output), "--format", "json"]
    command = [sys.executable, "-m", "cqrs_gen", document.path, *options]
    try:
        done = subprocess.run(
            command, cwd=document.folder, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return None, "the generator takes too long"
    if done.returncode not in {0, 1} or "Traceback" in done.stderr:
        return None, f"exit code {done.returncode}: {done.stderr.strip().splitlines()[-2:]}"
    told: dict[str, Any] = json.loads(done.stdout)
    if done.returncode != bool(told["errors"]):
        return None, f"exit code {done.returncode} with {told['errors']} errors"
    return told, None
