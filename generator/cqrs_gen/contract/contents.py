"""In what the bodies of messages are written: JSON, text, bytes or Avro; and which of them cannot be decoded.

The content type of a message says it (AsyncAPI, Message Object), and for Avro the format of its schema (Multi Format
Schema Object; 2.x, `schemaFormat`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cqrs_gen.contract.media_types import content_of, is_avro_schema
from cqrs_gen.contract.model import Action, Content, Undecoded
from cqrs_gen.contract.schemas.avro.payloads import AvroPayloads, UnreadableAvroError
from cqrs_gen.contract.schemas.read_values import ValuesReader
from cqrs_gen.contract.schemas.values import AnyValues, ChosenValues, PlainValues, UnionValues

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Channel, Contract, Message, Operation
    from cqrs_gen.contract.schemas.values import Values
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document


def settle_contents(contract: Contract, document: Document, diagnostics: Diagnostics) -> Contract:
    """Give the contract with the content of every message.

    Avro schemas are read where something is generated from them: those of messages that the application may receive or
    send. Their mistakes are reported.
    """
    used = {message.id for operation in contract.operations for message in _used(operation)}
    settling = _Settling(document, diagnostics, used)
    return replace(
        contract,
        channels=tuple(settling.channel(channel) for channel in contract.channels),
        operations=tuple(settling.operation(operation) for operation in contract.operations),
    )


def _used(operation: Operation) -> tuple[Message, ...]:
    """Give the messages that are sent because of an operation, and all that may come."""
    reply = operation.reply
    if operation.action is Action.RECEIVE:
        return (*operation.messages, *operation.channel.messages, *(reply.messages if reply is not None else ()))
    if reply is None:
        return operation.messages
    return (*operation.messages, *reply.messages, *(reply.channel.messages if reply.channel is not None else ()))


class _Settling:
    """The messages that are settled so far."""

    def __init__(self, document: Document, diagnostics: Diagnostics, used: set[str]) -> None:
        self._values = ValuesReader(document, diagnostics)
        self._avro = AvroPayloads(document, diagnostics)
        self._used = used
        self._settled: dict[str, Message] = {}

    def operation(self, operation: Operation) -> Operation:
        reply = operation.reply
        if reply is not None:
            channel = self.channel(reply.channel) if reply.channel is not None else None
            reply = replace(reply, channel=channel, messages=self.messages(reply.messages))
        messages = self.messages(operation.messages)
        return replace(operation, channel=self.channel(operation.channel), messages=messages, reply=reply)

    def channel(self, channel: Channel) -> Channel:
        return replace(channel, messages=self.messages(channel.messages))

    def messages(self, messages: tuple[Message, ...]) -> tuple[Message, ...]:
        for message in messages:
            if message.id not in self._settled:
                self._settled[message.id] = self._settle(message)
        return tuple(self._settled[message.id] for message in messages)

    def _settle(self, message: Message) -> Message:
        content = content_of(message.content_type)
        if is_avro_schema(message.schema_format):
            return self._settle_avro(message, content)
        if message.schema_format is not None or content is None:
            what = message.schema_format or message.content_type
            return _undecoded(message, f"is {what!r}, which is not decoded")
        match content:
            case Content.AVRO:
                reason = f"is {message.content_type!r} and has no schema of Avro, without which it cannot be decoded"
                return _undecoded(message, reason)
            case Content.BYTES if message.payload is not None and not self._is_binary(message):
                reason = f"is {message.content_type!r}, and its schema describes no bytes"
                return _undecoded(message, f"{reason} (type: string, format: binary)")
            case Content.TEXT if message.payload is not None and not _is_text(self._values.read(message.payload)):
                return _undecoded(message, f"is {message.content_type!r}, and its schema describes no string")
            case _:
                return replace(message, content=content)

    def _settle_avro(self, message: Message, content: Content | None) -> Message:
        own = message.node.get("contentType")
        if content is not Content.AVRO and content is not Content.BYTES and own is not None:
            return _undecoded(message, f"is {message.content_type!r}, and its schema describes Avro's binary encoding")
        if message.payload is None:
            return _undecoded(message, f"is {message.schema_format!r} and has no schema")
        if message.id not in self._used:
            return replace(message, content=Content.AVRO)
        try:
            payload, avro = self._avro.read(message.payload, message.id, message.node)
        except UnreadableAvroError as error:
            return replace(message, undecoded=Undecoded(f"cannot be decoded: {error}", error.node))
        if content is Content.BYTES and avro.schema == "bytes":  # then the bytes are the body, as they are
            return replace(message, content=Content.BYTES)
        return replace(message, content=Content.AVRO, payload=payload, avro=avro)

    def _is_binary(self, message: Message) -> bool:
        values = self._values.read(message.payload) if message.payload is not None else None
        is_plain = isinstance(values, PlainValues) and values.type == "string" and not values.nullable
        return isinstance(values, PlainValues) and is_plain and dict(values.keywords) == {"format": "binary"}


def _undecoded(message: Message, reason: str) -> Message:
    place = None if message.schema_format else message.node.get("contentType")
    return replace(message, undecoded=Undecoded(reason, place or message.node))


def _is_text(values: Values) -> bool:
    """Whether the values of a schema are strings."""
    match values:
        case PlainValues():
            return values.type == "string"
        case ChosenValues():
            return all(isinstance(value, str) for value in values.choice)
        case UnionValues():
            return all(map(_is_text, values.branches))
        case _:
            return isinstance(values, AnyValues)
