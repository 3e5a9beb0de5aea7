"""Every message of every receive operation reaches its handler, and nothing that the contract forbids does."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from tests.corpus.documents import SERVED, find
from tests.deliveries import check_deliveries
from tests.generated import SPECS, Package

if TYPE_CHECKING:
    from pathlib import Path

OWN: Final = tuple(sorted(path.parent.name for path in SPECS.glob("*/asyncapi.yaml")))


@pytest.mark.parametrize("name", [*OWN, *SERVED])
async def test_every_message_is_handled_when_it_is_valid_and_dead_lettered_when_it_is_broken(
    name: str, tmp_path: Path
) -> None:
    document = _document(name)
    settings = {"KAFKA_PLAINTEXT": "true", "RABBIT_URL": "amqp://guest:guest@localhost/"}  # without logins
    package = Package(document, tmp_path, f"delivered_{name.replace('-', '_')}", settings=settings).record()
    try:
        checked = await check_deliveries(document, package)
    finally:
        package.forget()
    assert checked.messages > 0
    assert checked.broken > 0


def test_mypy_strict_finds_nothing(tmp_path: Path) -> None:
    """One run over all packages; those of `specs/` are golden cases, which have a run of their own."""
    for name in SERVED:
        Package(_document(name), tmp_path, f"typed_{name}")
    packages = [argument for name in SERVED for argument in ("-p", f"typed_{name}")]
    strict = ["--strict", "--python-version", "3.10", "--cache-dir", ".mypy"]
    command = [sys.executable, "-m", "mypy", *strict, *packages]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _document(name: str) -> Path:
    return SPECS / name / "asyncapi.yaml" if name in OWN else find(name)
