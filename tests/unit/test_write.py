"""Writing a package: all of it or nothing, and never half a file."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cqrs_gen import manifest
from cqrs_gen.changes import WriteReport
from cqrs_gen.write import WriteError
from tests.unit.scratch import (
    EVENTS,
    FILES,
    HANDLER,
    TYPED,
    generated,
    names,
    plan,
    recorded,
    run,
    scaffold,
    state,
    tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class TestANewPackage:
    """What the first run writes."""

    def test_is_written(self, tmp_path: Path) -> None:
        report = run(tmp_path, *FILES)
        written = tree(tmp_path)
        assert written.pop("orders/contract/manifest.json")
        assert written == {f"orders/{file.path}": file.text.encode() for file in FILES}
        assert report.created == names(
            "contract/events.py",
            "contract/kafka.py",
            "contract/manifest.json",
            "contract/models.py",
            "handlers/order_placed.py",
            "py.typed",
        )
        assert report == WriteReport(report.created, (), (), (), (), ())

    def test_the_manifest_records_it(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS, HANDLER)
        assert recorded(tmp_path) == {
            "manifest": 1,
            "package": "orders",
            "documents": ["orders.yaml"],
            "options": {
                "package": "orders",
                "role": "application",
                "envelope": "auto",
                "protocols": [],
                "tombstones": "skip",
            },
            "fingerprint": "f" * 64,
            "inputs": {"orders.yaml": manifest.digest(b"asyncapi: 3.0.0\n")},
            "outputs": {
                "contract/events.py": {"digest": manifest.digest(EVENTS.text.encode()), "ownership": "generated"},
                "handlers/order_placed.py": {"digest": manifest.digest(HANDLER.text.encode()), "ownership": "scaffold"},
            },
        }

    def test_is_the_same_in_any_order_and_place(self, tmp_path: Path) -> None:
        run(tmp_path / "a", *FILES)
        run(tmp_path / "b", *reversed(FILES))
        assert tree(tmp_path / "a") == tree(tmp_path / "b")

    def test_line_endings_and_encoding_are_ours(self, tmp_path: Path) -> None:
        run(tmp_path, generated("contract/events.py", "# é\r\n# €\n"))
        assert (tmp_path / "orders/contract/events.py").read_bytes() == "# é\n# €\n".encode()

    def test_an_empty_folder_of_that_name_may_exist(self, tmp_path: Path) -> None:
        cache = tmp_path / "orders" / "contract" / "__pycache__"
        cache.mkdir(parents=True)
        (cache / "events.cpython-310.pyc").touch()
        assert len(run(tmp_path, EVENTS).created) == 2

    def test_folders_up_to_it_are_made(self, tmp_path: Path) -> None:
        run(tmp_path / "services" / "all", EVENTS)
        assert (tmp_path / "services/all/orders/contract/events.py").exists()

    @pytest.mark.skipif(os.name == "nt", reason="no umask on Windows")
    def test_has_the_permissions_that_the_umask_leaves(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            run(tmp_path, EVENTS)
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "orders/contract/events.py").stat().st_mode) == 0o640
        assert stat.S_IMODE((tmp_path / "orders/contract").stat().st_mode) == 0o750


class TestTheOrder:
    """When things happen."""

    def test_the_manifest_is_last_and_every_text_complete_before_the_first_replacement(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run(tmp_path, *FILES)
        replaced: list[str] = []
        waiting: list[int] = []
        really_replace = os.replace

        def replace(source: Path, target: Path) -> None:
            waiting.append(len(list(tmp_path.rglob(".cqrs-gen-*"))))
            assert Path(source).parent == Path(target).parent
            assert (tmp_path / "orders/contract/kafka.py").exists() == (Path(target).name != "manifest.json")
            really_replace(source, target)
            replaced.append(Path(target).name)

        monkeypatch.setattr(os, "replace", replace)
        run(tmp_path, generated("contract/events.py", "a\n"), generated("contract/models.py", "b\n"), HANDLER, TYPED)
        assert replaced == ["events.py", "models.py", "manifest.json"]
        assert waiting == [3, 2, 1]

    def test_planning_writes_nothing(self, tmp_path: Path) -> None:
        plan(tmp_path / "services", *FILES)
        assert not list(tmp_path.iterdir())


class _FullDiskError(OSError):
    def __init__(self) -> None:
        super().__init__(28, "No space left on device")


class TestAFailure:
    """Whatever fails, and whenever, every file is as it was and no temporary file stays."""

    NEW = (
        generated("contract/added.py", "added\n"),
        generated("contract/events.py", "changed\n"),
        generated("contract/models.py", "changed\n"),
        scaffold("handlers/added/order_shipped.py", "stub\n"),
        TYPED,
    )

    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        run(tmp_path, *FILES)
        return tmp_path

    @pytest.mark.parametrize("failing", [1, 2, 3, 4, 5])
    def test_of_replacing(self, package: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
        before, folders = tree(package), sorted(package.rglob("*"))
        calls = _fail_once(monkeypatch, "replace", failing)
        with pytest.raises(WriteError, match=r"^orders/\S+ cannot be written, nothing was changed: No space left"):
            run(package, *self.NEW)
        assert next(calls) >= failing
        assert tree(package) == before
        assert sorted(package.rglob("*")) == folders

    def test_of_replacing_names_the_file(self, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _fail_once(monkeypatch, "replace", 3)
        with pytest.raises(WriteError, match=r"orders/contract/models\.py"):
            run(package, *self.NEW)

    @pytest.mark.parametrize("failing", [1, 2, 3, 4, 5])
    def test_of_writing(self, package: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
        before = state(package)
        opened = iter(range(1, 100))
        really_open = Path.open

        def open_(path: Path, mode: str = "r", **rest: Any) -> Any:
            file = really_open(path, mode, **rest)
            if mode == "xb" and next(opened) == failing:
                file.write(b"half a li")
                file.close()
                raise _FullDiskError
            return file

        monkeypatch.setattr(Path, "open", open_)
        with pytest.raises(WriteError, match="No space left"):
            run(package, *self.NEW)
        after = state(package)
        assert {path: entry for path, entry in after.items() if (package / path).is_file()} == {
            path: entry for path, entry in before.items() if (package / path).is_file()
        }
        assert after.keys() == before.keys()

    def test_of_removing(self, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = tree(package)
        really_unlink = Path.unlink

        def unlink(path: Path, missing_ok: bool = False) -> None:  # noqa: FBT001, FBT002 (as pathlib has it)
            if path.name == "kafka.py":
                raise PermissionError(13, "Permission denied")
            really_unlink(path, missing_ok)

        monkeypatch.setattr(Path, "unlink", unlink)
        with pytest.raises(WriteError, match=r"kafka\.py cannot be removed, nothing was changed: Permission denied"):
            run(package, *self.NEW)
        assert tree(package) == before

    def test_after_a_removal(self, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = tree(package)
        _fail_once(monkeypatch, "replace", 5)  # the manifest, after everything else
        with pytest.raises(WriteError, match=r"manifest\.json"):
            run(package, *self.NEW)
        assert tree(package) == before

    def test_of_a_new_package(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _fail_once(monkeypatch, "replace", 3)
        with pytest.raises(WriteError):
            run(tmp_path / "services", *FILES)
        assert not list(tmp_path.iterdir())
        monkeypatch.undo()
        run(tmp_path / "services", *FILES)

    def test_by_an_interrupt(self, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = tree(package)
        _fail_once(monkeypatch, "replace", 3, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            run(package, *self.NEW)
        assert tree(package) == before

    def test_that_cannot_be_undone_is_said(self, package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = tree(package)
        really_replace, calls = os.replace, iter(range(1, 100))

        def replace(source: Path, target: Path) -> None:
            if next(calls) >= 3:
                raise _FullDiskError
            really_replace(source, target)

        monkeypatch.setattr(os, "replace", replace)
        with pytest.raises(WriteError, match=r"events\.py was changed and cannot be put back"):
            run(package, *self.NEW)
        after = tree(package)
        assert after.keys() == before.keys()
        assert after["orders/contract/events.py"] == b"changed\n"


def _fail_once(
    monkeypatch: pytest.MonkeyPatch, name: str, failing: int, error: BaseException | None = None
) -> Iterator[int]:
    """Let one call of a function of `os` fail; gives the calls counted so far plus one."""
    really, calls = getattr(os, name), iter(range(1, 100))

    def call(*args: Any) -> None:
        if next(calls) == failing:
            raise error or _FullDiskError
        really(*args)

    monkeypatch.setattr(os, name, call)
    return calls
