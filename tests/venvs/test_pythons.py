"""On every other Python that is supported and here: the same golden packages, and services that handle messages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.determinism.interpreters import VERSIONS, environment
from tests.golden.cases import all_cases
from tests.venvs.cached import ROOT

if TYPE_CHECKING:
    from pathlib import Path

OTHERS: Final = [version for version in VERSIONS if version != f"{sys.version_info.major}.{sys.version_info.minor}"]
"""This one runs all tests."""


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHERS)
def test_gives_the_golden_packages(version: str) -> None:
    passed = _passed(environment(version), "tests/golden/test_golden.py::test_gives_what_is_expected")
    assert passed == len(all_cases())


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHERS)
def test_handles_and_dead_letters_in_memory(version: str) -> None:
    """A good message, a bad one and one whose handler fails, with one package on Kafka and one on RabbitMQ."""
    assert _passed(environment(version), "tests/behaviour/test_memory.py") > 20


def _passed(python: Path, tests: str) -> int:
    """Run tests with another Python and give how many passed; none may fail or be skipped.

    The fixtures of real servers stay out of it: what they need is not installed there.
    """
    folder = tests.rpartition("/")[0]
    command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--confcutdir", folder, tests]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    done = subprocess.run(
        [str(python), *command],
        cwd=ROOT,
        env=inherited | {"PYTHONPATH": "generator", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    closing = re.fullmatch(r"(\d+) passed in .*", done.stdout.splitlines()[-1])
    assert closing is not None, done.stdout
    return int(closing[1])
