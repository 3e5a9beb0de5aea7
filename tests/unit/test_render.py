"""Rendering: templates are compiled once, and where that cannot be kept, each time."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from cqrs_gen.render import render
from cqrs_gen.templates_folder import templates_folder
from tests.unit.planning import Planned, plan_text

needs_owners = pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have owners on POSIX only")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a folder for temporary files with nothing in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    text = """
        servers: {k: {host: broker, protocol: kafka}}
        channels: {orders: {address: orders, messages: {Placed: {payload: {type: string}}}}}
        operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}
    """
    return plan_text(tmp_path, text)


def rendered(planned: Planned) -> list[str]:
    return [file.text for file in render(planned.plan, "", "{}", Path(templates_folder()))]


@needs_owners
def test_what_was_compiled_is_kept_and_gives_the_same(temporary: Path, planned: Planned) -> None:
    first = rendered(planned)
    assert list(temporary.rglob("__cqrs_gen_*.cache"))
    assert rendered(planned) == first


@needs_owners
def test_nothing_is_kept_where_somebody_else_may_write(temporary: Path, planned: Planned) -> None:
    first = rendered(planned)
    shutil.rmtree(temporary / f"_jinja2-cache-{os.getuid()}")
    (temporary / f"_jinja2-cache-{os.getuid()}").write_text("no folder")
    assert rendered(planned) == first
    assert list(temporary.rglob("*.cache")) == []


@needs_owners
def test_what_was_kept_and_is_damaged_is_compiled_anew(temporary: Path, planned: Planned) -> None:
    first = rendered(planned)
    for file in temporary.rglob("*.cache"):
        file.write_bytes(file.read_bytes()[:60])
    assert rendered(planned) == first
