"""The broker: queues, who consumes them, and what is in them."""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from tests.simulation.messages import OF_RABBIT, OK, Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.simulation.world import World


@dataclass(eq=False)
class Stored:
    """A message in a queue."""

    item: Item
    headers: Mapping[str, Any] = field(default_factory=dict)
    exchange: str = "events"
    routing_key: str = "created"
    attempts: int = 0
    """How many there have been, as it should know itself."""
    is_redelivered: bool = False


class Consumer(Protocol):
    """A channel that consumes queues."""

    def has_room_for(self, queue: str) -> bool: ...
    def deliver(self, queue: str, stored: Stored) -> None: ...


class Broker:
    """All queues; a message that is in none of them any more must be finished."""

    def __init__(self, world: World, names: Sequence[str]) -> None:
        self._world = world
        self._ready: dict[str, deque[Stored]] = {}
        self._arguments: dict[str, Mapping[str, Any]] = {}
        self._consumers: dict[str, list[Consumer]] = {}
        self._copies: Counter[Item] = Counter()
        self.items: dict[str, list[Item]] = {}
        self.parked: set[Item] = set()
        self.is_empty = asyncio.Event()
        kinds = [*OF_RABBIT, OK, OK, OK]
        world.rng.shuffle(kinds)
        for place, name in enumerate(names):
            self.declare(name, {})
            self.items[name] = [Item(name, number, kind) for number, kind in enumerate(kinds[place :: len(names)])]
            for item in self.items[name]:
                self.publish(name, Stored(item))

    def declare(self, name: str, arguments: Mapping[str, Any]) -> bool:
        """Have a queue; False when there is one with other arguments."""
        self._ready.setdefault(name, deque())
        self._consumers.setdefault(name, [])
        return self._arguments.setdefault(name, arguments) == arguments

    def publish(self, name: str, stored: Stored) -> bool:
        """Put a message into a queue; False when there is none."""
        if name not in self._ready:
            return False
        self._copies[stored.item] += 1
        self._ready[name].append(stored)
        if (milliseconds := self._arguments[name].get("x-message-ttl")) is not None:
            self.parked.add(stored.item)
            loop = self._world.loop
            loop.call_later(milliseconds / 1000, self._expire, name, context=contextvars.Context())
        self._push(name)
        return True

    def consume(self, name: str, consumer: Consumer) -> None:
        """Deliver what is in a queue, in turn with other consumers."""
        self._consumers[name].append(consumer)
        self._push(name)

    def cancel(self, name: str, consumer: Consumer) -> None:
        """Deliver nothing more to a consumer."""
        if consumer in self._consumers[name]:
            self._consumers[name].remove(consumer)

    def acknowledge(self, name: str, stored: Stored) -> None:
        """Forget a message that was delivered."""
        self._forget(stored, "acknowledged")
        self._push(name)

    def requeue(self, unacknowledged: Iterable[tuple[str, Stored]]) -> None:
        """Take back what was delivered on a channel that is gone, given in that order."""
        taken = list(unacknowledged)
        for name, stored in reversed(taken):
            stored.is_redelivered = True
            self._ready[name].appendleft(stored)
        for name in dict.fromkeys(name for name, _ in taken):
            self._push(name)

    def _push(self, name: str) -> None:
        ready, consumers = self._ready[name], self._consumers[name]
        while ready:
            consumer = next((one for one in consumers if one.has_room_for(name)), None)
            if consumer is None:
                return
            consumers.remove(consumer)
            consumers.append(consumer)
            consumer.deliver(name, ready.popleft())

    def _expire(self, name: str) -> None:
        stored = self._ready[name].popleft()
        arguments = self._arguments[name]
        if arguments.get("x-dead-letter-exchange") == "":
            target = arguments.get("x-dead-letter-routing-key", stored.routing_key)
            self.publish(target, Stored(stored.item, stored.headers, "", target, stored.attempts))
        self._forget(stored, "expired")

    def _forget(self, stored: Stored, why: str) -> None:
        item = stored.item
        self._world.ledger.note(f"{item} is {why}")
        self._copies[item] -= 1
        if not self._copies[item]:
            del self._copies[item]
            if item not in self._world.ledger.finished:
                self._world.loop.fail(f"{item} is {why}, not finished, and in no queue any more")
        if not self._copies:
            self.is_empty.set()
