"""A generated package, run as people run it: `python -m <package>` in the folder that holds it."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.brokers.ports import free_port
from tests.brokers.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Service(Server):
    """One instance of a service; several may run from one folder. `address` is the URL of its probes."""

    def __init__(self, folder: Path, package: str, settings: Mapping[str, str]) -> None:
        """Take the folder that holds the package, and its settings without their prefix."""
        port = free_port()
        super().__init__(folder, port, f"http://127.0.0.1:{port}")
        self._package = package
        self._settings = {"HOST": "127.0.0.1", "PORT": str(port), **settings}
        self.log = folder / f"{package}-{port}.log"

    def command(self) -> list[str]:
        return [sys.executable, "-m", self._package]

    def environment(self) -> Mapping[str, str]:
        prefix = self._package.upper()
        return {f"{prefix}_{name}": value for name, value in self._settings.items()}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of the package, with the same settings, to its end; the caller judges its exit code."""
        return subprocess.run(
            [*self.command(), *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=self.start_seconds,
            check=False,
        )

    def is_ready(self) -> bool:
        """Ask its own probe."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/ready")
            return connection.getresponse().status == http.HTTPStatus.NO_CONTENT
        except OSError:
            return False
        finally:
            connection.close()
