"""Sending: from a payload to the bytes that the contract describes, and to a broker that confirms them."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from uuid import UUID, uuid4

import orjson
from opentelemetry import propagate
from pydantic import BaseModel

from .address import Address
from .bad_input import InvalidHeaders, InvalidKey, InvalidPayload
from .envelope import named_by
from .json_body import parse
from .message import CORRELATION_ID, KafkaMessage, current
from .parameters import Parameters
from .payload import Content, Reader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from faststream._internal.broker import BrokerUsecase

    from .around import Around

GivenHeaders: TypeAlias = "Mapping[str, str | bytes]"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a broker is to get it."""

    address: str
    body: bytes
    content_type: str
    headers: GivenHeaders
    key: bytes | None
    correlation_id: str | None
    event_id: UUID | None
    """The identity that its sender gave it."""
    reply_to: str | None = None
    """Where its receiver sends the reply."""


class Send(Protocol):
    """Sends a message; returns when the broker has it, and raises when that is not certain."""

    async def __call__(self, message: Outgoing, /) -> None: ...


class Publisher:
    """Sends one kind of message to one address.

    `event_name` is that of python-cqrs' envelope, which is around the payload unless it is empty. `headers` are those
    that the contract leaves no choice about, `correlation_header` is where it has the correlation id, besides the
    usual place of the protocol. A message that is a request says where the reply goes: to `reply_to`, which is also in
    the header `reply_header` where the contract has one. `parameters` has the type of each `{parameter}` of `address`,
    which is a topic of Kafka or a routing key, `around` checks headers and key. A payload without the envelope
    `may_look_wrapped` where its schema describes one, or nobody looks for it.
    """

    def __init__(  # noqa: PLR0913 - what the contract says of a message, by keyword
        self,
        send: Send,
        address: str,
        payload_type: Any,  # noqa: ANN401 - any expression that pydantic takes for a type, or a `Content`
        *,
        event_name: str = "",
        may_look_wrapped: bool = False,
        content_type: str = "application/json",
        correlation_header: str = "",
        reply_to: str = "",
        reply_header: str = "",
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[str, Any] | None = None,
        is_topic: bool = False,
        around: Sequence[Around[Any]] = (),
    ) -> None:
        self._send: Final = send
        self._address: Final = Address(address)
        self._parameters: Final = Parameters(self._address, parameters or {}, is_topic=is_topic)
        self._content: Final = payload_type if isinstance(payload_type, Content) else Reader(payload_type)
        self._around: Final = around
        self._event_name: Final = event_name
        self._is_looked_at: Final = not event_name and not may_look_wrapped and self._content.medium == "json"
        self._content_type: Final = content_type
        self._correlation_header: Final = correlation_header
        self._reply_to: Final = reply_to or None
        self._reply_header: Final = reply_header
        self._headers: Final = headers or {}

    async def publish(  # noqa: PLR0913 - what may be said of each message, by keyword
        self,
        payload: Any,  # noqa: ANN401 - of the type that the generated function has for it
        *,
        key: str | bytes | None = None,
        headers: GivenHeaders | BaseModel | None = None,
        correlation_id: str | None = None,
        event_id: UUID | None = None,
        parameters: Mapping[str, Any] | None = None,
        reply_to: str | None = None,
        to: str = "",
    ) -> None:
        """Send a payload, to another address than the contract's where `to` is one; returns when the broker has it.

        `reply_to` is where the reply is awaited when the contract does not say.
        Inside a handler the correlation id is that of the message that is handled, unless another one is given.
        Raises `InvalidPayload`, `InvalidParameter`, `InvalidHeaders` and `InvalidKey`, all ValueErrors, before anything
        is sent, and what the client library raises when the broker does not confirm it.
        """
        address = to or self._parameters.fill(parameters or {})
        body = self._body(payload, event_id, address)
        around = current.get(None)
        if correlation_id is None and around is not None:
            correlation_id = around.correlation_id
        all_headers: dict[str, str | bytes] = {**self._headers, **_texts(headers)}
        if self._correlation_header and correlation_id is not None:
            all_headers.setdefault(self._correlation_header, correlation_id)
        reply_to = reply_to or self._reply_to
        if self._reply_header and reply_to:
            all_headers.setdefault(self._reply_header, reply_to)
        traced: dict[str, str] = {}
        propagate.inject(traced)
        for name, value in traced.items():
            all_headers.setdefault(name, value)
        encoded = _encoded(key)
        usual = {} if correlation_id is None else {CORRELATION_ID: correlation_id}  # which the protocol adds
        self._check(address, encoded, {**all_headers, **usual})
        await self._send(
            Outgoing(address, body, self._content_type, all_headers, encoded, correlation_id, event_id, reply_to),
        )

    def _body(self, payload: Any, event_id: UUID | None, address: str) -> bytes:  # noqa: ANN401 - as above
        written = self._content.write(payload)
        if self._is_looked_at and named_by(parse(written)) is not None:
            raise InvalidPayload(["it would be read as python-cqrs' envelope: it has an event_name and a payload"])
        if not self._event_name:
            return written
        envelope = {
            "event_id": event_id or uuid4(),
            "event_timestamp": datetime.now(timezone.utc),
            "event_name": self._event_name,
            "topic": address,
            "payload": orjson.Fragment(written),
        }
        return orjson.dumps(envelope)

    def _check(self, address: str, key: bytes | None, headers: GivenHeaders) -> None:
        """Check headers and key as the receiver will."""
        if self._around:
            pairs = tuple(
                (name, value.encode() if isinstance(value, str) else value) for name, value in headers.items()
            )
            message = KafkaMessage(address, 0, 0, 0, key, None, pairs)
            for reader in self._around:
                reader.check(message)


def _texts(headers: GivenHeaders | BaseModel | None) -> GivenHeaders:
    """Give headers as texts: those of a model as they are in JSON, texts without quotes. Raises `InvalidHeaders`."""
    if not isinstance(headers, BaseModel):
        given = headers or {}
        wrong = [name for name, value in given.items() if not isinstance(value, (str, bytes))]  # pyright: ignore[reportUnnecessaryIsInstance] # people write that
        if wrong:
            raise InvalidHeaders(f"neither text nor bytes: {', '.join(wrong)}")
        return given
    members = headers.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return {name: value if isinstance(value, str) else orjson.dumps(value) for name, value in members.items()}


def _encoded(key: str | bytes | None) -> bytes | None:
    """Give the bytes of a key; raises `InvalidKey`."""
    if key is not None and not isinstance(key, (str, bytes)):  # pyright: ignore[reportUnnecessaryIsInstance] # as above
        raise InvalidKey("it is neither text nor bytes")
    return key.encode() if isinstance(key, str) else key


class NoAddress(Exception):  # noqa: N818 - as below
    """What is sent would go to an address that is none, or that nobody has."""


class NotConnected(RuntimeError):  # noqa: N818 - says what is wrong
    """Something is sent before the service has started, or outside it."""

    def __init__(self) -> None:
        super().__init__("not connected: send while the service runs, or within `async with publishers.connected():`")


class Opened(Protocol):
    """The part of an adapter that sending needs."""

    @property
    def broker(self) -> BrokerUsecase[Any, Any, Any]: ...
    async def open(self) -> None: ...
    async def close(self) -> None: ...


@asynccontextmanager
async def connected(*adapters: Opened) -> AsyncGenerator[None]:
    """Be connected to the brokers for sending, in a program that is no service."""
    async with AsyncExitStack() as opened:
        for adapter in adapters:
            opened.push_async_callback(adapter.broker.stop)
            opened.push_async_callback(adapter.close)
            await adapter.open()
        yield
