"""The difference as people and `git apply` read it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from cqrs_gen.changes import diff
from cqrs_gen.write import write
from tests.unit.scratch import (
    EVENTS,
    FILES,
    HANDLER,
    KAFKA,
    TYPED,
    generated,
    plan,
    run,
    scaffold,
    tree,
)

if TYPE_CHECKING:
    from pathlib import Path


class TestDiff:
    """The text of `--check`."""

    def test_turns_the_old_tree_into_the_new_one(self, tmp_path: Path) -> None:
        """`git apply` is the judge: creations, empty files, updates, removals, missing last newlines."""
        run(tmp_path, *FILES, generated("contract/last.py", "no newline"))
        changes = plan(
            tmp_path,
            generated("contract/empty.py", ""),
            generated("contract/events.py", "class OrderShipped: ...\n"),
            generated("contract/last.py", "still\u2028none"),
            generated("contract/models.py", "class Order: ...\rin one line\nno newline"),
            scaffold("handlers/order_shipped.py", "stub\n"),
            HANDLER,
            TYPED,
        )
        shutil.copytree(tmp_path / "orders", tmp_path / "patched" / "orders")
        patch = diff(changes).encode()
        subprocess.run(["git", "apply", "-"], input=patch, cwd=tmp_path / "patched", check=True)
        write(changes)
        assert tree(tmp_path / "patched" / "orders") == tree(tmp_path / "orders")

    def test_shows_paths_from_the_output_folder(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS, KAFKA)
        shown = diff(plan(tmp_path, generated("contract/events.py", "a\n"), HANDLER))
        assert "--- a/orders/contract/events.py\n+++ b/orders/contract/events.py\n" in shown
        assert "--- a/orders/contract/kafka.py\n+++ /dev/null\n" in shown
        assert "--- /dev/null\n+++ b/orders/handlers/order_placed.py\n" in shown
        assert str(tmp_path) not in shown

    def test_shows_an_empty_file(self, tmp_path: Path) -> None:
        assert "diff --git a/orders/py.typed b/orders/py.typed\nnew file" in diff(plan(tmp_path, TYPED))

    def test_ignores_line_endings(self, tmp_path: Path) -> None:
        run(tmp_path, generated("contract/events.py", "a\nb\n"))
        path = tmp_path / "orders/contract/events.py"
        path.write_bytes(b"a\r\nb\r\n")
        shown = diff(plan(tmp_path, generated("contract/events.py", "a\nc\n")))
        assert " a\n-b\n+c\n" in shown
