"""What templates may see of what is sent: publishers, and the replies to requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.plan.payload_types import payload_annotation, payload_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.plan.body_view import BodyView


@dataclass(frozen=True)
class ArgumentView:
    """A parameter of an address, as an argument of a publisher."""

    name: str
    parameter: str
    """What the contract calls it."""
    annotation: str


@dataclass(frozen=True)
class PublisherView:
    """A function that sends one kind of message to one place."""

    name: str
    description: str
    broker: str
    """The name of the adapter in brokers.py."""
    protocol: str
    takes_key: bool
    has_topics: bool
    """Whether `address` is the name of a topic, and not a routing key."""
    address: str
    event_name: str
    body: BodyView
    has_envelope: bool
    """Whether python-cqrs' envelope is around the payload."""
    may_look_wrapped: bool
    """Whether a payload without it is read as it is even when it looks like one."""
    content_type: str
    correlation_header: str | None
    """The header that the contract has the correlation id in."""
    reply_to: str | None
    """The address that replies come to."""
    takes_reply_to: bool
    """Whether the sender has to say where replies come to."""
    reply_header: str | None
    """The header that says so."""
    headers: Mapping[str, str]
    """Headers that can have one value only."""
    headers_model: str | None
    """What models.py calls the model of the headers."""
    key_type: str | None
    """What models.py calls the key."""
    arguments: tuple[ArgumentView, ...]
    details: object
    properties: object

    @property
    def payload(self) -> str:
        """What models.py calls the payload; `Any` where it is not described."""
        return self.body.payload

    @property
    def around(self) -> str:
        """What checks headers and key, as publishers.py spells it; empty where nothing does."""
        readers = (("Headers", self.headers_model), ("Key", self.key_type if self.takes_key else None))
        return ", ".join(f"{reader}({payload_type(name)})" for reader, name in readers if name)

    @property
    def annotation(self) -> str:
        """The payload's type as what a function takes."""
        return payload_annotation(self.payload)


@dataclass(frozen=True)
class AnswerView:
    """How one operation replies."""

    operation: str
    direct: PublisherView | None
    """What sends to the address in a request."""
    fixed: PublisherView | None
    """What sends to the address of the contract."""


@dataclass(frozen=True)
class RequestView:
    """The reply to an event."""

    base: str
    """The class that its handler is a subclass of."""
    payload: str
    """What models.py calls the reply's payload; `Any` where it is not described."""
    answers: tuple[AnswerView, ...]

    @property
    def annotation(self) -> str:
        """The payload's type as what a function gives."""
        return payload_annotation(self.payload)
