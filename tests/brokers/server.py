"""One server program: started, waited for, stopped, and gone when the tests are."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from tests.brokers.ports import is_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from typing_extensions import Self


class MissingServerError(Exception):
    """The program is not installed; the text says what is missing and how to get it."""


class ServerFailedError(Exception):
    """The program ended or was not ready in time; the text has the end of its log."""


class Server:
    """A server in a process group of its own, with a folder that survives `stop`, so that it can be started again.

    A subclass says what to run. `address` is what clients connect to.
    """

    start_seconds: ClassVar[float] = 60
    stop_seconds: ClassVar[float] = 20

    def __init__(self, folder: Path, port: int, address: str) -> None:
        self.folder = folder
        self.port = port
        self.address = address
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """Give the program and its arguments; it stays in the foreground."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """Give what is added to our own environment."""
        return {}

    def is_ready(self) -> bool:
        """Tell whether it serves."""
        return is_open(self.port)

    def start(self) -> None:
        """Start it and wait until it is ready. Raises ServerFailedError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._guard = _guard(self._process.pid)
        self._wait_until_ready(self._process)

    def is_running(self) -> bool:
        """Tell whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int | None:
        """Ask it to end, and end it when it takes too long. Gives its exit code, None when it does not run."""
        return self._end(signal.SIGTERM)

    def kill(self) -> int | None:
        """End it as a crash would. Gives its exit code, None when it does not run."""
        return self._end(signal.SIGKILL)

    def end_of_log(self) -> str:
        """Give the last lines of what it wrote, over all its starts."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-60:])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self.start_seconds
        while not self.is_ready():
            code = process.poll()
            if code is not None or time.monotonic() > deadline:
                self.kill()
                what = "was not ready in time" if code is None else f"ended with exit code {code}"
                raise ServerFailedError(f"{type(self).__name__} {what}:\n{self.end_of_log()}")
            time.sleep(0.1)

    def _end(self, how: signal.Signals) -> int | None:
        process, guard = self._process, self._guard
        if process is None or guard is None:
            return None
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.stop_seconds)
        with suppress(ProcessLookupError, PermissionError):  # nobody is left in it; macOS calls that forbidden
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        guard.kill()  # before it reads the end of its pipe: by then the group's number may be somebody else's
        guard.communicate()
        self._process = self._guard = None
        return code


def _guard(group: int) -> subprocess.Popen[bytes]:
    """Kill the process group when we end, however we end: then the pipe that only we hold is closed."""
    return subprocess.Popen(
        ["/bin/sh", "-c", f"read _; kill -KILL -{group}"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
