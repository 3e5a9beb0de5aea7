"""Reads AsyncAPI 3.0 and 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.contract import objects3
from cqrs_gen.contract.described import Described
from cqrs_gen.contract.messages import Messages, MessageSyntax
from cqrs_gen.contract.model import Action, Channel, Contract, Operation, Reply
from cqrs_gen.contract.parameters import read_parameters
from cqrs_gen.contract.reading import Reading
from cqrs_gen.contract.schema_format import unwrap
from cqrs_gen.contract.security import read_referenced_security
from cqrs_gen.contract.servers import read_server, servers_hint
from cqrs_gen.contract.traits import merge_traits
from cqrs_gen.rules import MESSAGE_NOT_IN_CHANNEL, UNKNOWN_SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cqrs_gen.contract.model import Message, Security, Server
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node


def read(document: Document, diagnostics: Diagnostics) -> Contract:
    """Give the contract of a document; mistakes are reported and what has them is left out."""
    return _Reader(document, diagnostics).contract()


class _Reader:
    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._reading = Reading(document, diagnostics)
        self._root = Described(document.root, objects3.DOCUMENT)
        self._messages = Messages(self._reading, _SYNTAX, self._root.text("defaultContentType"))
        self._servers: dict[str, Server] = {}
        self._channels: dict[str, Channel] = {}
        """By the id of the object, as are the servers: a reference may lead to it by several ways."""

    def contract(self) -> Contract:
        for key, node in self._root.members("servers"):
            server = self._reading.open(node, objects3.SERVER)
            if server is not None:
                self._servers.setdefault(server.node.id, self._server(key, server))
        for key, node in self._root.members("channels"):
            self._channel(key, node)
        operations = [self._operation(key, node) for key, node in self._root.members("operations")]
        return Contract(
            spec_version=self._root.text("asyncapi") or "",
            source=self._root.node.file.source.label,
            info=self._reading.info(self._root, objects3.INFO),
            servers=tuple(self._servers.values()),
            channels=tuple(self._channels.values()),
            operations=tuple(operation for operation in operations if operation is not None),
            location=(self._root.get("operations") or self._root.node).key_location,
            root=self._root.node,
        )

    def _server(self, key: str, server: Described) -> Server:
        host, pathname = server.text("host") or "", server.text("pathname") or ""
        security, written_in = self._security(server), ("host", "pathname")
        return read_server(
            key, server, self._reading, host=host, pathname=pathname, written_in=written_in, security=security
        )

    def _security(self, owner: Described) -> Security | None:
        return read_referenced_security(owner, objects3.SECURITY_SCHEME, self._reading)

    def _channel(self, key: str, node: Node) -> Channel | None:
        """Read a channel, once; None where there is none, which has been reported."""
        channel = self._reading.open(node, objects3.CHANNEL)
        if channel is None:
            return None
        known = self._channels.get(channel.node.id)
        if known is None:
            known = self._channels[channel.node.id] = self._build_channel(key, channel)
        return known

    def _build_channel(self, key: str, channel: Described) -> Channel:
        address = channel.text("address")
        named = self._named_servers(key, channel)
        return Channel(
            key=key,
            address=address,
            parameters=read_parameters(address or "", channel, objects3.PARAMETER, self._reading),
            messages=self._channel_messages(channel),
            servers=named or tuple(self._servers.values()),
            names_servers=bool(named),
            bindings=self._reading.bindings(channel),
            node=channel.node,
        )

    def _channel_messages(self, channel: Described) -> tuple[Message, ...]:
        found = (self._messages.read(node, key) for key, node in channel.members("messages"))
        return tuple({message.id: message for message in found if message is not None}.values())

    def _named_servers(self, key: str, channel: Described) -> tuple[Server, ...]:
        named: list[Server] = []
        for node in channel.elements("servers"):
            target = self._reading.resolve(node)
            if target is None:
                continue
            if target.id in self._servers:
                named.append(self._servers[target.id])
            else:
                message = f"channel {key!r} is on server {target.token!r}, which is not one of the document's 'servers'"
                self._reading.report(UNKNOWN_SERVER, node, message, hint=servers_hint(self._servers.values()))
        return tuple(named)

    def _operation(self, key: str, node: Node) -> Operation | None:
        written = self._reading.open(node, objects3.OPERATION)
        if written is None:
            return None
        operation = merge_traits(written, objects3.OPERATION_TRAIT, self._reading, override=False)
        action, place = operation.text("action"), operation.get("channel")
        channel = self._channel_at(place) if place is not None else None
        reply = operation.get("reply")
        answer = self._reply(key, reply) if reply is not None else None
        if action is None or channel is None:
            return None
        messages = channel.messages
        if operation.get("messages") is not None:
            messages = self._chosen(operation.elements("messages"), channel, f"operation {key!r}")
        return Operation(
            key=key,
            action=Action(action),
            channel=channel,
            messages=messages,
            reply=answer,
            security=self._security(operation),
            summary=operation.text("summary"),
            description=operation.text("description"),
            bindings=self._reading.bindings(operation),
            node=written.node,
        )

    def _channel_at(self, reference: Node) -> Channel | None:
        """Give the channel that a reference leads to, also where the document's `channels` do not have it."""
        target = self._reading.resolve(reference)
        return self._channel(target.token, target) if target is not None else None

    def _chosen(self, references: Iterable[Node], channel: Channel, owner: str) -> tuple[Message, ...]:
        """Give those messages of a channel that references lead to, by whatever way."""
        offered = {message.id: message for message in channel.messages}
        chosen: dict[str, Message] = {}
        for reference in references:
            target = self._reading.resolve(reference)
            if target is None:
                continue
            if target.id in offered:
                chosen[target.id] = offered[target.id]
            else:
                self._reading.report(
                    MESSAGE_NOT_IN_CHANNEL,
                    reference,
                    f"{owner} has message {target.token!r}, which channel {channel.key!r} does not have",
                    hint=f"add it to the 'messages' of the channel, which are {_keys(channel)}",
                )
        return tuple(chosen.values())

    def _reply(self, key: str, node: Node) -> Reply | None:
        reply = self._reading.open(node, objects3.REPLY)
        if reply is None:
            return None
        place, where = reply.get("channel"), reply.get("address")
        channel = self._channel_at(place) if place is not None else None
        address = self._reading.open(where, objects3.REPLY_ADDRESS) if where is not None else None
        messages = channel.messages if channel is not None else ()
        if channel is not None and reply.get("messages") is not None:
            messages = self._chosen(reply.elements("messages"), channel, f"the reply of operation {key!r}")
        location = address.get("location") if address is not None else None
        expression = None
        if location is not None:
            expression = self._reading.expression(
                location,
                otherwise=f"operation {key!r}: its reply does not go where a request asks for it",
                hint="it is written as $message.header#/replyTo or $message.payload#/reply/to",
            )
        return Reply(channel, messages, expression, node)


def _keys(channel: Channel) -> str:
    return ", ".join(repr(message.key) for message in channel.messages) or "none"


def _key(message: Described, key_in_channel: str) -> str:
    return message.node.token or key_in_channel


def _payload(message: Described, reading: Reading) -> tuple[Node | None, str | None]:
    node = message.get("payload")
    return unwrap(node, reading) if node is not None else (None, None)


def _headers(message: Described, reading: Reading) -> Node | None:
    """Give the schema of the headers; in a language of its own it stays wrapped."""
    node = message.get("headers")
    if node is None:
        return None
    schema, schema_format = unwrap(node, reading)
    return schema if schema_format is None else node


_SYNTAX: Final = MessageSyntax(
    message=objects3.MESSAGE,
    trait=objects3.MESSAGE_TRAIT,
    traits_override=False,
    key=_key,
    payload=_payload,
    headers=_headers,
)
