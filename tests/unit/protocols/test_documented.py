"""docs/bindings.md says of every field what the code does with it, and names a test that proves it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from cqrs_gen.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cqrs_gen.protocols.base import ProtocolModule

FOLDER: Final = Path(__file__).parent
PAGE: Final = FOLDER.parents[2] / "docs" / "bindings.md"
_ROW: Final = re.compile(r"\| (\w+) \| `([\w.]+)` \| (.+) \| `([\w.]+)` \|")


class Row(NamedTuple):
    """A field as the page has it."""

    binding: str
    object: str
    field: str
    effect: str
    proof: str

    @property
    def has_effect(self) -> bool:
        """Whether the page says that it does something."""
        return not self.effect.startswith(("no effect yet: warning `unsupported-binding`", "only checked: "))


def _rows() -> Iterator[Row]:
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        title, *lines = section.splitlines()
        for line in lines:
            if line.startswith("| ") and not line.startswith("| object "):
                found = _ROW.fullmatch(line)
                assert found, f"cannot be read: {line}"
                yield Row(title.lower(), *found.groups())


ROWS: Final = list(_rows())


def _fields(module: ProtocolModule) -> dict[tuple[str, str], bool]:
    """Give each field by object and path, and whether it has an effect."""
    found: dict[tuple[str, str], bool] = {}
    for place, names in module.binding_fields.items():
        owner, _, inner = place.partition(".")
        for name in names:
            if f"{place}.{name}" not in module.binding_fields:  # an object stands for its fields
                path = f"{inner}.{name}" if inner else name
                effects = [module.binding_effects.get(place, ()), module.sending_effects.get(place, ())]
                found[owner, path] = any(name in names for names in effects)
    return found


@pytest.mark.parametrize("module", PROTOCOLS, ids=lambda module: module.key)
def test_the_page_has_the_fields_of_the_code(module: ProtocolModule) -> None:
    rows = [row for row in ROWS if row.binding == module.binding]
    assert {(row.object, row.field): row.has_effect for row in rows} == _fields(module)
    assert len(rows) == len(_fields(module)), "a field has two rows"


@pytest.mark.parametrize("module", PROTOCOLS, ids=lambda module: module.key)
def test_what_has_an_effect_is_a_field(module: ProtocolModule) -> None:
    for place, names in [*module.binding_effects.items(), *module.sending_effects.items()]:
        assert names <= module.binding_fields[place]


def test_the_page_has_no_other_protocol() -> None:
    assert {row.binding for row in ROWS} == {module.binding for module in PROTOCOLS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.binding}-{row.object}-{row.field}")
def test_the_proof_is_a_test_of_that_field(row: Row) -> None:
    module, *names = row.proof.split(".")
    text = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
    node: ast.Module | ast.ClassDef | ast.FunctionDef = ast.parse(text)
    for name in names:
        found = [one for one in node.body if isinstance(one, (ast.ClassDef, ast.FunctionDef)) and one.name == name]
        assert found, f"there is no {row.proof}"
        (node,) = found
    assert isinstance(node, ast.FunctionDef)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    source = "\n".join(text.splitlines()[first - 1 : node.end_lineno])
    assert re.search(rf"\b{row.field.rpartition('.')[2]}\b", source), f"{row.proof} says nothing of it"
