"""Queues, exchanges and bindings as the contract describes them, and as FastStream takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from faststream.rabbit import ExchangeType, RabbitExchange, RabbitQueue
from pamqp.constants import DOMAIN_REGEX

# pamqp, below aio-pika, goes by the letter of AMQP 0-9-1 and refuses names that RabbitMQ takes: `shipment.problem.*`.
DOMAIN_REGEX["queue-name"] = DOMAIN_REGEX["exchange-name"] = re.compile(r".*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue, with the flags that it is declared with."""

    name: str
    durable: bool = True
    exclusive: bool = False
    auto_delete: bool = False


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
    result.arguments = {}  # FastStream would ask for the type `classic`, and a virtual host may have another default
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
