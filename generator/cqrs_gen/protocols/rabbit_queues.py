"""What a subscriber of RabbitMQ consumes, and where a publisher sends to, as their templates see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.protocols.rabbit_sending import SendingOptions


@dataclass(frozen=True)
class Exchange:
    """An exchange that a queue is bound to."""

    name: str
    type: str
    durable: bool
    auto_delete: bool


@dataclass(frozen=True)
class QueueBinding:
    """Which messages of an exchange reach a queue."""

    exchange: Exchange
    routing_key: str


@dataclass(frozen=True)
class RabbitDetails:
    """The queue of a subscriber, and what is bound to it besides the default exchange."""

    queue: str
    durable: bool
    exclusive: bool
    auto_delete: bool
    bindings: tuple[QueueBinding, ...]
    acknowledges_first: bool = False
    """Whether a message is acknowledged before its handler runs."""


@dataclass(frozen=True)
class RabbitDestination:
    """Where messages are sent to, and how: an exchange by a routing key, or a queue on the default exchange."""

    exchange: Exchange | None
    queue: RabbitDetails | None
    """The queue of that name, where the channel is one that can be declared."""
    options: SendingOptions
