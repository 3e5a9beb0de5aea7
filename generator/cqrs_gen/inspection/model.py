"""What `cqrs-gen inspect` tells. docs/inspect.md describes each field: they are the keys of the JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class InspectedServer:
    """A server of the document."""

    server: str
    protocol: str
    address: str
    supported: bool
    """Whether its protocol is one that is generated."""
    secured: bool
    variables: tuple[str, ...]


@dataclass(frozen=True)
class Subscription:
    """One way in which a channel's messages come to the service."""

    protocol: str
    broker: str
    """What the service calls the broker."""
    operation: str
    facts: Mapping[str, str | None]
    """In the broker's words: the topic and the group, or the queue, the exchange and the routing key."""


@dataclass(frozen=True)
class InspectedChannel:
    """A channel, and how it is subscribed to."""

    channel: str
    address: str | None
    parameters: tuple[str, ...]
    servers: tuple[str, ...]
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True)
class InspectedOperation:
    """An operation, and whether the service serves it."""

    operation: str
    action: str
    channel: str
    messages: tuple[str, ...]
    protocols: tuple[str, ...]
    served: bool
    reason: str | None
    """Why it is not served."""


@dataclass(frozen=True)
class ToldApart:
    """How a message is recognised among those of one address."""

    address: str
    by: str
    """`header`, `member`, `validity`, or `alone` where there is no other message."""
    name: str | None
    values: tuple[str, ...]


@dataclass(frozen=True)
class InspectedMessage:
    """A message, and the event made from it."""

    message: str
    place: str
    channels: tuple[str, ...]
    content_type: str
    decoded: bool
    event: str | None
    handler: str | None
    told_apart: tuple[ToldApart, ...]


@dataclass(frozen=True)
class InspectedBinding:
    """A bindings object of one protocol, its fields by what becomes of them."""

    object: str
    """`server`, `channel`, `operation` or `message`."""
    name: str
    binding: str
    used: tuple[str, ...]
    unused: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Inspection:
    """All of it; every list is sorted."""

    asyncapi: str | None = None
    title: str | None = None
    version: str | None = None
    package: str | None = None
    servers: tuple[InspectedServer, ...] = ()
    channels: tuple[InspectedChannel, ...] = ()
    operations: tuple[InspectedOperation, ...] = ()
    messages: tuple[InspectedMessage, ...] = ()
    bindings: tuple[InspectedBinding, ...] = ()
