"""The fingerprint: the same wherever the same releases are, another after any upgrade."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import cqrs_gen
from cqrs_gen.fingerprint import fingerprint, installed_versions

PACKAGE = Path(cqrs_gen.__file__).parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a checkout with what the fingerprint imports and two templates, beside it the installed dependencies."""
    package = tmp_path / "checkout" / "generator" / "cqrs_gen"
    package.mkdir(parents=True)
    for module in ("__init__", "fingerprint", "manifest", "templates_folder"):
        shutil.copy(PACKAGE / f"{module}.py", package)
    (package / "plan").mkdir()
    (package / "plan" / "names.py").write_bytes(b"# names\n")
    templates = tmp_path / "checkout" / "templates" / "package"
    templates.mkdir(parents=True)
    (templates / "events.py.jinja").write_bytes(b"{{ view }}\n")
    (templates / "runtime.py").write_bytes(b"# runtime\n")
    for name in ("datamodel_code_generator-0.89.0", "ruff-0.17.6"):
        (tmp_path / "installed" / f"{name}.dist-info").mkdir(parents=True)
    return tmp_path / "checkout"


def fingerprint_of(source_root: Path, installed: Path) -> str:
    """Ask a fresh process that sees nothing but these sources and these installed packages."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(source_root), str(installed)))}
    program = "from cqrs_gen.fingerprint import fingerprint; print(fingerprint())"
    run = [sys.executable, "-S", "-c", program]  # -S: without the packages that are really installed
    return subprocess.run(run, env=environment, capture_output=True, text=True, check=True).stdout


def test_is_stable() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 64


@pytest.mark.parametrize(
    "change",
    [
        "echo '__version__ = \"9\"' > generator/cqrs_gen/__init__.py",
        "echo '# more' >> generator/cqrs_gen/plan/names.py",
        "mv generator/cqrs_gen/plan/names.py generator/cqrs_gen/plan/words.py",
        "echo > generator/cqrs_gen/plan/build.py",
        "echo '{{ more }}' >> templates/package/events.py.jinja",
        "echo '# more' >> templates/package/runtime.py",
        "mv templates/package/events.py.jinja templates/package/mapper.py.jinja",
        "echo > templates/package/added.jinja",
        "cd ../installed && mv datamodel_code_generator-0.89.0.dist-info datamodel_code_generator-0.89.1.dist-info",
        "mv ../installed/ruff-0.17.6.dist-info ../installed/ruff-0.17.7.dist-info",
        "rmdir ../installed/ruff-0.17.6.dist-info",
    ],
)
def test_changes_with_everything_that_shapes_the_output(checkout: Path, change: str) -> None:
    before = fingerprint_of(checkout / "generator", checkout.parent / "installed")
    subprocess.run(["sh", "-c", change], cwd=checkout, check=True)
    assert fingerprint_of(checkout / "generator", checkout.parent / "installed") != before


@pytest.mark.parametrize(
    "change",
    [
        "touch generator/cqrs_gen/plan/names.py",
        "mkdir -p generator/cqrs_gen/__pycache__ && echo x > generator/cqrs_gen/__pycache__/x.py",
        "mkdir templates/package/__pycache__ && echo x > templates/package/__pycache__/runtime.pyc",
        "printf '# names\\r\\n' > generator/cqrs_gen/plan/names.py",
        "printf '{{ view }}\\r\\n' > templates/package/events.py.jinja",
        "touch generator/cqrs_gen/py.typed",
        "mkdir ../installed/types_PyYAML-1.dist-info ../installed/pydantic-2.14.dist-info",
        "mv ../installed/ruff-0.17.6.dist-info ../installed/Ruff-0.17.6.dist-info",
    ],
)
def test_does_not_change_with_anything_else(checkout: Path, change: str) -> None:
    before = fingerprint_of(checkout / "generator", checkout.parent / "installed")
    subprocess.run(["sh", "-c", change], cwd=checkout, check=True)
    assert fingerprint_of(checkout / "generator", checkout.parent / "installed") == before


def test_is_the_same_in_a_checkout_and_installed(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout / "generator", tmp_path / "site")
    shutil.copytree(checkout / "templates", tmp_path / "site" / "cqrs_gen" / "templates")
    installed = tmp_path / "installed"
    assert fingerprint_of(tmp_path / "site", installed) == fingerprint_of(checkout / "generator", installed)


class TestInstalledVersions:
    """The releases of what shapes the output."""

    def test_are_those_that_the_import_system_finds(self) -> None:
        expected = {name: importlib.metadata.version(name) for name in ("datamodel_code_generator", "ruff")}
        assert installed_versions(sys.path) == expected

    def test_the_first_folder_wins(self, tmp_path: Path) -> None:
        (tmp_path / "first" / "Ruff-0.2.dist-info").mkdir(parents=True)
        (tmp_path / "second" / "ruff-0.1.dist-info").mkdir(parents=True)
        (tmp_path / "second" / "datamodel.code_generator-0.89.0.dist-info").mkdir()
        found = installed_versions([str(tmp_path / "first"), str(tmp_path / "second")])
        assert found == {"datamodel_code_generator": "0.89.0", "ruff": "0.2"}

    def test_what_is_no_folder_has_none(self, tmp_path: Path) -> None:
        (tmp_path / "archive.zip").touch()
        found = installed_versions([str(tmp_path / "missing"), str(tmp_path / "archive.zip")])
        assert set(found.values()) == {""}
