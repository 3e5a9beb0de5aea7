"""What handlers do to the task that they run in, and what must not suffer from it.

A handler may cancel its task, at once or by a timer that it leaves behind. Nobody asked for that: it is a failure of
the handler while that runs, and nothing at all later.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

ResultT = TypeVar("ResultT")


def running_task() -> asyncio.Task[Any] | None:
    """Give the task that runs; None where no event loop does, as when what is left of one is thrown away."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def uncancel() -> None:
    """Take back what a handler has done to the task that it runs in; Python 3.10 does not count it."""
    task = asyncio.current_task()
    if sys.version_info >= (3, 11) and task is not None:
        while task.cancelling():
            task.uncancel()


async def absorb_cancellation(is_asked_for: Callable[[], bool]) -> None:
    """Let a handler that cancelled its own task and returned not harm the next message."""
    task = asyncio.current_task()
    if sys.version_info >= (3, 11) and task is not None and task.cancelling() and not is_asked_for():
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        uncancel()


async def undisturbed(work: Coroutine[Any, Any, ResultT], is_asked_for: Callable[[], bool]) -> ResultT:
    """Do work in a task of its own, which no handler knows: only a cancellation that is asked for reaches it.

    When an event loop ends it cancels that task, too.
    """
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:  # noqa: PERF203 - hardly ever the second time
            if is_asked_for():
                task.cancel()
                await asyncio.wait({task})
                raise
            uncancel()
    return task.result()
