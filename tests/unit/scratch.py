"""A scratch package: what a rendering gave, and what became of it on the disk."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from cqrs_gen import manifest
from cqrs_gen.compare import plan_changes
from cqrs_gen.rendered import Ownership, RenderedFile
from cqrs_gen.write import refuse_edited, write

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.changes import Changes, WriteReport


def generated(path: str, text: str) -> RenderedFile:
    return RenderedFile(PurePosixPath(path), text, Ownership.GENERATED)


def scaffold(path: str, text: str) -> RenderedFile:
    return RenderedFile(PurePosixPath(path), text, Ownership.SCAFFOLD)


EVENTS = generated("contract/events.py", "class OrderPlaced: ...\n")
KAFKA = generated("contract/kafka.py", "subscribers = ()\n")
MODELS = generated("contract/models.py", "class Order: ...\n")
HANDLER = scaffold("handlers/order_placed.py", "raise NotImplementedError\n")
TYPED = scaffold("py.typed", "")
FILES = (EVENTS, KAFKA, MODELS, HANDLER, TYPED)


def plan(root: Path, *files: RenderedFile, package: str = "orders", **recorded: Any) -> Changes:
    record: dict[str, Any] = {
        "documents": ["orders.yaml"],
        "options": manifest.resolve_options(package=package),
        "inputs": {"orders.yaml": manifest.digest(b"asyncapi: 3.0.0\n")},
        "fingerprint": "f" * 64,
    }
    return plan_changes(root, package, files, **(record | recorded))


def run(root: Path, *files: RenderedFile, force: bool = False) -> WriteReport:
    changes = plan(root, *files)
    refuse_edited(changes, force=force)
    return write(changes)


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def state(root: Path) -> dict[str, tuple[bytes, int, int]]:
    """Everything below a folder by content, time of modification and identity."""
    return {
        path.relative_to(root).as_posix(): (
            path.read_bytes() if path.is_file() else b"",
            path.lstat().st_mtime_ns,
            path.lstat().st_ino,
        )
        for path in sorted(root.rglob("*"))
    }


def recorded(root: Path) -> manifest.Manifest:
    found = manifest.parse((root / "orders" / manifest.PATH).read_bytes())
    assert found
    return found


def names(*paths: str) -> tuple[PurePosixPath, ...]:
    return tuple(PurePosixPath("orders", path) for path in paths)
