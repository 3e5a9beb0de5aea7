"""The hooks, as the real pre-commit runs them on a project that keeps its contract and its package in git.

All but one test run the hooks from `.pre-commit-hooks.yaml` with the generator that is installed for the tests
(`language: system`); the slow one lets pre-commit install this checkout as users have it install a release.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import cqrs_gen

ROOT = Path(__file__).parents[2]
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}
ARGS = ["specs/asyncapi.yaml", "-o", "services", "--package", "orders"]
GENERATE = [sys.executable, "-m", "cqrs_gen"]
PRE_COMMIT = [sys.executable, "-m", "pre_commit"]

CONTRACT = """\
asyncapi: 3.0.0
info: {title: Orders, version: 1.0.0}
defaultContentType: application/json
servers:
  kafka: {host: localhost, protocol: kafka}
channels:
  orders:
    address: orders
    messages:
      OrderPlaced: {payload: {$ref: 'order.yaml'}}
operations:
  receiveOrders:
    action: receive
    channel: {$ref: '#/channels/orders'}
"""
ORDER = """\
type: object
required: [number]
properties:
  number: {type: string}
"""


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give variables under which git and pre-commit see neither this repository nor the user's configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))}
    person = {"NAME": "Ada", "EMAIL": "ada@example.com"}
    return {
        **kept,
        **{f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in person.items()},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "PYTHONPATH": str(Path(cqrs_gen.__file__).parents[1]),
    }


class Repository:
    """A git repository."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self._environment = environment

    def run(self, *command: str, exit_code: int = 0) -> str:
        """Run a command that must end like this, and give what it printed."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == exit_code, done.stdout
        return done.stdout

    def commit(self) -> None:
        """Make it a repository and commit all there is."""
        self.run("git", "init", "--quiet")
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--no-verify", "--message", "Everything")


class Project(Repository):
    """A repository with a contract and with hooks."""

    def begin(self, hooks: dict[str, Any]) -> None:
        """Write the contract and the configuration of pre-commit."""
        self.write("specs/asyncapi.yaml", CONTRACT)
        self.write("specs/order.yaml", ORDER)
        self.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [hooks]}))

    def run_hook(self, hook: str, *, exit_code: int = 0) -> str:
        """Stage everything and run one hook as a commit would."""
        self.run("git", "add", "--all")
        return self.run(*PRE_COMMIT, "run", "--verbose", hook, exit_code=exit_code)

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")

    def read(self, path: str) -> str:
        """Read a file of the project."""
        return (self.folder / path).read_text(encoding="utf-8")

    def state(self) -> dict[str, tuple[bytes, int]]:
        """Give content and time of modification of every file of the package."""
        files = [path for path in (self.folder / "services").rglob("*") if path.is_file()]
        return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Path:
    """Make a project whose package is up to date, everything committed."""
    made = Project(tmp_path_factory.mktemp("finished"), environment)
    made.begin({"repo": "local", "hooks": [_local(hook) for hook in HOOKS.values()]})
    made.run(*GENERATE, *ARGS)
    made.commit()
    return made.folder


@pytest.fixture
def project(finished: Path, tmp_path: Path, environment: dict[str, str]) -> Project:
    """Copy the finished project for one test."""
    shutil.copytree(finished, tmp_path / "project")
    return Project(tmp_path / "project", environment)


def _local(hook: dict[str, Any]) -> dict[str, Any]:
    program, *rest = shlex.split(hook["entry"])
    assert program == "cqrs-gen"
    return {**hook, "language": "system", "entry": shlex.join([*GENERATE, *rest]), "args": ARGS}


def test_the_manifest_of_hooks_is_valid(project: Project) -> None:
    project.run(*PRE_COMMIT, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert HOOKS.keys() == {"cqrs-gen", "cqrs-gen-check"}


@pytest.mark.parametrize("hook", HOOKS)
def test_nothing_happens_when_all_is_up_to_date(project: Project, hook: str) -> None:
    project.write("README.md", "A commit that has nothing to do with the contract.\n")
    before = project.state()
    assert "orders: up to date" in project.run_hook(hook)
    assert project.state() == before


@pytest.mark.parametrize("hook", HOOKS)
def test_a_handler_that_people_wrote_is_their_business(project: Project, hook: str) -> None:
    project.write("services/orders/handlers/order_placed.py", "# filled in\n")
    assert "orders: up to date" in project.run_hook(hook)


class TestAChangedContract:
    """The change is in a file that the document refers to."""

    @pytest.fixture(autouse=True)
    def _change(self, project: Project) -> None:
        project.write("specs/order.yaml", ORDER + "  total: {type: integer}\n")

    def test_brings_the_package_up_to_date(self, project: Project) -> None:
        assert "files were modified by this hook" in project.run_hook("cqrs-gen", exit_code=1)
        assert "total" in project.read("services/orders/contract/models.py")
        assert "orders: up to date" in project.run_hook("cqrs-gen")

    def test_fails_the_check(self, project: Project) -> None:
        before = project.state()
        shown = project.run_hook("cqrs-gen-check", exit_code=1)
        assert "--- a/orders/contract/models.py\n+++ b/orders/contract/models.py\n" in shown
        assert "total" in shown
        assert "files were modified by this hook" not in shown
        assert project.state() == before

    def test_keeps_the_handlers(self, project: Project) -> None:
        project.write("services/orders/handlers/order_placed.py", "# filled in\n")
        project.run_hook("cqrs-gen", exit_code=1)
        assert project.read("services/orders/handlers/order_placed.py") == "# filled in\n"

    def test_stops_a_commit_once(self, project: Project) -> None:
        project.run(*PRE_COMMIT, "install")
        project.run("git", "add", "--all")
        commit = ("git", "commit", "--message", "A total")
        assert "files were modified by this hook" in project.run(*commit, exit_code=1)
        project.run("git", "add", "--all")
        project.run(*commit)
        assert project.run("git", "status", "--short") == ""


@pytest.mark.parametrize("hook", HOOKS)
def test_an_edited_generated_file_stops_both(project: Project, hook: str) -> None:
    edited = project.read("services/orders/contract/models.py") + "# edited\n"
    project.write("services/orders/contract/models.py", edited)
    assert "-# edited" in project.run_hook(hook, exit_code=1)
    assert project.read("services/orders/contract/models.py") == edited


@pytest.mark.parametrize("hook", HOOKS)
def test_a_mistake_in_the_contract_stops_both(project: Project, hook: str) -> None:
    project.write("specs/asyncapi.yaml", CONTRACT.replace("order.yaml", "ordre.yaml"))
    before = project.state()
    assert "specs/asyncapi.yaml:10:" in project.run_hook(hook, exit_code=1)
    assert project.state() == before


@pytest.mark.slow
def test_pre_commit_installs_this_checkout(tmp_path: Path, environment: dict[str, str]) -> None:
    """As for users: an environment of pre-commit's own, with everything from the package index."""
    isolated = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    checkout = _committed_copy(tmp_path / "cqrs-gen", isolated)
    hooks = [{"id": hook, "args": ARGS} for hook in HOOKS]
    project = Project(tmp_path / "project", isolated)
    project.begin(
        {"repo": str(checkout.folder), "rev": checkout.run("git", "rev-parse", "HEAD").strip(), "hooks": hooks}
    )
    project.commit()

    project.run_hook("cqrs-gen")
    assert "class OrderPlaced" in project.read("services/orders/contract/events.py")
    assert "orders: up to date" in project.run_hook("cqrs-gen")
    assert "orders: up to date" in project.run_hook("cqrs-gen-check")
    project.write("specs/order.yaml", ORDER + "  total: {type: integer}\n")
    project.run_hook("cqrs-gen-check", exit_code=1)
    assert "files were modified by this hook" in project.run_hook("cqrs-gen", exit_code=1)


def _committed_copy(folder: Path, environment: dict[str, str]) -> Repository:
    """Commit this checkout, with what is not committed in it, to a repository of its own."""
    listed = Repository(ROOT, environment).run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for path in filter(None, listed.split("\0")):
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, folder / path)
    copy = Repository(folder, environment)
    copy.commit()
    return copy
