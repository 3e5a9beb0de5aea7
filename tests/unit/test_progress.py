"""What a long run shows on a terminal, and that it shows nothing elsewhere."""

from __future__ import annotations

import io
import time
from contextlib import contextmanager, redirect_stderr
from typing import TYPE_CHECKING

import pytest

from cqrs_gen import cli
from cqrs_gen.cli import main
from cqrs_gen.progress import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

CONTRACT = """\
asyncapi: 3.0.0
info: {title: Shop, version: 1.0.0}
channels: {orders: {address: orders, messages: {Placed: {payload: {type: object}}}}}
operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}
"""


class Terminal(io.StringIO):
    """An error stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def capable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a terminal that can move its cursor."""
    monkeypatch.setenv("TERM", "xterm")


@contextmanager
def running(*, is_wanted: bool = True, delay: float = 0) -> Generator[tuple[Callable[[str], None], Terminal]]:
    """Run something that shows its progress on a terminal."""
    with redirect_stderr(Terminal()) as terminal, progress(is_wanted=is_wanted, delay=delay) as enter:
        yield enter, terminal


def test_a_long_run_names_its_stages_and_then_nothing() -> None:
    with running() as (enter, terminal):
        for stage in ("reading the contract", "making the models"):
            enter(stage)
            _wait_for(stage, terminal)
    assert terminal.getvalue().endswith("\x1b[2K")  # the line is erased


def test_a_short_run_shows_nothing() -> None:
    with running(delay=60) as (enter, terminal):
        enter("reading the contract")
    assert terminal.getvalue() == ""


def test_nothing_is_shown_unless_wanted() -> None:
    with running(is_wanted=False) as (enter, terminal):
        enter("reading the contract")
        time.sleep(0.05)
    assert terminal.getvalue() == ""


def test_a_dumb_terminal_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    with running() as (enter, terminal):
        enter("reading the contract")
        time.sleep(0.05)
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("force", ["", "1"])
def test_a_pipe_shows_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], force: str) -> None:
    monkeypatch.setenv("FORCE_COLOR", force)
    with progress(is_wanted=True, delay=0) as enter:
        enter("reading the contract")
        time.sleep(0.05)
    assert capsys.readouterr() == ("", "")


def test_it_goes_away_when_the_run_fails() -> None:
    terminal = Terminal()

    def fail() -> None:
        with redirect_stderr(terminal), progress(is_wanted=True, delay=0) as enter:
            enter("reading the contract")
            _wait_for("reading the contract", terminal)
            raise ValueError("of the test")

    with pytest.raises(ValueError, match="of the test"):
        fail()
    assert terminal.getvalue().endswith("\x1b[2K")
    shown = terminal.getvalue()
    time.sleep(0.3)
    assert terminal.getvalue() == shown


def test_a_run_tells_every_stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[bool, str]] = []

    @contextmanager
    def record(*, is_wanted: bool) -> Generator[Callable[[str], None]]:
        yield lambda stage: told.append((is_wanted, stage))

    monkeypatch.setattr(cli, "progress", record)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asyncapi.yaml").write_text(CONTRACT)
    assert main(["asyncapi.yaml", "--protocol", "kafka", "--quiet"]) == 0
    assert [stage.split()[0] for _, stage in told] == [
        *("loading", "reading", "planning", "making", "rendering", "comparing"),
    ]
    assert {is_wanted for is_wanted, _ in told} == {False}


def _wait_for(text: str, terminal: Terminal) -> None:
    deadline = time.monotonic() + 10
    while text not in terminal.getvalue():
        assert time.monotonic() < deadline, terminal.getvalue()
        time.sleep(0.01)
