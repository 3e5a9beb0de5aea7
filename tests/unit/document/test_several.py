"""Several root files as one document: which they are, in which order, and how they are called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import Document, UnreadableFileError, load

if TYPE_CHECKING:
    from tests.unit.document.conftest import Workspace


@pytest.fixture(autouse=True)
def schemas(workspace: Workspace) -> None:
    """Write two schemas and what they refer to."""
    workspace.write(schemas__b="{$ref: common/money.yaml}", schemas__a="{$ref: b.yaml}", schemas__common__money="a: 1")


def several(workspace: Workspace, *paths: str, cwd: str = ".") -> Document:
    """Load root files, which must be free of mistakes."""
    document = load(list(map(Path, paths)), workspace.diagnostics, cwd=workspace.folder / cwd)
    assert document is not None, workspace.found
    return document


def labels(document: Document) -> list[str]:
    """Give the labels of the root files."""
    return [root.file.source.label for root in document.roots]


@pytest.mark.parametrize(
    "paths",
    [
        ["schemas"],
        ["schemas/"],
        ["schemas/a.yaml", "schemas/b.yaml"],
        ["schemas/b.yaml", "schemas/a.yaml", "schemas/b.yaml"],
        ["schemas", "schemas/../schemas/b.yaml"],
    ],
)
def test_the_order_is_that_of_the_names(workspace: Workspace, paths: list[str]) -> None:
    document = several(workspace, *paths)
    assert labels(document) == ["a.yaml", "b.yaml"]
    assert document.folder_name == "schemas"


def test_files_of_several_folders_are_called_from_what_holds_them_all(workspace: Workspace) -> None:
    workspace.write(other__c="type: object")
    assert labels(several(workspace, "other/c.yaml", "schemas")) == ["other/c.yaml", "schemas/a.yaml", "schemas/b.yaml"]


def test_a_folder_stands_for_what_a_shell_would_name(workspace: Workspace) -> None:
    for name in (".hidden.yaml", "c.json", "d.yml", "notes.md", "e.yaml~"):
        (workspace.folder / "schemas" / name).write_text("{}")
    (workspace.folder / "schemas" / "folder.json").mkdir()
    assert labels(several(workspace, "schemas")) == ["a.yaml", "b.yaml", "c.json", "d.yml"]


def test_each_file_is_read_once_the_roots_first(workspace: Workspace) -> None:
    document = several(workspace, "schemas")
    target = document.resolve(document.roots[0], workspace.diagnostics)
    assert target is not None
    assert target.id == "common/money.yaml#"
    assert [file.label for file in document.files] == ["a.yaml", "b.yaml", "common/money.yaml"]
    assert [file.name for file in document.files] == [f"schemas/{file.label}" for file in document.files]


def test_names_are_those_that_were_given_outside_of_the_working_directory(workspace: Workspace) -> None:
    (workspace.folder / "elsewhere").mkdir()
    document = several(workspace, "../schemas", cwd="elsewhere")
    document.resolve(document.roots[0], workspace.diagnostics)
    assert [file.name for file in document.files] == [f"../schemas/{file.label}" for file in document.files]


def test_the_mistakes_of_all_files_are_shown(workspace: Workspace) -> None:
    workspace.write(schemas__a="a: [", schemas__b="")
    assert load([Path("schemas")], workspace.diagnostics, cwd=workspace.folder) is None
    assert [found.split(":")[0] for found in workspace.found] == ["schemas/a.yaml", "schemas/b.yaml"]


def test_the_folder_of_a_repository_has_no_name_of_its_own(workspace: Workspace) -> None:
    (workspace.folder / "schemas" / ".git").mkdir()
    assert several(workspace, "schemas").folder_name == ""


def test_files_that_cannot_be_in_one_folder_are_refused(workspace: Workspace) -> None:
    with pytest.raises(UnreadableFileError, match="they cannot be files of one folder"):
        load([Path("schemas"), Path("nul\0")], Diagnostics(), cwd=workspace.folder)
