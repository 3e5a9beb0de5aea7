"""Data flows one way, as docs/architecture.md draws it: no module imports what comes after it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "generator" / "cqrs_gen"

LEAVES = {"source", "diagnostics", "rules", "rendered", "templates_folder", "cqrs_gen"}
"""What every module may import."""

ALLOWED: dict[str, set[str]] = {
    "source": set(),
    "diagnostics": {"source"},
    "rules": {"diagnostics"},
    "rendered": set(),
    "templates_folder": set(),
    "config": set(),
    "documents": set(),
    "document": LEAVES | {"documents"},
    "contract": LEAVES | {"document"},
    "protocols": LEAVES | {"contract", "document"},
    "plan": LEAVES | {"protocols", "contract", "document"},
    "python_text": set(),
    "convert": LEAVES | {"plan", "protocols", "contract", "document"},
    "models": LEAVES | {"plan", "contract", "document", "python_text"},
    "render": LEAVES | {"plan", "python_text"},
    "manifest": set(),
    "fingerprint": {"manifest", "templates_folder", "cqrs_gen"},
    "changes": set(),
    "obstacles": {"changes", "manifest"},
    "compare": {"changes", "manifest", "obstacles", "rendered"},
    "write": {"changes", "obstacles"},
    "report": {"diagnostics", "source"},
    "report_json": {"diagnostics", "source"},
    "tables": set(),
    "progress": set(),
    "inspection": LEAVES | {"plan", "protocols", "contract", "document", "tables"},
    "summary": {"changes", "pipeline", "plan", "tables"},
    "entry": {"manifest", "fingerprint", "documents", "cli"},
    "__main__": {"entry"},
    "pipeline": LEAVES
    | {"config", "document", "contract", "plan", "convert", "models", "render", "inspection"}
    | {"manifest", "fingerprint", "changes", "compare", "obstacles"},
    "commands": LEAVES
    | {"config", "pipeline", "report", "report_json", "inspection", "progress"}
    | {"document", "plan", "protocols"},
    "cli": LEAVES
    | {"commands", "config", "pipeline", "progress", "report_json", "summary", "write", "changes", "obstacles"}
    | {"document", "plan", "protocols"},
}
"""What each module, or each module of a folder, may import besides its own folder."""

MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_only_what_comes_before(path: Path) -> None:
    room = _room(path.relative_to(SOURCE).with_suffix("").parts)
    if room == "__init__":
        return
    assert _imported(path) - {room} <= ALLOWED[room]


def test_every_entry_of_the_table_is_a_module() -> None:
    rooms = {_room(path.relative_to(SOURCE).with_suffix("").parts) for path in MODULES}
    assert ALLOWED.keys() == rooms - {"__init__"}


def test_only_the_marked_places_import_inside_functions() -> None:
    deferred = {
        path.relative_to(SOURCE).as_posix()
        for path in MODULES
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert deferred == {"entry.py", "models/member_types.py", "progress.py", "tables.py"}


def _imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "cqrs_gen":
            parts = node.module.split(".")[1:]
            found |= {parts[0]} if parts else {_room((alias.name,)) for alias in node.names}
    return {"cqrs_gen" if name == "__version__" else name for name in found}


def _room(parts: tuple[str, ...]) -> str:
    return parts[0]
