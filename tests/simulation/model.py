"""What the models of Kafka and RabbitMQ have in common."""

from __future__ import annotations

import asyncio
import contextvars
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from .world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .loading import Code
    from .messages import Item


_AFTERWARDS: Final = 5.0
"""Seconds in which nothing more should happen: more than the longest wait for a next attempt."""


class Replica(Protocol):
    """A process of the service."""

    is_alive: bool
    is_stopping: bool

    def problems(self) -> list[str]: ...


class Model(ABC):
    """A broker with messages, replicas that receive them, and what can go wrong with both."""

    faults: ClassVar[Sequence[str]]
    """All that can go wrong; what is not done to a replica makes something fail a few times."""
    replica_faults: ClassVar[Sequence[str]]
    """Those that are done to a replica: names of its methods."""

    def __init__(self, code: Code, seed: int) -> None:
        self.world = World(code, seed)
        self.replicas: list[Replica] = []

    async def run(self) -> None:
        """Run until every message is finished and the broker knows."""
        self.start_replica()
        await self.wait()
        await asyncio.sleep(_AFTERWARDS)
        self.world.ledger.check_end(self.items())
        if problems := [problem for replica in self.replicas for problem in replica.problems()]:
            self.world.loop.fail(f"nothing is left, and there are problems: {problems}")

    def inject(self, fault: str) -> None:
        """Have something go wrong."""
        world = self.world
        world.ledger.note(f"fault: {fault}")
        world.ledger.is_quiet = False
        running = [replica for replica in self.replicas if replica.is_alive and not replica.is_stopping]
        if fault == "join":
            self.start_replica()
        elif fault not in self.replica_faults:
            world.let_fail(fault)
        elif running:
            getattr(world.rng.choice(running), fault)()
            if fault in {"kill", "terminate"}:  # somebody starts it again
                world.loop.call_later(world.rng.choice((0.0, 3.0)), self.start_replica, context=contextvars.Context())

    @abstractmethod
    def start_replica(self) -> None:
        """Have one replica more."""

    @abstractmethod
    async def wait(self) -> None:
        """Wait until nothing is left to do."""

    @abstractmethod
    def items(self) -> Iterable[Item]:
        """Give all messages."""
