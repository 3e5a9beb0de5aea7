"""The message that is being handled, and what a handler may say about it."""

from __future__ import annotations

import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timezone
from hashlib import sha1
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGINAL_ID: Final = "x-event-id"
"""Header of a dead letter: the identity that its message had."""

ATTEMPTS: Final = "x-attempts"
"""Header of a message that waits for another attempt, and of a dead letter: how many there have been."""

ORIGINAL_ROUTING_KEY: Final = "x-original-routing-key"
"""Header of a dead letter of RabbitMQ."""

_NO_PARAMETERS: Final[Mapping[str, Any]] = MappingProxyType({})
_NAMESPACE: Final = NAMESPACE_URL.bytes
_UUID_BITS: Final = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF
_UUID_VERSION: Final = 0x00000000_0000_5000_8000_000000000000
"""Version 5 and the variant of RFC 4122, in the bits that the digest leaves to them."""

CORRELATION_ID: Final = "correlation_id"
"""Header of the correlation id, as this service writes it."""

CORRELATION_IDS: Final = (CORRELATION_ID, "correlationId", "correlation-id", "x-correlation-id")
"""Usual headers for a correlation id."""

CONTENT_TYPES: Final = frozenset({"content-type", "contenttype"})
"""Usual headers for a content type, in small letters."""

_NOT_LOOKED_UP: Final = ""
"""Stands for a correlation id that the contract does not say the place of."""


def _no_parameters() -> Mapping[str, Any]:
    return _NO_PARAMETERS


@dataclass(slots=True)
class KafkaMessage:
    """A record of a topic. `attempt` and `operation` are set while it is delivered."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    """Milliseconds since 1970, as the record has it."""
    key: bytes | None
    body: bytes | None
    """As it came, before `prepare`; None is a tombstone."""
    headers: tuple[tuple[str, bytes | None], ...] = ()
    attempt: int = 1
    operation: str = ""
    """The operation of the contract that receives it; known once it is decoded."""
    parameters: Mapping[str, Any] = field(default_factory=_no_parameters)
    """What the `{parameters}` in the contract's address stand for; known once it is decoded."""
    reply_to: str | None = None
    """Where its reply goes, if the contract says where that stands; known once it is decoded."""
    typed: dict[Any, Any] | None = field(default=None, repr=False, compare=False)
    """What was read of its headers and its key, by what read it."""
    _correlation_id: str | None = field(default=_NOT_LOOKED_UP, repr=False, compare=False)

    @property
    def address(self) -> str:
        """The address that it came by."""
        return self.topic

    def header(self, name: str) -> str | None:
        """Give the last header of that name, if it is text."""
        for key, value in reversed(self.headers):
            if key == name and value is not None:
                return _text(value)
        return None

    @property
    def correlation_id(self) -> str | None:
        """What stands where the contract says; else in the header `correlation_id`, or another usual one."""
        if self._correlation_id != _NOT_LOOKED_UP:
            return self._correlation_id
        if not self.headers:
            return None
        return next((value for name in CORRELATION_IDS if (value := self.header(name))), None)

    @correlation_id.setter
    def correlation_id(self, value: str | None) -> None:
        self._correlation_id = value or None

    @property
    def content_type(self) -> str | None:
        """The media type in the header `content-type`, also as Spring writes it: `contentType`, in quotes."""
        if not self.headers:
            return None
        for name, value in reversed(self.headers):
            if value is not None and name.lower() in CONTENT_TYPES:
                return (_text(value) or "").strip('"') or None
        return None

    @property
    def event_id(self) -> UUID:
        """The same id each time this record comes, also out of the dead-letter topic."""
        if self.headers and (original := _uuid(self.header(ORIGINAL_ID))):
            return original
        name = f"{self.topic}/{self.partition}/{self.offset}/{self.timestamp}".encode()
        digest = sha1(_NAMESPACE + name, usedforsecurity=False).digest()  # what uuid5 does, in two thirds of its time
        return UUID(int=int.from_bytes(digest[:16], "big") & _UUID_BITS | _UUID_VERSION)

    @property
    def sent_at(self) -> datetime:
        """When the record was written; now, when its timestamp is none."""
        if self.timestamp >= 0:
            try:
                return datetime.fromtimestamp(self.timestamp / 1000, timezone.utc)
            except (OverflowError, OSError, ValueError):  # a producer that counts in nanoseconds
                pass
        return datetime.now(timezone.utc)

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]@{self.offset}"


@dataclass(slots=True)
class RabbitMessage:
    """A message of a queue. `attempt` and `operation` are set while it is delivered."""

    exchange: str
    routing_key: str
    queue: str
    body: bytes
    """As it came, before `prepare`."""
    amqp_headers: Mapping[str, object] = field(default_factory=dict[str, object])
    """The headers with the types that AMQP gives them; a dead letter is written with these."""
    message_id: str | None = None
    correlation_id: str | None = None
    """The property; once it is decoded, what stands where the contract says."""
    reply_to: str | None = None
    """The property; once it is decoded, what stands where the contract says, if anything does."""
    content_type: str | None = None
    timestamp: datetime | None = None
    redelivered: bool = False
    attempt: int = 1
    operation: str = ""
    """The operation of the contract that receives it; known once it is decoded."""
    parameters: Mapping[str, Any] = field(default_factory=_no_parameters)
    """What the `{parameters}` in the contract's address stand for; known once it is decoded."""
    typed: dict[Any, Any] | None = field(default=None, repr=False, compare=False)
    """What was read of its headers, by what read it."""
    _own_id: UUID | None = field(default=None, repr=False, compare=False)

    @property
    def address(self) -> str:
        """The address that it came by, also out of the dead letter."""
        return (self.header(ORIGINAL_ROUTING_KEY) if self.amqp_headers else None) or self.routing_key

    @property
    def headers(self) -> tuple[tuple[str, bytes | None], ...]:
        """The headers as pairs, as Kafka has them; what is neither bytes nor text as JSON."""
        return tuple((name, _bytes(value)) for name, value in self.amqp_headers.items())

    def header(self, name: str) -> str | None:
        """Give the header of that name, if it is text, or as JSON if it is a number, table or array."""
        value = _bytes(self.amqp_headers.get(name))
        return None if value is None else _text(value)

    @property
    def event_id(self) -> UUID:
        """The same id each time this message comes.

        AMQP has one only when the producer set `message_id`; without it the id lasts as long as this object.
        """
        if self.amqp_headers and (original := _uuid(self.header(ORIGINAL_ID))):
            return original
        if self.message_id:
            return _uuid(self.message_id) or uuid5(NAMESPACE_URL, self.message_id)
        if self._own_id is None:
            self._own_id = uuid4()
        return self._own_id

    @property
    def sent_at(self) -> datetime:
        """When the producer says it was sent, in UTC; now, when it says nothing."""
        if self.timestamp is None:
            return datetime.now(timezone.utc)
        if self.timestamp.tzinfo is None:  # AMQP has seconds since 1970, which the client read as a naive time
            return self.timestamp.replace(tzinfo=timezone.utc)
        return self.timestamp.astimezone(timezone.utc)

    def __str__(self) -> str:
        return f"{self.queue} ({self.exchange or 'default exchange'}, {self.routing_key})"


Message: TypeAlias = KafkaMessage | RabbitMessage

current: Final[ContextVar[Message]] = ContextVar("current_message")


def current_message() -> Message:
    """Give the message around the event that is being handled; LookupError outside a handler."""
    return current.get()


class RejectMessage(Exception):  # noqa: N818 - it is an instruction, and reads as one where it is raised
    """Raised by a handler: give up now, to the dead letter."""


class RetryLater(Exception):  # noqa: N818 - as above
    """Raised by a handler: try again after this many seconds. ValueError when they are no time to wait."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"{seconds} is no number of seconds to wait")
        super().__init__(reason or f"again in {seconds:g} s")
        self.seconds = seconds


def _text(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _bytes(value: object) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode(errors="surrogateescape")
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if isinstance(value, datetime):
        return value.isoformat().encode()
    return json.dumps(value, default=str).encode()


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
