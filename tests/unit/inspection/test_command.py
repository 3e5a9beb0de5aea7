"""`cqrs-gen inspect`: its two formats, its exit codes, and that nothing is written."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from cqrs_gen import cli, entry
from cqrs_gen.cli import main
from cqrs_gen.inspection import model
from tests.generated import SPECS

DOCS = Path(__file__).parents[3] / "docs"
ORDERS = str(SPECS / "orders" / "asyncapi.yaml")
NOTHING = """\
asyncapi: 3.0.0
info: {title: Shop, version: 1.0.0}
servers: {k: {host: kafka, protocol: kafka}}
channels: {orders: {address: orders, messages: {Placed: {payload: {type: object}}}}}
operations: {sendOrders: {action: send, channel: {$ref: '#/channels/orders'}, messages: []}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """Inspect as JSON, with nothing on the error stream."""
    assert main(["inspect", *arguments, "--format", "json"]) == code
    printed = capsys.readouterr()
    assert printed.err == ""
    told: dict[str, Any] = json.loads(printed.out)
    return told


def test_tables_tell_what_the_contract_means(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", ORDERS]) == 0
    printed = capsys.readouterr()
    rows = [re.split(r"  +", line.strip()) for line in printed.out.splitlines()]
    assert rows[0] == ["Orders 1.4.0: AsyncAPI 3.0.0, package orders"]
    assert ["kafka", "kafka", "kafka-{environment}.shop.example.com:9092"] in rows
    assert ["orders", "orders.v1", "kafka", "topic orders.v1, group fulfilment"] in rows
    assert ["shipmentProblems", "shipment.problem.*", "rabbit"] in [row[:3] for row in rows]
    assert ["receiveOrders", "receive", "orders", "kafka"] in rows
    placed = next(row for row in rows if row[0] == "OrderPlaced")
    assert placed == ["OrderPlaced", "orders", "OrderPlaced", "application/json", "member type = OrderPlaced"]
    assert ["channel orders", "kafka", "partitions, replicas", "-", "-"] in rows
    assert "[unchecked-keyword]" in printed.err
    assert not any(line != line.rstrip() for line in printed.out.splitlines())
    assert list(project.iterdir()) == []


def test_json_tells_the_same_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    first = as_json(capsys, ORDERS)
    assert first == as_json(capsys, ORDERS)
    assert [one["operation"] for one in first["operations"]] == sorted(one["operation"] for one in first["operations"])
    assert (first["errors"], first["warnings"]) == (0, len(first["diagnostics"]))
    assert first["diagnostics"][0].keys() == {"rule", "severity", "file", "line", "column", "message", "hint"}


def test_the_order_of_the_document_makes_no_difference(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, channels, operations = (
        "asyncapi: 3.0.0\ninfo: {title: Shop, version: 1.0.0}\n",
        ["  a: {address: a, messages: {A: {payload: {}}}}\n", "  b: {address: b, messages: {B: {payload: {}}}}\n"],
        [f"  on{key}: {{action: receive, channel: {{$ref: '#/channels/{key}'}}}}\n" for key in "ab"],
    )
    told = []
    for step in (1, -1):
        text = "".join(["channels:\n", *channels[::step], "operations:\n", *operations[::step]])
        (project / "asyncapi.yaml").write_text(head + text)
        told.append(as_json(capsys, "asyncapi.yaml", "--protocol", "kafka"))
    assert told[0] == told[1]


def test_options_are_those_of_generating(capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, ORDERS, "--protocol", "rabbit", "--package", "warehouse")
    assert told["package"] == "warehouse"
    assert {one["protocol"] for channel in told["channels"] for one in channel["subscriptions"]} == {"rabbit"}


def test_a_contract_without_anything_to_generate_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "asyncapi.yaml").write_text(NOTHING)
    told = as_json(capsys, "asyncapi.yaml", code=1)
    assert [(one["served"], one["reason"]) for one in told["operations"]] == [(False, "sends no message")]
    assert "nothing-to-generate" in [one["rule"] for one in told["diagnostics"]]
    assert main(["inspect", "asyncapi.yaml"]) == 1
    printed = capsys.readouterr()
    assert "no: it sends no message" in printed.out
    assert "[nothing-to-generate]" in printed.err


def test_a_wrong_document_has_diagnostics_only(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "asyncapi.yaml").write_text(NOTHING.replace("title: Shop", "titel: Shop"))
    told = as_json(capsys, "asyncapi.yaml", code=1)
    assert (told["documents"], told["title"], told["channels"]) == (["asyncapi.yaml"], None, [])
    assert told["errors"] == len(told["diagnostics"]) > 0
    assert main(["inspect", "asyncapi.yaml"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, "[unknown-field]" in printed.err) == ("", True)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], "SPEC"),
        (["missing.yaml"], "missing.yaml"),
        ([ORDERS, "--package", "class"], "keyword"),
        ([ORDERS, "--format", "xml"], "xml"),
        ([ORDERS, "--check"], "--check"),
    ],
)
def test_wrong_usage(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", *arguments]) == 2
    assert reason in capsys.readouterr().err


def test_a_document_of_that_name_is_generated_from(project: Path) -> None:
    (project / "inspect").write_text(NOTHING.replace(", messages: []", ""))
    assert main(["./inspect", "--package", "shop"]) == 0
    assert (project / "shop" / "app.py").is_file()


@pytest.mark.parametrize(("arguments", "code"), [(["inspect"], 2), (["inspect", "inspect"], 0), (["./inspect"], 0)])
def test_the_fast_path_is_not_taken_for_it(project: Path, arguments: list[str], code: int) -> None:
    (project / "inspect").write_text(NOTHING.replace(", messages: []", ""))
    assert main(["./inspect"]) == 0
    assert entry.main(arguments) == code


def test_the_fast_path_knows_every_command() -> None:
    assert set(entry.COMMANDS) == vars(cli)["_command"].others.keys()


def test_text_of_the_document_moves_no_cursor(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "asyncapi.yaml").write_text(NOTHING.replace("title: Shop", 'title: "Shop \\e[2J [red]"'))
    assert main(["inspect", "asyncapi.yaml", "--package", "shop"]) == 1
    printed = capsys.readouterr().out
    assert "Shop  [2J [red] 1.0.0" in printed
    assert "\x1b" not in printed


def test_help_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", "--help"]) == 0
    assert capsys.readouterr().out.startswith("Usage: cqrs-gen inspect [OPTIONS] SPEC")
    assert main(["--help"]) == 0
    assert "inspect  Tell what a contract means" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("servers", model.InspectedServer),
        ("channels", model.InspectedChannel),
        ("subscriptions", model.Subscription),
        ("operations", model.InspectedOperation),
        ("messages", model.InspectedMessage),
        ("told_apart", model.ToldApart),
        ("bindings", model.InspectedBinding),
    ],
)
def test_every_key_is_documented(heading: str, kind: Any) -> None:
    assert documented(heading) == [field.name for field in fields(kind)]


def test_the_keys_of_the_whole_are_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert documented("inspect") == list(as_json(capsys, ORDERS))


def documented(heading: str) -> list[str]:
    """Give the keys in the table below a heading."""
    text = (DOCS / "inspect.md").read_text(encoding="utf-8")
    section = text.split(f"### `{heading}`\n")[1].split("\n#")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
