"""An event loop with a clock of its own that runs one callback per step, so that a fault can come between any two."""

from __future__ import annotations

import asyncio
import contextvars
import heapq
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Callable, Coroutine, Sequence

_DEADLINE: Final = 1000.0
"""Seconds of virtual time in which all must be done."""
_STEPS: Final = 50_000
"""Steps in which all must be done: a loop that waits for nothing takes no time."""


class Violation(AssertionError):  # noqa: N818 - it says what it is
    """A promise was broken."""


class Injected(Exception):  # noqa: N818 - it says where it comes from
    """Raised by a model on purpose; any other exception that ends a task is a defect."""


class Task(asyncio.Task[Any]):
    """A task whose place in a set is decided by its number: by its address, no run would be like another."""

    def __init__(self, coro: Any, *, number: int, **options: Any) -> None:
        self._number = number
        super().__init__(coro, **options)

    def __hash__(self) -> int:
        return self._number


class Loop(asyncio.BaseEventLoop):
    """An event loop without a network; `faults` are done before the steps that they name."""

    _ready: deque[asyncio.Handle]
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0
        self._now = 0.0
        self._faults: list[tuple[int, Callable[[], None]]] = []
        self._tasks: list[Task] = []
        self._violation: Violation | None = None

    def play(self, main: Coroutine[Any, Any, None], faults: Sequence[tuple[int, Callable[[], None]]] = ()) -> None:
        """Run until `main` is done; raises the first violation."""
        self._faults = sorted(faults, key=lambda fault: fault[0], reverse=True)
        try:
            self.run_until_complete(main)
            self._check_tasks()
        finally:
            self._tear_down()

    def fail(self, text: str) -> None:
        """Note that a promise was broken; noted, not raised, since the runtime catches whatever handlers raise."""
        self._violation = self._violation or Violation(text)

    def time(self) -> float:
        return self._now

    def create_task(self, coro: Any, **options: Any) -> Any:
        task = Task(coro, number=len(self._tasks), loop=self, **options)
        self._tasks.append(task)  # one of a killed process must not be collected, which would run its `finally`
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None and not isinstance(error, Injected):
            self.fail(f"{context.get('message')}: {error!r}")

    def _run_once(self) -> None:
        if self._violation is not None:
            raise self._violation
        self._advance()
        while self._faults and self._faults[-1][0] <= self.steps:
            contextvars.Context().run(self._faults.pop()[1])
        handle = self._ready.popleft()
        process = handle._context.get(_process)  # type: ignore[attr-defined] # noqa: SLF001 - there is no other way
        if not handle.cancelled() and (process is None or process.admits(handle)):
            self.steps += 1
            try:
                handle._run()  # noqa: SLF001 - as above
            except SystemExit as error:
                self.fail(f"{error!r} ends the process with all that is in hand")

    def _advance(self) -> None:
        """Make ready what is due; when nothing is, it is later."""
        scheduled = self._scheduled
        while scheduled and (scheduled[0].cancelled() or scheduled[0].when() <= self._now or not self._ready):
            timer = heapq.heappop(scheduled)
            if not timer.cancelled():
                self._now = max(self._now, timer.when())
                self._ready.append(timer)
        if not self._ready:
            raise Violation("no progress: nothing is left to run")
        if self._now > _DEADLINE or self.steps > _STEPS:
            raise Violation(f"no progress in {self._now:.0f} s and {self.steps} steps")

    def _check_tasks(self) -> None:
        for task in self._tasks:
            error = task.exception() if task.done() and not task.cancelled() else None
            if error is not None and not isinstance(error, Injected):
                raise Violation(f"{task.get_coro()} ended with {error!r}")

    def _tear_down(self) -> None:
        """End what still waits here and now, and not whenever the garbage collector comes to it."""
        for task in self._tasks:
            if not task.done():
                with suppress(Exception):  # it is not in its own context and has no loop
                    task.get_coro().close()
        self._tasks.clear()
        self._ready.clear()
        self._scheduled.clear()
        self.close()

    def _check_closed(self) -> None:
        """Let what is ended by `_tear_down` call back: nobody runs it any more."""

    def _process_events(self, event_list: Any) -> None:
        pass

    def _write_to_self(self) -> None:
        pass


class Process:
    """What can be killed or held: whatever was begun in it, and all that this began."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.is_alive = True
        self._held: list[asyncio.Handle] | None = None
        self._context = contextvars.copy_context()
        self._context.run(_process.set, self)

    def spawn(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine in this process."""
        return self._context.run(self.loop.create_task, coroutine)

    def end(self) -> None:
        """Run nothing of it any more, not even a `finally`."""
        self.is_alive = False

    def hold(self, seconds: float) -> None:
        """Run nothing of it for a while, and then go on as if nothing had been."""
        if self._held is None:
            self._held = []
            self.loop.call_later(seconds, self._go_on, context=contextvars.Context())

    @property
    def is_held(self) -> bool:
        """Whether it stands still just now."""
        return self._held is not None

    def admits(self, handle: asyncio.Handle) -> bool:
        """Whether a callback may run now; keeps it when that is later."""
        if self.is_alive and self._held is not None:
            self._held.append(handle)
            return False
        return self.is_alive

    def _go_on(self) -> None:
        held, self._held = self._held or [], None
        self.loop._ready.extendleft(reversed(held))  # noqa: SLF001 - the two belong together


_process: Final[contextvars.ContextVar[Process | None]] = contextvars.ContextVar("_process", default=None)
