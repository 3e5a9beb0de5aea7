"""Which stage a long run is in, on a terminal; elsewhere nothing."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

DELAY: Final = 0.5
"""Seconds that a run may take before anything is shown."""


@contextmanager
def progress(*, is_wanted: bool, delay: float = DELAY) -> Generator[Callable[[str], None]]:
    """Give a function that is told each stage. What is shown stands on the error stream, and is gone at the end."""
    if not is_wanted or not sys.stderr.isatty():
        yield _ignore
        return
    from rich.console import Console  # noqa: PLC0415 - takes a while, and most runs have no terminal
    from rich.status import Status  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    if console.is_dumb_terminal:
        yield _ignore
        return
    status = Status("", console=console)
    timer = Timer(delay, status.start)
    timer.daemon = True
    timer.start()
    try:
        yield status.update
    finally:
        timer.cancel()
        timer.join()  # it may be starting just now
        status.stop()


def _ignore(stage: str) -> None:
    """Show nothing."""
