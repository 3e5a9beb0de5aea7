"""Loading a document: names, encodings, and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import UnreadableFileError, load
from cqrs_gen.rules import DUPLICATE_KEY

if TYPE_CHECKING:
    from .conftest import Workspace


def test_the_root_is_the_data_of_the_file(workspace: Workspace) -> None:
    workspace.write(orders="asyncapi: 3.0.0\n")
    document = workspace.load()
    assert document.root.value == {"asyncapi": "3.0.0"}
    assert document.root.id == "orders.yaml#"
    assert [file.name for file in document.files] == ["orders.yaml"]
    assert document.files[0].path == workspace.folder / "orders.yaml"


@pytest.mark.parametrize(
    ("cwd", "given", "names"),
    [
        (".", "specs/orders.yaml", ["specs/orders.yaml", "specs/a/one.yaml", "common.yaml"]),
        (".", "./specs/../specs/orders.yaml", ["specs/orders.yaml", "specs/a/one.yaml", "common.yaml"]),
        (".", "{folder}/specs/orders.yaml", ["specs/orders.yaml", "specs/a/one.yaml", "common.yaml"]),
        ("specs", "orders.yaml", ["orders.yaml", "a/one.yaml", "../common.yaml"]),
        ("else", "../specs/orders.yaml", ["../specs/orders.yaml", "../specs/a/one.yaml", "../common.yaml"]),
        (
            "else",
            "{folder}/specs/orders.yaml",
            [f"{{folder}}/{name}" for name in ("specs/orders.yaml", "specs/a/one.yaml", "common.yaml")],
        ),
    ],
)
def test_files_are_called_as_the_user_would(workspace: Workspace, cwd: str, given: str, names: list[str]) -> None:
    workspace.write(
        specs__orders="a: {$ref: a/one.yaml}\nb: {$ref: ../common.yaml#/x}\n", specs__a__one="1", common="x: 2"
    )
    workspace.write(else__other="")
    document = workspace.load(given.format(folder=workspace.folder), cwd=workspace.folder / cwd)
    workspace.resolve("/a")
    workspace.resolve("/b")
    assert [file.name for file in document.files] == [name.format(folder=workspace.folder) for name in names]
    assert [file.label for file in document.files] == ["orders.yaml", "a/one.yaml", "../common.yaml"]


def test_a_byte_order_mark_and_carriage_returns_change_nothing(workspace: Workspace) -> None:
    (workspace.folder / "orders.yaml").write_bytes("\ufeffa: é\r\nb:\r\n  c: 1\r\n".encode())
    document = workspace.load()
    assert document.root.value == {"a": "é", "b": {"c": 1}}
    assert str(workspace.at("/a").location) == "orders.yaml:1:4"
    assert str(workspace.at("/b/c").key_location) == "orders.yaml:3:3"
    assert document.files[0].line(1) == "a: é"


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        ("a: 1\r\nb: é\xe9\n".encode("latin-1"), "2:4", "E9"),
        ("é: 1".encode("utf-16"), "1:1", "FF"),
        (b"\xc3", "1:1", "C3"),
    ],
)
def test_what_is_not_utf8_is_an_error_at_the_first_wrong_byte(
    workspace: Workspace, data: bytes, place: str, byte: str
) -> None:
    (workspace.folder / "orders.yaml").write_bytes(data)
    assert load([Path("orders.yaml")], workspace.diagnostics, cwd=workspace.folder) is None
    message = f"the file is not encoded in UTF-8: the byte 0x{byte} stands for nothing here"
    assert workspace.found == [f"orders.yaml:{place} not-utf8: {message} (save it as UTF-8)"]


def test_a_document_with_mistakes_is_not_loaded(workspace: Workspace) -> None:
    workspace.write(orders="a: 1\na: 2\n")
    assert load([Path("orders.yaml")], workspace.diagnostics, cwd=workspace.folder) is None
    (found,) = workspace.diagnostics.sorted()
    assert (found.rule, found.source_line) == (DUPLICATE_KEY, "a: 2")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none.yaml", "No such file or directory"),
        ("deep", "the folder has no file that ends with .json, .yaml, .yml; those in its subfolders do not count"),
        ("pipe", "it is not a file"),
        ("circle", "Too many levels of symbolic links"),
        ("nul\0.yaml", "it cannot be the path of a file"),
    ],
)
def test_a_root_file_that_cannot_be_read_is_not_a_diagnostic(workspace: Workspace, path: str, reason: str) -> None:
    os.mkfifo(workspace.folder / "pipe")
    workspace.write(deep__down__orders="type: object")
    (workspace.folder / "circle").symlink_to("circle")
    with pytest.raises(UnreadableFileError) as caught:
        load([Path(path)], Diagnostics(), cwd=workspace.folder)
    assert caught.value.reason == reason
    assert str(caught.value) == f"cannot read {path}: {reason}"


def test_report_takes_the_place_and_the_line_from_the_node(workspace: Workspace) -> None:
    workspace.write(orders="channels:\n  orders: {address: x}\n")
    document = workspace.load()
    node = workspace.at("/channels/orders")
    document.report(workspace.diagnostics, DUPLICATE_KEY, node, "value", hint="do")
    document.report(workspace.diagnostics, DUPLICATE_KEY, node, "key", at_key=True)
    assert workspace.found == ["orders.yaml:2:3 duplicate-key: key", "orders.yaml:2:11 duplicate-key: value (do)"]
    assert {found.source_line for found in workspace.diagnostics.sorted()} == {"  orders: {address: x}"}
    assert {found.chain for found in workspace.diagnostics.sorted()} == {()}
