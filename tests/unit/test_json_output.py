"""`--format json`: one object with everything that the table and the diagnostics say."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from cqrs_gen.cli import main
from cqrs_gen.summary import EventRow

CONTRACT = """\
asyncapi: 3.0.0
info: {title: Order service, version: 1.0.0}
channels:
  orders:
    address: orders.v1
    messages: {OrderPlaced: {payload: {type: object, properties: {id: {type: string}}}, headers: {type: array}}}
operations:
  receiveOrders: {action: receive, channel: {$ref: '#/channels/orders'}}
"""
HANDLER = "orders/handlers/order_placed.py"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a working directory with a contract in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asyncapi.yaml").write_text(CONTRACT)
    return tmp_path


class Run:
    """Runs the generator on the contract."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *options: str, code: int = 0) -> dict[str, Any]:
        self._capsys.readouterr()
        arguments = ["asyncapi.yaml", "--package", "orders", "--protocol", "kafka", "--format", "json"]
        assert main([*arguments, *options]) == code
        printed = self._capsys.readouterr()
        self.err = printed.err
        told: dict[str, Any] = json.loads(printed.out)
        return told


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return Run(capsys)


def test_tells_what_became_what(run: Run) -> None:
    told = run()
    assert (told["documents"], told["package"], told["written"]) == (["asyncapi.yaml"], "orders", True)
    assert told["events"] == [
        {
            "channel": "orders.v1",
            "operation": "receiveOrders",
            "message": "OrderPlaced",
            "event": "OrderPlaced",
            "handler": HANDLER,
            "state": "created",
        }
    ]
    assert HANDLER in told["files"]["created"]
    assert told["changed"] == sorted(told["files"]["created"])
    assert told["next"] == [
        "pip install -r orders/contract/requirements.txt",
        f"fill in {HANDLER}",
        "python -m orders topics --create",
        "python -m orders",
    ]
    assert run.err == ""


def test_has_the_diagnostics(run: Run) -> None:
    told = run()
    assert (told["errors"], told["warnings"]) == (0, 1)
    assert told["diagnostics"] == [
        {
            "rule": "unsupported-headers",
            "severity": "warning",
            "file": "asyncapi.yaml",
            "line": 6,
            "column": 89,
            "message": "headers are as they come: their schema does not list them",
            "hint": "it is an object with 'properties', in the schema language of AsyncAPI",
        }
    ]
    assert run("--quiet")["diagnostics"] == []


def test_of_a_second_run_has_nothing_changed(run: Run) -> None:
    run()
    told = run("--check")
    assert (told["written"], told["changed"], told["files"]["created"]) == (False, [], [])
    assert HANDLER in told["files"]["kept"]
    assert "orders/contract/events.py" in told["files"]["unchanged"]
    assert told["events"][0]["state"] == "kept"


def test_of_a_check_has_the_paths_that_are_out_of_date(project: Path, run: Run) -> None:
    run()
    (project / "asyncapi.yaml").write_text(CONTRACT.replace("id: {type: string}", "id: {type: integer}"))
    changed = [f"orders/contract/{name}" for name in ("asyncapi.json", "manifest.json", "models.py")]
    told = run("--check", code=1)
    assert (told["written"], told["changed"], told["files"]["updated"]) == (False, changed, changed)
    assert "out of date" in run.err
    assert "+++" not in run.err
    assert run("--dry-run")["changed"] == changed
    assert run()["changed"] == changed


def test_of_a_handler_nobody_asks_for_any_more(project: Path, run: Run) -> None:
    run()
    (project / "asyncapi.yaml").write_text(CONTRACT.replace("OrderPlaced", "OrderSent"))
    told = run("--dry-run")
    assert told["files"]["orphaned"] == [HANDLER]
    assert told["events"][0]["state"] == "to create"


def test_of_an_edited_file_says_which(project: Path, run: Run) -> None:
    run()
    edited = project / "orders" / "contract" / "events.py"
    edited.write_text("# mine\n")
    told = run(code=1)
    assert (told["written"], told["edited"]) == (False, ["orders/contract/events.py"])
    assert edited.read_text() == "# mine\n"
    assert run("--check", code=1)["edited"] == ["orders/contract/events.py"]
    assert run("--force")["written"] is True


def test_of_a_wrong_document_has_the_same_keys(project: Path, run: Run) -> None:
    right = run("--dry-run")
    (project / "asyncapi.yaml").write_text(CONTRACT.replace("type: string", "type: strin"))
    told = run(code=1)
    assert told.keys() == right.keys()
    assert told["files"].keys() == right["files"].keys()
    assert (told["package"], told["written"], told["changed"], told["errors"]) == (None, False, [], 1)
    (error,) = [one for one in told["diagnostics"] if one["severity"] == "error"]
    assert (error["rule"], error["line"], error["column"], error["hint"]) == (
        "unknown-type",
        6,
        78,
        "did you mean 'string'?",
    )


def test_of_wrong_usage_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["missing.yaml", "--format", "json"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, "missing.yaml" in printed.err) == ("", True)


def test_every_key_is_documented(run: Run) -> None:
    told = run()
    assert documented("run") == list(told)
    assert documented("files") == list(told["files"])
    assert documented("events") == [field.name for field in fields(EventRow)]
    assert documented("diagnostics") == list(told["diagnostics"][0])


def documented(heading: str) -> list[str]:
    """Give the keys in the table below a heading."""
    text = (DOCS / "json.md").read_text(encoding="utf-8")
    section = text.split(f"### `{heading}`\n")[1].split("\n#")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
