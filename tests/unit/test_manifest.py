"""The manifest: what it says, and what is not taken for one."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from cqrs_gen import manifest

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.manifest import Manifest


def example(**changed: Any) -> Manifest:
    parts: dict[str, Any] = {
        "package": "orders",
        "documents": ["orders.yaml"],
        "fingerprint": "f" * 64,
        "options": manifest.resolve_options(package="orders"),
        "inputs": {"orders.yaml": manifest.digest(b"asyncapi: 3.0.0"), "../shared/money.yaml": manifest.digest(b"")},
        "outputs": {"app.py": {"digest": manifest.digest(b"app"), "ownership": "scaffold"}},
    }
    return manifest.compose(**(parts | changed))


class TestDigest:
    """Line endings do not count, everything else does."""

    def test_ignores_line_endings(self) -> None:
        assert manifest.digest(b"a\r\nb\r\n") == manifest.digest(b"a\nb\n")

    @pytest.mark.parametrize("other", [b"\xef\xbb\xbfa\n", b"a", b"a\r", b"a\n\n", b"A\n", b""])
    def test_notices_everything_else(self, other: bytes) -> None:
        assert manifest.digest(other) != manifest.digest(b"a\n")

    def test_of_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "orders.yaml"
        path.write_bytes(b"a\r\n")
        assert manifest.file_digest(str(path)) == manifest.digest(b"a\n")

    def test_of_what_is_no_regular_file(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="no regular file"):
            manifest.file_digest(str(tmp_path))
        with pytest.raises(OSError, match="no regular file"):
            manifest.file_digest(str(tmp_path / "missing"))

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
    def test_never_waits_for_a_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(OSError, match="no regular file"):
            manifest.file_digest(str(tmp_path / "pipe"))


class TestOptions:
    """One form for the same options."""

    def test_defaults(self) -> None:
        assert manifest.resolve_options() == {
            "package": None,
            "role": "application",
            "envelope": "auto",
            "protocols": [],
            "tombstones": "skip",
        }

    def test_protocols_are_a_set(self) -> None:
        assert manifest.resolve_options(protocols=["kafka", "amqp", "kafka"])["protocols"] == ["amqp", "kafka"]


class TestDump:
    """The file's bytes."""

    def test_is_read_back(self) -> None:
        assert manifest.parse(manifest.dump(example())) == example()

    def test_is_read_back_with_other_line_endings(self) -> None:
        assert manifest.parse(manifest.dump(example()).replace(b"\n", b"\r\n")) == example()

    def test_does_not_depend_on_the_order_of_things(self) -> None:
        parts = example()
        turned = example(
            inputs=dict(reversed(parts["inputs"].items())),
            options=dict(reversed(parts["options"].items())),
        )
        assert manifest.dump(turned) == manifest.dump(parts)

    def test_is_plain_text(self) -> None:
        content = manifest.dump(example(inputs={"bestellung-ä-\udcff.yaml": "0"}))
        assert content.isascii()
        assert content.endswith(b"}\n")
        assert b"\r" not in content


class TestParse:
    """Nothing but what `dump` gives is a manifest."""

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<<<<<<< HEAD\n{}",
            b"{}",
            b"[]",
            b"null",
            b"\xff\xfe\x00",
            b"[" * 100_000,
            b'{"manifest": 1',
        ],
    )
    def test_something_else(self, content: bytes) -> None:
        assert manifest.parse(content) is None

    @pytest.mark.parametrize(
        "changed",
        [
            {"manifest": 2},
            {"manifest": "1"},
            {"package": None},
            {"documents": 1},
            {"fingerprint": []},
            {"options": []},
            {"inputs": "orders.yaml"},
            {"outputs": []},
            {"outputs": {"app.py": "0"}},
            {"outputs": {"app.py": {"digest": "0"}}},
            {"outputs": {"app.py": {"digest": 0, "ownership": "scaffold"}}},
            {"outputs": {"app.py": {"digest": "0", "ownership": "mine"}}},
            {"outputs": {"app.py": {"digest": "0", "ownership": ["scaffold"]}}},
            {"outputs": {"../app.py": {"digest": "0", "ownership": "generated"}}},
            {"comment": "added by hand"},
        ],
    )
    def test_another_form(self, changed: dict[str, Any]) -> None:
        assert manifest.parse(json.dumps(dict(example()) | changed).encode()) is None

    def test_a_missing_member(self) -> None:
        for name in example():
            parts = {key: value for key, value in example().items() if key != name}
            assert manifest.parse(json.dumps(parts).encode()) is None


@pytest.mark.parametrize("path", ["app.py", "contract/events.py", "handlers/on..py", "..app/x.py", "ä/b.py"])
def test_is_inside(path: str) -> None:
    assert manifest.is_inside(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "../app.py",
        "a/../../app.py",
        "a/..",
        "/etc/passwd",
        "a//b",
        "a/",
        "./a",
        "C:/a",
        "a\\..\\b",
        "a\0b",
    ],
)
def test_is_not_inside(path: str) -> None:
    assert not manifest.is_inside(path)
