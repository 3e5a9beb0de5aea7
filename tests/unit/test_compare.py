"""What a run would do: to our files, to people's files, to what it finds edited."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from cqrs_gen import manifest
from cqrs_gen.changes import diff
from cqrs_gen.write import EditedFilesError, write
from tests.unit.scratch import (
    EVENTS,
    FILES,
    HANDLER,
    KAFKA,
    MODELS,
    TYPED,
    generated,
    names,
    plan,
    recorded,
    run,
    scaffold,
    state,
)


class TestASecondRun:
    """Only what differs is touched."""

    def test_changes_nothing(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        before = state(tmp_path)
        changes = plan(tmp_path, *FILES)
        report = write(changes)
        assert changes.is_empty
        assert diff(changes) == ""
        assert state(tmp_path) == before
        assert report.unchanged == names(
            "contract/events.py", "contract/kafka.py", "contract/manifest.json", "contract/models.py"
        )
        assert report.kept == names("handlers/order_placed.py", "py.typed")

    def test_touches_only_what_differs(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        before = state(tmp_path)
        report = run(tmp_path, generated("contract/events.py", "class OrderShipped: ...\n"), *FILES[1:])
        after = state(tmp_path)
        changed = {path for path in after if after[path] != before[path] and not (tmp_path / path).is_dir()}
        assert changed == {"orders/contract/events.py", "orders/contract/manifest.json"}
        assert report.updated == names("contract/events.py", "contract/manifest.json")

    def test_leaves_other_line_endings_alone(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        for path in tmp_path.rglob("*.*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        before = state(tmp_path)
        changes = plan(tmp_path, *FILES)
        assert changes.is_empty
        assert not changes.edited
        write(changes)
        assert state(tmp_path) == before

    def test_updates_a_file_with_other_line_endings(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        path = tmp_path / "orders/contract/events.py"
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
        run(tmp_path, generated("contract/events.py", "a\nb\n"))
        assert path.read_bytes() == b"a\nb\n"

    def test_records_new_inputs_options_and_fingerprint(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        others: list[dict[str, Any]] = [
            {"fingerprint": "0"},
            {"inputs": {}},
            {"options": manifest.resolve_options(envelope="none")},
        ]
        for other in others:
            changes = plan(tmp_path, EVENTS, **other)
            assert changes.report.updated == names("contract/manifest.json")

    @pytest.mark.skipif(os.name == "nt", reason="no such permissions on Windows")
    def test_keeps_permissions(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        path = tmp_path / "orders/contract/events.py"
        path.chmod(0o755)
        run(tmp_path, generated("contract/events.py", "a\n"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o755

    def test_takes_a_renamed_package_for_ours(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        (tmp_path / "orders").rename(tmp_path / "sales")
        changes = plan(tmp_path, EVENTS, package="sales")
        assert changes.report.updated == (PurePosixPath("sales/contract/manifest.json"),)


class TestWhatPeopleWrote:
    """Files that are written once stay as people left them."""

    def test_is_never_touched(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        handler = tmp_path / "orders/handlers/order_placed.py"
        handler.write_text("print('mine')\n", encoding="utf-8")
        (tmp_path / "orders/handlers/pricing.py").write_text("# mine\n", encoding="utf-8")
        before = state(tmp_path)
        other = scaffold("handlers/order_placed.py", "another stub\n")
        for force in (False, True):
            assert run(tmp_path, EVENTS, KAFKA, MODELS, other, TYPED, force=force).updated == ()
        assert state(tmp_path) == before

    def test_does_not_reach_the_manifest(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        before = recorded(tmp_path)
        (tmp_path / "orders/handlers/order_placed.py").write_text("mine\n", encoding="utf-8")
        assert plan(tmp_path, *FILES).is_empty
        run(tmp_path, EVENTS, KAFKA, MODELS, scaffold("handlers/order_placed.py", "another stub\n"), TYPED)
        assert recorded(tmp_path) == before

    def test_comes_back_when_it_is_missing(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        (tmp_path / "orders/handlers/order_placed.py").unlink()
        changes = plan(tmp_path, *FILES)
        assert not changes.is_empty
        assert write(changes).created == names("handlers/order_placed.py")

    def test_may_be_there_before_the_event(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        handlers = tmp_path / "orders/handlers"
        handlers.mkdir()
        (handlers / "order_placed.py").write_text("mine\n", encoding="utf-8")
        assert run(tmp_path, EVENTS, HANDLER).kept == names("handlers/order_placed.py")
        assert (handlers / "order_placed.py").read_text(encoding="utf-8") == "mine\n"

    def test_is_reported_when_its_event_is_gone(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        before = state(tmp_path)["orders/handlers/order_placed.py"]
        report = run(tmp_path, EVENTS, KAFKA, MODELS, TYPED)
        assert report.orphaned == names("handlers/order_placed.py")
        assert report.removed == ()
        assert state(tmp_path)["orders/handlers/order_placed.py"] == before

    def test_is_reported_until_it_is_deleted(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        run(tmp_path, EVENTS, KAFKA, MODELS, TYPED)
        again = plan(tmp_path, EVENTS, KAFKA, MODELS, TYPED)
        assert again.is_empty
        assert again.report.orphaned == names("handlers/order_placed.py")
        (tmp_path / "orders/handlers/order_placed.py").unlink()
        last = run(tmp_path, EVENTS, KAFKA, MODELS, TYPED)
        assert last.orphaned == ()
        assert last.updated == names("contract/manifest.json")

    def test_is_not_lost_when_its_event_comes_back(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        (tmp_path / "orders/handlers/order_placed.py").write_text("mine\n", encoding="utf-8")
        run(tmp_path, EVENTS, KAFKA, MODELS, TYPED)
        assert run(tmp_path, *FILES).kept == names("handlers/order_placed.py", "py.typed")
        assert (tmp_path / "orders/handlers/order_placed.py").read_text(encoding="utf-8") == "mine\n"

    def test_is_recorded_as_it_was_first_written(self, tmp_path: Path) -> None:
        run(tmp_path, scaffold("app.py", "first\n"))
        first = recorded(tmp_path)["outputs"]["app.py"]
        run(tmp_path, scaffold("app.py", "second\n"))
        assert recorded(tmp_path)["outputs"]["app.py"] == first
        (tmp_path / "orders/app.py").unlink()
        run(tmp_path, scaffold("app.py", "second\n"))
        assert recorded(tmp_path)["outputs"]["app.py"] != first

    def test_may_have_been_generated_before(self, tmp_path: Path) -> None:
        run(tmp_path, generated("app.py", "app = 1\n"))
        assert run(tmp_path, scaffold("app.py", "app = 2\n")).kept == names("app.py")
        assert recorded(tmp_path)["outputs"]["app.py"]["ownership"] == "scaffold"
        assert (tmp_path / "orders/app.py").read_text(encoding="utf-8") == "app = 1\n"

    def test_is_refused_where_a_generated_file_goes(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        mine = tmp_path / "orders/contract/kafka.py"
        mine.write_text("mine\n", encoding="utf-8")
        assert [change.path for change in plan(tmp_path, EVENTS, KAFKA).edited] == list(names("contract/kafka.py"))

    def test_is_refused_where_it_becomes_generated(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS, scaffold("app.py", "app = 1\n"))
        assert plan(tmp_path, EVENTS, generated("app.py", "app = 2\n")).edited
        assert plan(tmp_path, EVENTS, generated("app.py", "app = 1\n")).report.updated == names(
            "contract/manifest.json"
        )


class TestAnEditedGeneratedFile:
    """An edit by hand is not lost without being asked for."""

    @pytest.fixture
    def edited(self, tmp_path: Path) -> Path:
        run(tmp_path, *FILES)
        (tmp_path / "orders/contract/events.py").write_text("class OrderPlaced: mine = 1\n", encoding="utf-8")
        return tmp_path

    def test_is_refused_with_the_difference(self, edited: Path) -> None:
        before = state(edited)
        with pytest.raises(EditedFilesError, match=r"orders/contract/events\.py") as refused:
            run(edited, *FILES)
        assert state(edited) == before
        [(path, difference)] = refused.value.edited
        assert path == PurePosixPath("orders/contract/events.py")
        assert "\n-class OrderPlaced: mine = 1\n+class OrderPlaced: ...\n" in difference

    def test_is_refused_when_the_contract_changed_too(self, edited: Path) -> None:
        with pytest.raises(EditedFilesError):
            run(edited, generated("contract/events.py", "class OrderShipped: ...\n"), *FILES[1:])

    def test_all_are_refused_together(self, edited: Path) -> None:
        (edited / "orders/contract/models.py").write_text("mine\n", encoding="utf-8")
        before = state(edited)
        with pytest.raises(EditedFilesError) as refused:
            run(edited, EVENTS, MODELS, generated("contract/kafka.py", "changed\n"))
        assert [path for path, _ in refused.value.edited] == list(names("contract/events.py", "contract/models.py"))
        assert state(edited) == before

    def test_is_overwritten_by_force(self, edited: Path) -> None:
        assert run(edited, *FILES, force=True).updated == names("contract/events.py")
        assert plan(edited, *FILES).is_empty

    def test_is_fine_when_the_edit_is_what_would_be_written(self, edited: Path) -> None:
        text = (edited / "orders/contract/events.py").read_text(encoding="utf-8")
        changes = plan(edited, generated("contract/events.py", text), *FILES[1:])
        assert not changes.edited
        assert changes.report.updated == names("contract/manifest.json")

    def test_is_shown_as_a_difference(self, edited: Path) -> None:
        assert "-class OrderPlaced: mine = 1\n" in diff(plan(edited, *FILES))

    def test_may_hold_any_bytes(self, edited: Path) -> None:
        (edited / "orders/contract/events.py").write_bytes(b"\xff\x00 \x0c x")
        difference = diff(plan(edited, *FILES))
        assert "-\\xff\x00 \x0c x\n\\ No newline at end of file\n+class OrderPlaced: ...\n" in difference

    def test_a_byte_order_mark_is_an_edit(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        path = tmp_path / "orders/contract/events.py"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert plan(tmp_path, EVENTS).edited


class TestAGeneratedFileThatIsNoLongerRendered:
    """Our own files go when the contract no longer asks for them."""

    def test_is_removed(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        report = run(tmp_path, EVENTS, MODELS, HANDLER, TYPED)
        assert report.removed == names("contract/kafka.py")
        assert not (tmp_path / "orders/contract/kafka.py").exists()
        assert "contract/kafka.py" not in recorded(tmp_path)["outputs"]

    def test_is_refused_when_edited(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        (tmp_path / "orders/contract/kafka.py").write_text("mine\n", encoding="utf-8")
        with pytest.raises(EditedFilesError, match="kafka"):
            run(tmp_path, EVENTS, MODELS, HANDLER, TYPED)
        assert (tmp_path / "orders/contract/kafka.py").exists()
        assert run(tmp_path, EVENTS, MODELS, HANDLER, TYPED, force=True).removed == names("contract/kafka.py")

    def test_may_be_gone_already(self, tmp_path: Path) -> None:
        run(tmp_path, *FILES)
        (tmp_path / "orders/contract/kafka.py").unlink()
        assert run(tmp_path, EVENTS, MODELS, HANDLER, TYPED).removed == ()

    def test_stays_when_nobody_recorded_it(self, tmp_path: Path) -> None:
        run(tmp_path, EVENTS)
        mine = tmp_path / "orders/contract/mine.py"
        mine.touch()
        run(tmp_path, MODELS)
        assert mine.exists()


class TestANameThatNoPackageHas:
    """The last line of defence against a name that leads elsewhere."""

    @pytest.mark.parametrize("package", ["", ".", "..", "../orders", "a/b", "/tmp/orders", "a\\b", "orders-v1", "a\0"])  # noqa: S108 (nothing is written)
    def test_of_the_package(self, tmp_path: Path, package: str) -> None:
        with pytest.raises(ValueError, match="cannot name a package"):
            plan(tmp_path, EVENTS, package=package)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize(
        "path", ["../app.py", "/etc/app.py", "contract/../../app.py", ".", "..", "a\\b.py", "C:app.py", manifest.PATH]
    )
    def test_of_a_file(self, tmp_path: Path, path: str) -> None:
        with pytest.raises(ValueError, match="cannot be a file of the package"):
            plan(tmp_path, generated(path, ""))
        assert not list(tmp_path.iterdir())

    def test_twice(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="cannot be a file of the package"):
            plan(tmp_path, EVENTS, EVENTS)
