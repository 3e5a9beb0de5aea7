"""Counters that handlers call: in the process that is measured, which prints what they found as one line of JSON."""

from __future__ import annotations

import json
import os
import signal
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

MESSAGES: Final = "BENCHMARK_MESSAGES"
"""Environment variable: after how many messages a process has done its work."""
WARM_UP: Final = 500
"""Messages that are handled before the clock starts."""


class Counter:
    """Counts handled messages up to the last one, and then calls `finished`."""

    def __init__(self, finished: Callable[[], object]) -> None:
        self._finished = finished
        self._messages = int(os.environ[MESSAGES])
        self._count = 0

    @classmethod
    def of_service(cls) -> Self:
        """Give the counter of a generated service, which is asked to end as its operator would."""
        return cls(partial(signal.raise_signal, signal.SIGTERM))

    def _finish(self, result: dict[str, float]) -> None:
        print(json.dumps(result), flush=True)
        self._finished()


class Clock(Counter):
    """Measures messages a second, and microseconds of CPU time for a message, once it is warm."""

    _wall = _cpu = 0.0

    def tick(self) -> None:
        """Count one handled message."""
        self._count += 1
        if self._count == WARM_UP:
            self._wall, self._cpu = time.perf_counter(), time.process_time()
        elif self._count == self._messages:
            wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
            messages = self._messages - WARM_UP
            self._finish({"messages_per_s": messages / wall, "cpu_us": cpu / messages * 1e6})


class Scale(Counter):
    """Weighs the memory of the process after one tenth of the messages and after nine."""

    _early = _late = 0

    def tick(self) -> None:
        """Count one handled message."""
        self._count += 1
        if self._count == self._messages // 10:
            self._early = _resident()
        elif self._count == self._messages * 9 // 10:
            self._late = _resident()
        elif self._count == self._messages:
            self._finish({"early": self._early, "late": self._late})


def _resident() -> int:
    """Give the bytes of this process that are in memory, as Linux has them."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
