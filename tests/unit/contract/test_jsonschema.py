"""Reading schema files: which message and channel each of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cqrs_gen.contract.model import Action
from cqrs_gen.contract.read import read
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.contract.model import Contract


def read_files(folder: Path, **files: str) -> tuple[Contract | None, list[str]]:
    """Read `schemas/`, with these files in it; give the contract, and place and rule of everything found."""
    for name, text in files.items():
        path = folder / "schemas" / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    document = load([folder / "schemas"], diagnostics, cwd=folder)
    assert document is not None
    contract = read(document, diagnostics)
    return contract, [f"{found.location} {found.rule.id}" for found in diagnostics.sorted()]


def contract_of(folder: Path, **files: str) -> Contract:
    """Read files without a mistake."""
    contract, found = read_files(folder, **files)
    assert found == []
    assert contract is not None
    return contract


def test_a_file_is_a_message_on_a_channel_of_its_own(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, paid="type: object\ndescription: Somebody paid.", returned="type: string")
    assert (contract.info.title, contract.source, contract.spec_version) == ("schemas", "schemas", "")
    assert [(channel.key, channel.address) for channel in contract.channels] == [("paid", "paid"), ("returned",) * 2]
    assert [operation.key for operation in contract.operations] == ["receive_paid", "receive_returned"]
    assert {operation.action for operation in contract.operations} == {Action.RECEIVE}
    (paid,) = contract.operations[0].messages
    assert (paid.key, paid.name, paid.description) == ("paid", None, "Somebody paid.")
    assert paid.payload is not None
    assert paid.payload.id == "paid.yaml#"


@pytest.mark.parametrize(
    ("title", "name"),
    [("OrderPaid", "OrderPaid"), ("order_paid_2", "order_paid_2"), ("An order was paid", "paid"), ("2", "paid")],
)
def test_a_title_of_one_word_is_the_name(tmp_path: Path, title: str, name: str) -> None:
    contract = contract_of(tmp_path, paid=f"type: object\ntitle: '{title}'")
    (message,) = contract.channels[0].messages
    assert (message.key, message.title) == (name, title)


def test_schema_in_the_name_of_a_file_says_nothing(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, **{"paid.schema": "type: object"})
    assert contract.channels[0].key == contract.channels[0].messages[0].key == "paid"


def test_schemas_share_a_channel(tmp_path: Path) -> None:
    files = dict.fromkeys(("paid", "returned"), "type: object\nx-channel: orders.v1\n")
    contract = contract_of(tmp_path, **files, other="type: object")
    assert {channel.key: [message.key for message in channel.messages] for channel in contract.channels} == {
        "other": ["other"],
        "orders.v1": ["paid", "returned"],
    }
    assert len(contract.operations) == 2
    assert str(contract.channels[1].node.location) == "schemas/paid.yaml:2:12"


def test_one_schema_says_the_protocol_of_its_channel(tmp_path: Path) -> None:
    said = "type: object\nx-channel: orders\nx-protocol: kafka"
    contract = contract_of(tmp_path, paid="type: object\nx-channel: orders", returned=said, third=said)
    (channel,) = contract.channels
    assert channel.protocol is not None
    assert (channel.protocol.value, str(channel.protocol.location)) == ("kafka", "schemas/returned.yaml:3:13")


def test_only_files_of_the_folder_itself_are_events(tmp_path: Path) -> None:
    contract = contract_of(
        tmp_path, paid="{$ref: base.yaml}", base="{$ref: common/money.yaml}", common__money="type: object"
    )
    assert [channel.key for channel in contract.channels] == ["base", "paid"]


def test_a_name_of_one_message_on_two_channels_is_fine(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, a="type: object\ntitle: Paid", b="type: object\ntitle: Paid")
    assert [message.id for channel in contract.channels for message in channel.messages] == ["a.yaml#", "b.yaml#"]


def test_a_mistake_is_where_it_is_written(tmp_path: Path) -> None:
    _, found = read_files(
        tmp_path,
        paid="properties: {total: {$ref: 'common/money.yaml'}}",
        common__money="properties:\n  amount: {type: intger}",
        returned="properties: {total: {$ref: 'common/none.yaml'}}",
    )
    assert found == [
        "schemas/common/money.yaml:2:18 unknown-type",
        "schemas/returned.yaml:1:28 unresolved-ref",
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a": "type: object", "b": "[]"}, ["schemas/b.yaml:1:1 not-schema"]),
        ({"a": "type: object", "b": "title: Paid"}, ["schemas/b.yaml:1:1 not-schema"]),
        ({"a": "$schema: x\n$defs: {}"}, ["schemas/a.yaml:1:1 not-schema"]),
        ({"a": "title: Paid"}, ["schemas/a.yaml:1:1 not-asyncapi"]),
        ({"a": "openapi: 3.1.0\n$schema: x"}, ["schemas/a.yaml:1:1 not-asyncapi"]),
        ({"a": "asyncapi: 1.0.0\n$schema: x"}, ["schemas/a.yaml:1:11 unsupported-version"]),
        ({"a": "asyncapi: 3.0.0", "b": "type: object"}, ["schemas/a.yaml:1:1 not-schema"]),
        (
            {"a": "x-channel: c\ntype: object\ntitle: P", "b": "x-channel: c\ntype: object\ntitle: P"},
            ["schemas/b.yaml:3:8 duplicate-message"],
        ),
        (
            {"a": "x-channel: c\ntype: object\ntitle: b", "b": "x-channel: c\ntype: object"},
            ["schemas/b.yaml:1:1 duplicate-message"],
        ),
        (
            {f: f"x-channel: c\ntype: object\nx-protocol: {p}" for f, p in [("a", "kafka"), ("b", "rabbit")]},
            ["schemas/b.yaml:3:13 conflicting-protocols"],
        ),
        ({"a": "type: object\nx-channel: 1"}, ["schemas/a.yaml:2:12 wrong-type"]),
        ({"a": "type: object\nx-protocol: ''"}, ["schemas/a.yaml:2:13 wrong-type"]),
    ],
)
def test_what_is_wrong(tmp_path: Path, files: dict[str, str], found: list[str]) -> None:
    assert read_files(tmp_path, **files)[1] == found


@pytest.mark.parametrize(
    ("dialect", "found"),
    [
        ("http://json-schema.org/draft-07/schema#", []),
        (
            "https://json-schema.org/draft/2020-12/schema",
            [f"schemas/a.yaml:{place} unchecked-keyword" for place in ("2:1", "3:18", "4:31")],
        ),
    ],
)
def test_what_came_after_draft_7_counts_where_the_file_is_written_in_it(
    tmp_path: Path, dialect: str, found: list[str]
) -> None:
    text = """\
dependentRequired: {b: [a]}
properties: {a: {prefixItems: [{type: string}]},
  b: {$ref: '#/properties/a', maxItems: 3, description: Something.}}
"""
    assert read_files(tmp_path, a=f"$schema: {dialect}\n{text}")[1] == found
