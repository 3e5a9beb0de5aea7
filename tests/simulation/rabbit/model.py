"""The model of RabbitMQ: what is in it, and what goes wrong."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from tests.simulation.messages import LATER
from tests.simulation.model import Model

from .broker import Broker
from .replica import Replica

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.simulation.loading import Code
    from tests.simulation.messages import Item


class Rabbit(Model):
    """Two queues, and replicas that receive both on one channel."""

    faults = (
        "kill",
        "terminate",
        "join",
        "close_channel",
        "lose_connection",
        "handler",
        "dead-letter-refused",
        "dead-letter-unanswered",
        "dead-letter-hangs",
        "declare-refused",
        "parking-refused",
        "parking-unanswered",
        "parking-hangs",
    )
    replica_faults = ("kill", "terminate", "close_channel", "lose_connection")

    def __init__(self, code: Code, seed: int) -> None:
        super().__init__(code, seed)
        rng = self.world.rng
        self._broker = Broker(self.world, ("orders", "shipments"))
        prefetch = rng.choice((1, 3, 8))
        self._options: dict[str, Any] = {
            "prefetch": prefetch,
            "limit": rng.choice((1, 2, 3)),
            "retry_delay": rng.choice((0.2, 3.0)),
            "has_order": lambda: prefetch == 1 and len(self.replicas) == 1,
        }

    def start_replica(self) -> None:
        name = f"replica {len(self.replicas) + 1}"
        self.replicas.append(Replica(self.world, self._broker, name=name, options=self._options))

    async def wait(self) -> None:
        await self._broker.is_empty.wait()
        in_hand = [item for item in self.items() if item.kind is LATER and item not in self._broker.parked]
        if in_hand and self.world.ledger.is_quiet:
            self.world.loop.fail(f"{in_hand[0]} kept a place of the prefetch window while it waited")

    def items(self) -> Iterable[Item]:
        return chain.from_iterable(self._broker.items.values())
