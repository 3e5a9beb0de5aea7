"""`orders`, generated under other circumstances each time, is the same package byte for byte, manifest included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

import pytest

from tests.determinism.interpreters import VERSIONS, environment
from tests.venvs.cached import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

DOCUMENT: Final = ROOT / "specs" / "orders" / "asyncapi.yaml"
SOMEBODY: Final = "zebedee"


@dataclass(frozen=True)
class Circumstances:
    """What must not matter."""

    folder: Path
    """Where the package goes."""
    python: str = sys.executable
    cwd: Path = ROOT
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


@pytest.fixture(scope="module", autouse=True)
def generator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run a copy of the generator: an edit while the tests run is not what they look for."""
    copy = tmp_path_factory.mktemp("generator")
    for folder in ("generator", "templates"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(copy / "generator"))
        yield


@pytest.fixture(scope="module")
def orders(generator: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:  # noqa: ARG001 - it runs that
    """Give the package as it comes out here."""
    return _generate(Circumstances(tmp_path_factory.mktemp("here"), variables={"PYTHONHASHSEED": "0"}))


def test_there_is_something_to_compare(orders: dict[str, bytes]) -> None:
    assert {"app.py", "contract/manifest.json", "contract/models.py", "contract/runtime/delivery.py"} <= orders.keys()


@pytest.mark.parametrize("seed", ["1", "2", "4294967295"])
def test_the_seed_of_hashes_does_not_matter(orders: dict[str, bytes], tmp_path: Path, seed: str) -> None:
    assert _generate(Circumstances(tmp_path, variables={"PYTHONHASHSEED": seed})) == orders


@pytest.mark.parametrize("place", ["document", "messages", "elsewhere"])
def test_the_working_directory_does_not_matter(orders: dict[str, bytes], tmp_path: Path, place: str) -> None:
    cwd = {"document": DOCUMENT.parent, "messages": DOCUMENT.parent / "messages", "elsewhere": tmp_path}[place]
    assert _generate(Circumstances(tmp_path / "out", cwd=cwd)) == orders


def test_neither_user_nor_locale_nor_time_zone_matter(orders: dict[str, bytes], tmp_path: Path) -> None:
    variables = {
        "HOME": str(tmp_path / SOMEBODY),
        "LC_ALL": "C",
        "LOGNAME": SOMEBODY,
        "PYTHONUTF8": "0",
        "TZ": "Pacific/Kiritimati",
        "USER": SOMEBODY,
    }
    assert _generate(Circumstances(tmp_path, variables=variables)) == orders


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_the_python_does_not_matter(orders: dict[str, bytes], tmp_path: Path, version: str) -> None:
    assert _generate(Circumstances(tmp_path, python=str(environment(version)))) == orders


def test_nothing_tells_where_when_and_by_whom_it_was_generated(tmp_path: Path) -> None:
    home = tmp_path / SOMEBODY
    home.mkdir()
    variables = {"HOME": str(home), "LOGNAME": SOMEBODY, "USER": SOMEBODY}
    before = datetime.now(timezone.utc)
    package = _generate(Circumstances(home / "services", cwd=home, variables=variables))
    days = {f"{moment:%Y-%m-%d}" for moment in (before, before.astimezone(), datetime.now(timezone.utc))}
    for told in [SOMEBODY, str(tmp_path), str(ROOT), *days]:
        assert [path for path, content in package.items() if told.encode() in content] == []


def _generate(circumstances: Circumstances) -> dict[str, bytes]:
    """Run the generator in a process of its own, and give every file of the package."""
    document = os.path.relpath(DOCUMENT, circumstances.cwd)
    command = ["-m", "cqrs_gen", document, "-o", str(circumstances.folder), "--package", "orders", "--quiet"]
    inherited = {name: os.environ[name] for name in os.environ if not name.startswith("PYTHON") or name == "PYTHONPATH"}
    done = subprocess.run(
        [circumstances.python, *command],
        cwd=circumstances.cwd,
        env=inherited | dict(circumstances.variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    package = circumstances.folder / "orders"
    return {path.relative_to(package).as_posix(): path.read_bytes() for path in package.rglob("*") if path.is_file()}
