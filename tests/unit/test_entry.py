"""The start: a run with nothing to do ends early, and every doubt is left to `cli`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

import pytest

from cqrs_gen import manifest
from cqrs_gen.compare import plan_changes
from cqrs_gen.entry import main
from cqrs_gen.fingerprint import fingerprint
from cqrs_gen.rendered import Ownership, RenderedFile
from cqrs_gen.write import write

LEFT_TO_CLI = 42
FILES = (
    RenderedFile(PurePosixPath("contract/events.py"), "class OrderPlaced: ...\n", Ownership.GENERATED),
    RenderedFile(PurePosixPath("contract/models.py"), "class Order: ...\n", Ownership.GENERATED),
    RenderedFile(PurePosixPath("handlers/order_placed.py"), "raise NotImplementedError\n", Ownership.SCAFFOLD),
)
INPUTS = {"orders.yaml": b"asyncapi: 3.0.0\n", "parts/order.yaml": b"type: object\n", "../shared/money.yaml": b"x: 1\n"}
USUAL = ["specs/orders.yaml", "-o", "services", "--package", "orders"]


class Cli(ModuleType):
    """Stands in for `cqrs_gen.cli`, which would import all that the fast path avoids."""

    def __init__(self) -> None:
        super().__init__("cqrs_gen.cli")
        self.calls: list[list[str]] = []

    def main(self, argv: list[str]) -> int:
        self.calls.append(argv)
        return LEFT_TO_CLI


@pytest.fixture(autouse=True)
def cli(monkeypatch: pytest.MonkeyPatch) -> Cli:
    stand_in = Cli()
    monkeypatch.setitem(sys.modules, "cqrs_gen.cli", stand_in)
    return stand_in


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the working directory a project whose package `services/orders` is up to date."""
    monkeypatch.chdir(tmp_path)
    for label, content in INPUTS.items():
        path = tmp_path / "specs" / label
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    generate(tmp_path, package="orders")
    return tmp_path


def several(project: Path) -> None:
    """Have the package come from two files."""
    (project / "specs/refunds.json").write_bytes(b"{}")
    inputs = INPUTS | {"refunds.json": b"{}"}
    generate(project, documents=("orders.yaml", "refunds.json"), inputs=inputs, package="orders")


def generate(
    project: Path,
    *,
    name: str = "orders",
    documents: tuple[str, ...] = ("orders.yaml",),
    inputs: dict[str, bytes] = INPUTS,
    **options: Any,
) -> None:
    changes = plan_changes(
        project / "services",
        name,
        FILES,
        documents=documents,
        options=manifest.resolve_options(**options),
        inputs={label: manifest.digest(content) for label, content in inputs.items()},
        fingerprint=fingerprint(),
    )
    write(changes)


def state(project: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in project.rglob("*")}


class TestNothingToDo:
    """The early end, without `cli`."""

    @pytest.mark.parametrize(
        "arguments",
        [
            USUAL,
            ["--package", "orders", "-o", "services", "specs/orders.yaml"],
            ["--package=orders", "--output=services", "specs/orders.yaml"],
            ["--output", "services/", "--package", "orders", "./specs/../specs/orders.yaml"],
            [*USUAL, "--check"],
            [*USUAL, "--envelope", "auto"],
            [*USUAL, "--tombstones", "skip"],
            ["-o", "elsewhere", *USUAL],
            [*USUAL, "specs/../specs/orders.yaml"],
            ["specs", *USUAL[1:]],
        ],
    )
    def test_is_said_in_one_line(self, project: Path, capfd: pytest.CaptureFixture[str], arguments: list[str]) -> None:
        before = state(project)
        assert main(arguments) == 0
        assert capfd.readouterr() == ("", "orders: up to date\n")
        assert state(project) == before

    @pytest.mark.parametrize("quiet", ["-q", "--quiet"])
    @pytest.mark.usefixtures("project")
    def test_quietly(self, capfd: pytest.CaptureFixture[str], quiet: str) -> None:
        assert main([quiet, *USUAL]) == 0
        assert capfd.readouterr() == ("", "")

    @pytest.mark.usefixtures("project")
    def test_by_default_reads_the_arguments_of_the_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "argv", ["cqrs-gen", *USUAL])
        assert main() == 0

    def test_from_another_directory(self, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(project / "services")
        assert main(["../specs/orders.yaml", "--package", "orders"]) == 0
        assert main([str(project / "specs/orders.yaml"), "-o", str(project / "services"), "--package", "orders"]) == 0

    def test_after_the_project_moved(self, project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        shutil.copytree(project, elsewhere / "copy")
        os.chdir(elsewhere / "copy")
        assert main(USUAL) == 0

    @pytest.mark.parametrize(
        "documents", [["specs"], ["specs/refunds.json", "specs/orders.yaml"], ["specs/refunds.json", "specs"]]
    )
    def test_with_several_documents(self, project: Path, documents: list[str]) -> None:
        several(project)
        assert main([*documents, *USUAL[1:]]) == 0

    @pytest.mark.skipif(os.name == "nt", reason="symbolic links need privileges on Windows")
    def test_with_a_link_to_the_document(self, project: Path) -> None:
        (project / "contract.yaml").symlink_to("specs/orders.yaml")
        assert main(["contract.yaml", *USUAL[1:]]) == 0

    def test_with_other_line_endings(self, project: Path) -> None:
        for path in project.rglob("*.*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        assert main(USUAL) == 0

    def test_with_files_that_people_wrote(self, project: Path) -> None:
        (project / "services/orders/handlers/order_placed.py").write_text("mine\n", encoding="utf-8")
        (project / "services/orders/handlers/pricing.py").write_text("mine\n", encoding="utf-8")
        assert main(USUAL) == 0

    def test_with_the_name_of_the_package_from_the_title(self, project: Path) -> None:
        generate(project)
        assert main(["specs/orders.yaml", "-o", "services"]) == 0
        assert main(USUAL) == LEFT_TO_CLI

    def test_with_protocols_in_any_order(self, project: Path) -> None:
        generate(project, package="orders", protocols=["kafka", "amqp"])
        assert main([*USUAL, "--protocol", "amqp", "--protocol=kafka"]) == 0
        assert main([*USUAL, "--protocol", "amqp"]) == LEFT_TO_CLI
        assert main(USUAL) == LEFT_TO_CLI

    def test_beside_the_package_of_another_document_of_that_name(self, project: Path) -> None:
        """The other one sorts first, and what it refers to does not exist beside ours."""
        generate(project)
        other = project / "services" / "billing" / "contract" / "manifest.json"
        other.parent.mkdir(parents=True)
        record = manifest.parse((project / "services/orders" / manifest.PATH).read_bytes())
        assert record
        inputs = {"absent.yaml": "0", **record["inputs"]}
        other.write_bytes(manifest.dump({**record, "package": "billing", "inputs": inputs}))
        assert main(["specs/orders.yaml", "-o", "services"]) == 0


class TestSomethingToDo:
    """Whatever differs is for `cli`."""

    @pytest.mark.parametrize("label", INPUTS)
    def test_a_byte_of_an_input(self, project: Path, label: str) -> None:
        """Neither size nor time tell."""
        path = project / "specs" / label
        before = path.stat()
        path.write_bytes(path.read_bytes()[:-1] + b"#")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size
        assert path.stat().st_mtime_ns == before.st_mtime_ns
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.parametrize("label", INPUTS)
    def test_a_missing_input(self, project: Path, label: str) -> None:
        (project / "specs" / label).unlink()
        assert main(USUAL) == LEFT_TO_CLI

    def test_an_input_that_became_a_folder(self, project: Path) -> None:
        (project / "specs/parts/order.yaml").unlink()
        (project / "specs/parts/order.yaml").mkdir()
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.parametrize("path", ["contract/events.py", "contract/models.py"])
    def test_a_byte_of_a_generated_file(self, project: Path, path: str) -> None:
        target = project / "services/orders" / path
        before = target.stat()
        target.write_bytes(target.read_bytes().replace(b"O", b"o"))
        os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.path))
    def test_a_missing_file(self, project: Path, file: RenderedFile) -> None:
        (project / "services/orders" / file.path).unlink()
        assert main(USUAL) == LEFT_TO_CLI

    def test_no_package(self, project: Path) -> None:
        shutil.rmtree(project / "services/orders")
        assert main(USUAL) == LEFT_TO_CLI

    def test_no_output_folder(self, project: Path) -> None:
        shutil.rmtree(project / "services")
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.parametrize(
        "content",
        ["", "<<<<<<< ours", "{}", "[]", '{"manifest": 1}', "[" * 100_000, "\0", '{"outputs": {"../x": {}}}'],
    )
    def test_a_damaged_manifest(self, project: Path, content: str) -> None:
        (project / "services/orders" / manifest.PATH).write_text(content, encoding="utf-8")
        assert main(USUAL) == LEFT_TO_CLI

    def test_a_manifest_that_somebody_formatted(self, project: Path) -> None:
        path = project / "services/orders" / manifest.PATH
        path.write_text(path.read_text(encoding="utf-8").replace("  ", "    "), encoding="utf-8")
        assert main(USUAL) == LEFT_TO_CLI

    def test_a_manifest_without_inputs(self, project: Path) -> None:
        path = project / "services/orders" / manifest.PATH
        record = manifest.parse(path.read_bytes())
        assert record
        path.write_bytes(manifest.dump({**record, "inputs": {}}))
        assert main(USUAL) == LEFT_TO_CLI

    def test_an_input_that_was_missing_and_is_there_now(self, project: Path) -> None:
        path = project / "services/orders" / manifest.PATH
        record = manifest.parse(path.read_bytes())
        assert record
        inputs = {**record["inputs"], "order.avsc": manifest.ABSENT}
        path.write_bytes(manifest.dump({**record, "inputs": inputs}))
        assert main(USUAL) == 0
        (project / "specs" / "order.avsc").write_bytes(b'"string"')
        assert main(USUAL) == LEFT_TO_CLI

    def test_a_manifest_that_is_a_folder(self, project: Path) -> None:
        path = project / "services/orders" / manifest.PATH
        path.unlink()
        path.mkdir()
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.usefixtures("project")
    def test_another_release(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("cqrs_gen.entry.fingerprint", lambda: "0")
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.usefixtures("project")
    def test_sources_that_cannot_be_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse() -> str:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("cqrs_gen.entry.fingerprint", refuse)
        assert main(USUAL) == LEFT_TO_CLI

    @pytest.mark.parametrize("options", [{"envelope": "none"}, {"tombstones": "handle"}])
    def test_other_options(self, project: Path, options: dict[str, str]) -> None:
        generate(project, package="orders", **options)
        assert main(USUAL) == LEFT_TO_CLI


class TestWhatOnlyCliKnows:
    """Command lines that the fast path does not read, in a project with nothing to do."""

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["--help"],
            ["--version"],
            [*USUAL, "--force"],
            [*USUAL, "--dry-run"],
            [*USUAL, "--unknown"],
            [*USUAL, "specs/parts/order.yaml"],
            [*USUAL, "--"],
            [*USUAL, "--check=yes"],
            [*USUAL, "--quiet=yes"],
            [*USUAL, "-oservices"],
            [*USUAL, "-o=services"],
            [*USUAL, "--envelope"],
            [*USUAL, "--envelope", "none"],
            [*USUAL, "--envelope="],
            [*USUAL, "--tombstones", "handle"],
            [*USUAL, "--protocol", "kafka"],
            [*USUAL, "--package", ""],
            [*USUAL, "--package", "other"],
            [*USUAL, "--package", "../services/orders"],
            [*USUAL, "--output", "missing"],
            [*USUAL, "--output", "specs/orders.yaml"],
            ["convert", *USUAL],
            ["specs/missing.yaml", "-o", "services", "--package", "orders"],
            ["specs/orders.yaml\0", "-o", "services", "--package", "orders"],
            ["specs/orders.yaml", "-o", "services\0"],
            ["specs/orders.yaml", "-o", "services"],
            ["-", "-o", "services", "--package", "orders"],
            ["", "-o", "services", "--package", "orders"],
        ],
    )
    @pytest.mark.usefixtures("project")
    def test_is_left_to_it(self, cli: Cli, arguments: list[str]) -> None:
        assert main(arguments) == LEFT_TO_CLI
        assert cli.calls == [arguments]

    @pytest.mark.parametrize(
        "documents", [["specs"], ["specs/orders.yaml", "specs/refunds.json"], ["specs/orders.yaml"]]
    )
    def test_a_file_more_or_less(self, project: Path, documents: list[str]) -> None:
        several(project)
        (project / "specs/refunds.json").unlink()
        assert main([*documents, *USUAL[1:]]) == LEFT_TO_CLI
        (project / "specs/refunds.json").write_bytes(b"{}")
        (project / "specs/returns.yml").write_bytes(b"{}")
        assert main([*documents, "specs", *USUAL[1:]]) == LEFT_TO_CLI

    def test_a_copy_of_a_package_is_no_proof(self, project: Path) -> None:
        generate(project)
        shutil.copytree(project / "services/orders", project / "services/copied")
        (project / "services/orders/contract/events.py").write_text("edited\n", encoding="utf-8")
        assert main(["specs/orders.yaml", "-o", "services"]) == LEFT_TO_CLI


class TestTheProcess:
    """What a run costs and how it can be started."""

    HEAVY = frozenset(
        {"argparse", "click", "dataclasses", "datamodel_code_generator", "difflib", "importlib.metadata", "inspect"}
        | {"jinja2", "orjson", "pathlib", "pydantic", "rich", "subprocess", "tempfile", "tomllib", "typing", "yaml"}
    )

    def test_imports_nothing_heavy(self, project: Path) -> None:
        program = (
            "import sys; before = set(sys.modules)\n"
            "from cqrs_gen.entry import main\n"
            f"assert main({USUAL!r}) == 0\n"
            "print(*sorted(set(sys.modules) - before))"
        )
        imported = set(python("-c", program, cwd=project).stdout.split())
        assert "cqrs_gen.manifest" in imported
        assert not imported & self.HEAVY
        assert {name for name in imported if name.startswith("cqrs_gen")} == {
            "cqrs_gen",
            "cqrs_gen.documents",
            "cqrs_gen.entry",
            "cqrs_gen.fingerprint",
            "cqrs_gen.manifest",
            "cqrs_gen.templates_folder",
        }

    def test_starts_as_a_module(self, project: Path) -> None:
        done = python("-m", "cqrs_gen", *USUAL, cwd=project)
        assert (done.stdout, done.stderr) == ("", "orders: up to date\n")


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(Path(manifest.__file__).parents[1])}
    return subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=True
    )
