"""The model of Kafka: what is in it, and what goes wrong."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from tests.simulation.model import Model

from .group import Group
from .log import Log
from .replica import Replica

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.simulation.loading import Code
    from tests.simulation.messages import Item


class Kafka(Model):
    """Two partitions, a group, and replicas that work on `concurrency` records of a partition at once."""

    concurrency: ClassVar[int] = 1
    faults = (
        "kill",
        "terminate",
        "join",
        "freeze",
        "handler",
        "commit-refused",
        "commit-unanswered",
        "commit-slow",
        "dead-letter-refused",
        "dead-letter-unanswered",
        "dead-letter-hangs",
    )
    replica_faults = ("kill", "terminate", "freeze")

    def __init__(self, code: Code, seed: int) -> None:
        super().__init__(code, seed)
        self._log = Log(self.world)
        self._group = Group(self.world, self._log)
        self._options: dict[str, Any] = {
            "concurrency": self.concurrency,
            "in_hand": self.world.rng.choice((2, 4, 500)),
            "bytes_in_hand": self.world.rng.choice((10, 1 << 20)),
            "commit_every": self.world.rng.choice((0.2, 1.0)),
        }

    def start_replica(self) -> None:
        name = f"replica {len(self.replicas) + 1}"
        self.replicas.append(Replica(self.world, self._log, self._group, name=name, options=self._options))

    async def wait(self) -> None:
        coordinator = self.world.loop.create_task(self._group.coordinate())
        await self._log.is_finished.wait()
        coordinator.cancel()

    def items(self) -> Iterable[Item]:
        return chain.from_iterable(self._log.records.values())


class ConcurrentKafka(Kafka):
    """The same with several records of a partition at once."""

    concurrency = 3
