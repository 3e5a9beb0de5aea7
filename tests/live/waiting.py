"""Waiting for what other processes do: as long as it takes, and never for ever."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_SECONDS: Final = 30.0

ResultT = TypeVar("ResultT")


async def until(
    probe: Callable[[], ResultT | Awaitable[ResultT]], *, why: Callable[[], str] | None = None, seconds: float = _SECONDS
) -> ResultT:
    """Ask `probe` again and again until its answer is true, and give that; fails the test with what `why` says."""
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        result: ResultT = await answer if inspect.isawaitable(answer) else answer
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s, only {result!r}\n{why() if why else ''}")
        await asyncio.sleep(0.05)
