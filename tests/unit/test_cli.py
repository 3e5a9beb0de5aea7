"""The command line: what is printed where, and every exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cqrs_gen import cli
from cqrs_gen.cli import main

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = """\
asyncapi: 3.0.0
info: {title: Order service, version: 1.0.0}
channels:
  orders:
    address: orders
    messages: {OrderPlaced: {payload: {type: object, properties: {id: {type: string}}}}}
operations:
  receiveOrders: {action: receive, channel: {$ref: '#/channels/orders'}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working directory with a contract in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asyncapi.yaml").write_text(CONTRACT)
    return tmp_path


def generate(*options: str) -> int:
    """Run the generator on the contract."""
    return main(["asyncapi.yaml", "--package", "orders", "--protocol", "kafka", *options])


def test_the_table_says_what_became_what(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate() == 0
    printed = capsys.readouterr()
    handler = "orders/handlers/order_placed.py"
    assert _row(printed.out) == ["orders", "receiveOrders", "OrderPlaced", "OrderPlaced", handler, "created"]
    assert "fill in orders/handlers/order_placed.py" in printed.out
    assert printed.err == ""
    generate()
    assert _row(capsys.readouterr().out)[-1] == "kept"


def test_a_pipe_gets_no_blanks_at_the_end_of_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert not any("receiveOrders" in line and "created" not in line for line in lines)  # and wraps nothing


def test_the_title_names_the_package(project: Path) -> None:
    assert main(["asyncapi.yaml", "--protocol", "kafka"]) == 0
    assert (project / "order_service" / "app.py").is_file()


def test_output_goes_where_it_is_asked_for(project: Path) -> None:
    assert generate("-o", "services") == 0
    assert sorted(path.name for path in project.iterdir()) == ["asyncapi.yaml", "services"]


def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("--quiet") == 0
    assert capsys.readouterr() == ("", "")


def test_dry_run_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("--dry-run") == 0
    assert "would be created" in capsys.readouterr().out
    assert not (project / "orders").exists()


def test_check_tells_what_a_run_would_change(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate("--check") == 1
    assert not (project / "orders").exists()
    generate()
    assert generate("--check") == 0
    contract = project / "asyncapi.yaml"
    contract.write_text(CONTRACT.replace("id: {type: string}", "id: {type: integer}"))
    capsys.readouterr()
    assert generate("--check") == 1
    assert "+++ b/orders/contract/models.py" in capsys.readouterr().out


def test_an_edited_file_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate()
    edited = project / "orders" / "contract" / "events.py"
    original = edited.read_text()
    edited.write_text(original + "# mine\n")
    capsys.readouterr()
    assert generate() == 1
    printed = capsys.readouterr()
    assert "-# mine" in printed.out
    assert "orders/contract/events.py was edited by hand" in printed.err
    assert edited.read_text() == original + "# mine\n"
    assert generate("--force") == 0
    assert edited.read_text() == original


def test_files_of_people_are_never_touched(project: Path) -> None:
    generate()
    handler = project / "orders" / "handlers" / "order_placed.py"
    handler.write_text("# mine\n")
    assert generate("--force") == 0
    assert handler.read_text() == "# mine\n"


def test_a_new_message_does_not_take_a_handler_away(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generate()
    second = """\
  returns:
    address: returns
    messages: {OrderPlaced: {payload: {type: object}}}
operations:
  receiveReturns: {action: receive, channel: {$ref: '#/channels/returns'}}
"""
    (project / "asyncapi.yaml").write_text(CONTRACT.replace("operations:\n", second))
    capsys.readouterr()
    assert generate() == 1
    printed = capsys.readouterr().err
    assert "[handler-renamed]" in printed
    assert "hint: write x-python-name: OrderPlaced into the message whose handler that is" in printed


def test_a_wrong_document_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "asyncapi.yaml").write_text(CONTRACT.replace("type: string", "type: strin"))
    assert generate() == 1
    assert capsys.readouterr().err.startswith("asyncapi.yaml:6:78: error: ")
    assert not (project / "orders").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing.yaml"], "missing.yaml"),
        (["asyncapi.yaml", "--package", "class"], "keyword"),
        (["asyncapi.yaml", "--package", "json"], "standard library"),
        (["asyncapi.yaml", "--envelope", "soap"], "soap"),
        (["asyncapi.yaml", "--protocol", "mqtt"], "mqtt"),
        ([], "SPEC"),
        (["asyncapi.yaml", "--unknown"], "--unknown"),
    ],
)
def test_wrong_usage(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert reason in capsys.readouterr().err


def test_a_folder_that_is_not_ours_is_left_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "orders").mkdir()
    (project / "orders" / "notes.txt").write_text("mine")
    assert generate("--force") == 2
    assert "orders" in capsys.readouterr().err
    assert [path.name for path in (project / "orders").iterdir()] == ["notes.txt"]


def test_a_bug_is_called_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("of the test")

    monkeypatch.setattr(cli, "generate", fail)
    assert generate() == 3
    assert "a bug in cqrs-gen" in capsys.readouterr().err


def test_an_interrupted_run_is_told_from_a_failed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "generate", interrupt)
    assert generate() == 130


def test_help_is_our_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    printed = capsys.readouterr().out
    assert "cqrs-gen asyncapi.yaml --package orders" in printed
    assert "datamodel" not in printed


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("cqrs-gen, version ")


def _row(printed: str) -> list[str]:
    return next(line for line in printed.splitlines() if "receiveOrders" in line).split()
