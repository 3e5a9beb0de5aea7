"""Queues, exchanges and bindings as the contract describes them, and as FastStream takes them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from faststream.rabbit import ExchangeType, RabbitExchange, RabbitQueue

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue, with the flags that it is declared with."""

    name: str
    durable: bool = True
    exclusive: bool = False
    auto_delete: bool = False
    arguments: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)

    def of_type(self, kind: str, *, dead_queue: str = "") -> Queue:
        """Give the same queue of a type: `classic`, `quorum`, or what the virtual host gives when it is empty.

        A quorum queue counts deliveries, and drops a message that killed the service too often, unless it has a place
        for it: `dead_queue`. What does not last can only be classic.
        """
        if not kind:
            return self
        if kind == "classic" or not self.durable or self.exclusive or self.auto_delete:
            return replace(self, arguments={"x-queue-type": "classic"})
        arguments: dict[str, object] = {"x-queue-type": kind}
        if dead_queue:
            arguments |= {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": dead_queue}
        return replace(self, arguments=arguments)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An exchange, with its type (`topic`, `direct`, `fanout`, `headers`) and the flags that it is declared with."""

    name: str
    type: str = "topic"
    durable: bool = True
    auto_delete: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """What brings messages of an exchange to a queue."""

    exchange: Exchange
    routing_key: str


def faststream_queue(queue: Queue, *, declare: bool, routing_key: str = "") -> RabbitQueue:
    """Give FastStream's object for a queue; without `declare` it must exist, whatever its flags are."""
    result = RabbitQueue(
        queue.name,
        durable=queue.durable,
        exclusive=queue.exclusive,
        auto_delete=queue.auto_delete,
        declare=declare,
        routing_key=routing_key,
    )
    result.arguments = {**queue.arguments}  # FastStream would ask for `classic`; a virtual host may prefer another
    return result


def faststream_exchange(exchange: Exchange, *, declare: bool) -> RabbitExchange:
    """Give FastStream's object for an exchange; without `declare` it must exist, whatever its flags are."""
    return RabbitExchange(
        exchange.name,
        type=ExchangeType(exchange.type),
        durable=exchange.durable,
        auto_delete=exchange.auto_delete,
        declare=declare,
    )
