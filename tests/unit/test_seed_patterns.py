"""docs/seed-patterns.md has a row for each pattern, with tests and settings that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final, NamedTuple

import click
import pytest

from cqrs_gen.cli import _command

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "seed-patterns.md"
README: Final = (ROOT / "README.md").read_text(encoding="utf-8")
_LIVE: Final = ("live", "delivery")


class Row(NamedTuple):
    """A pattern as the page has it."""

    number: str
    pattern: str
    generated: str
    selected_by: str
    in_memory: str
    live: str


def _rows() -> list[Row]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [Row(*(cell.strip() for cell in line.strip("| ").split(" | "))) for line in lines[1:]]


ROWS: Final = _rows()


def test_there_is_a_row_for_each_pattern() -> None:
    assert [row.number for row in ROWS] == [str(number) for number in range(1, 22)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_its_tests_are_there(row: Row) -> None:
    for proofs, is_live in ((row.in_memory, False), (row.live, True)):
        found = re.findall(r"`([^`]+)`", proofs)
        assert found, f"{row.number} has no proof"
        assert ", ".join(f"`{proof}`" for proof in found) == proofs, "nothing else is said there"
        for proof in found:
            path, *names = proof.split("::")
            assert (path.partition("/")[0] in _LIVE) is is_live, f"{proof} is in the wrong column"
            assert _is_test(ROOT / "tests" / path, names), f"there is no {proof}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_what_selects_it_is_there(row: Row) -> None:
    options = {
        option for parameter in _command.params if isinstance(parameter, click.Option) for option in parameter.opts
    }
    settings = set(re.findall(r"`ORDERS_([A-Z_<>]+)`", README))
    for name in re.findall(r"`([^`]+)`", row.selected_by):
        if name.startswith("--"):
            assert name in options
        elif name.isupper() or "<" in name:
            assert name in settings


def _is_test(file: Path, names: list[str]) -> bool:
    node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef = ast.parse(
        file.read_text(encoding="utf-8")
    )
    for name in names:
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = [one for one in node.body if isinstance(one, kinds) and one.name == name]
        if not found:
            return False
        (node,) = found
    return bool(names) and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_")
