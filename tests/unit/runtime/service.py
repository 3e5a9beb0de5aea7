"""A service without a broker, for what the application does around one; `python -m ...service MODE` runs it.

MODE: ok; start, broker, stop: what fails; waits: it is stopped while it starts.
"""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "templates"))

from runtime import application
from runtime.adapter import CannotStart
from runtime.observation import Observation
from runtime.settings import ServiceSettings

if TYPE_CHECKING:
    from collections.abc import Callable

CONTRACT = b'{"asyncapi": "3.0.0", "info": {"title": "Orders </script><b>", "version": "1"}, "x": "</script><script>x"}'


class Broker:
    """As much of a broker as the application needs; what is called is noted in `calls`."""

    def __init__(self, calls: list[str], mode: str) -> None:
        self.calls = calls
        self.mode = mode
        self.answer: Callable[[], bool] = lambda: True

    def _update_fd_config(self, config: object) -> None:
        pass

    async def start(self) -> None:
        self.calls.append("broker starts")
        if self.mode == "broker":
            await asyncio.sleep(0.1)
            raise RuntimeError("PRECONDITION_FAILED")

    async def stop(self) -> None:
        self.calls.append("broker stops")

    async def ping(self, timeout: float | None) -> bool:  # noqa: ARG002 - FastStream's signature
        return self.answer()


class Topics:
    """Topics of which one is missing."""

    def __init__(self, problem: str = "") -> None:
        self.needed = ("orders", "orders.dead")
        self.there = {"orders"}
        self.replicas: list[int | None] = []
        self.problem = problem

    async def existing(self) -> set[str]:
        if self.problem:
            raise CannotStart(self.problem)
        return self.there

    async def create(self, names: list[str], replicas: int | None) -> None:
        self.there |= set(names)
        self.replicas.append(replicas)


class Adapter:
    """A protocol whose broker is the one above."""

    key = "kafka"
    title = "Kafka"

    def __init__(self, mode: str = "ok") -> None:
        self.calls: list[str] = []
        self.mode = mode
        self.broker: Any = Broker(self.calls, mode)
        self.idle: list[str] = []
        self.blocked: list[str] = []
        self.observations: list[Observation] = []

    async def problems(self) -> list[str]:
        return self.blocked

    def observe(self) -> list[Observation]:
        return self.observations

    async def start(self) -> None:
        self.calls.append("start")
        if self.mode == "start":
            raise CannotStart("Kafka has no topic 'orders'")
        if self.mode == "waits":
            sys.stderr.write("waiting\n")
            await asyncio.sleep(1)

    async def stop(self) -> None:
        self.calls.append("stop")

    async def close(self) -> None:
        self.calls.append("close")
        sys.stderr.write(f"{self.calls}\n")


class AdapterWithTopics(Adapter):
    """A protocol that has topics."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.topics = Topics(problem)


if __name__ == "__main__":
    adapters = [Adapter(sys.argv[1])]
    settings = ServiceSettings(port=int(sys.argv[2]))
    app = application.build_app(adapters, settings, CONTRACT)
    sys.exit(application.main(app, adapters, settings, []))
