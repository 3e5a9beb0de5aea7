"""Reads AsyncAPI 2.0 to 2.6."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract import objects2
from cqrs_gen.contract.addresses import split_url
from cqrs_gen.contract.described import Described
from cqrs_gen.contract.messages import Messages, MessageSyntax
from cqrs_gen.contract.model import Action, Channel, Contract, Operation
from cqrs_gen.contract.parameters import read_parameters
from cqrs_gen.contract.reading import Reading
from cqrs_gen.contract.schema_format import foreign_format
from cqrs_gen.contract.security import read_named_security
from cqrs_gen.contract.servers import read_server, servers_hint
from cqrs_gen.contract.traits import merge_traits
from cqrs_gen.rules import DUPLICATE_OPERATION, UNKNOWN_SERVER

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Message, Security, Server
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node

_ACTIONS: Final = {"publish": Action.RECEIVE, "subscribe": Action.SEND}
"""2.x says what others do: they publish what the application receives."""
_NAMELESS: Final = re.compile(r"^$|/(publish|subscribe)/message$|/oneOf/\d+$")
"""Where a message has no name of its own: alone in a file, at an operation, one of several."""


def read(document: Document, diagnostics: Diagnostics) -> Contract:
    """Give the contract of a document; mistakes are reported and what has them is left out."""
    return _Reader(document, diagnostics).contract()


class _Reader:
    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._reading = Reading(document, diagnostics)
        self._root = Described(document.root, objects2.DOCUMENT)
        self._messages = Messages(self._reading, _SYNTAX, self._root.text("defaultContentType"))
        components = self._root.get("components")
        self._schemes = (
            dict(Described(components, objects2.COMPONENTS).members("securitySchemes"))
            if components is not None
            else {}
        )
        self._servers: dict[str, Server] = {}
        self._operations: dict[str, Operation] = {}

    def contract(self) -> Contract:
        for key, node in self._root.members("servers"):
            server = self._reading.open(node, objects2.SERVER)
            if server is not None:
                self._servers[key] = self._server(key, server)
        channels = [self._channel(key, node) for key, node in self._root.members("channels")]
        return Contract(
            spec_version=self._root.text("asyncapi") or "",
            source=self._root.node.file.source.label,
            info=self._reading.info(self._root, objects2.INFO),
            servers=tuple(self._servers.values()),
            channels=tuple(channel for channel in channels if channel is not None),
            operations=tuple(self._operations.values()),
            location=(self._root.get("channels") or self._root.node).key_location,
            root=self._root.node,
        )

    def _server(self, key: str, server: Described) -> Server:
        host, pathname = split_url(server.text("url") or "")
        security = self._security(server)
        return read_server(
            key, server, self._reading, host=host, pathname=pathname, written_in=("url",), security=security
        )

    def _security(self, owner: Described) -> Security | None:
        return read_named_security(owner, self._schemes, objects2.SECURITY_SCHEME, self._reading)

    def _channel(self, address: str, node: Node) -> Channel | None:
        """Read a channel and its operations; None where there is none, which has been reported."""
        item = self._reading.open(node, objects2.CHANNEL)
        if item is None:
            return None
        operations = {verb: self._described_operation(item, verb) for verb in _ACTIONS}
        messages = {
            verb: self._operation_messages(operation, address)
            for verb, operation in operations.items()
            if operation is not None
        }
        named = self._named_servers(address, item)
        channel = Channel(
            key=address,
            address=address,
            parameters=read_parameters(address, item, objects2.PARAMETER, self._reading),
            messages=tuple({message.id: message for found in messages.values() for message in found}.values()),
            servers=named or tuple(self._servers.values()),
            names_servers=bool(named),
            bindings=self._reading.bindings(item),
            node=item.node,
        )
        for verb, operation in operations.items():
            if operation is not None:
                self._add_operation(verb, operation, channel, messages[verb])
        return channel

    def _named_servers(self, address: str, item: Described) -> tuple[Server, ...]:
        named: list[Server] = []
        for node in item.elements("servers"):
            if node.value in self._servers:
                named.append(self._servers[node.value])
            else:
                message = f"channel {address!r} is on server {node.value!r}, which does not exist"
                self._reading.report(UNKNOWN_SERVER, node, message, hint=servers_hint(self._servers.values()))
        return tuple(named)

    def _described_operation(self, item: Described, verb: str) -> Described | None:
        node = item.get(verb)
        if node is None:
            return None
        written = Described(node, objects2.OPERATION)
        return merge_traits(written, objects2.OPERATION_TRAIT, self._reading, override=True)

    def _operation_messages(self, operation: Described, address: str) -> tuple[Message, ...]:
        """Read what stands at `message`: one, or several in a `oneOf`."""
        node = operation.get("message")
        if node is None:
            return ()
        inline_key = operation.text("operationId") or address
        several = self._reading.open(node, objects2.MESSAGES)
        if several is None or several.get("oneOf") is None:
            found = [self._messages.read(node, inline_key)]
        else:
            found = [
                self._messages.read(element, f"{inline_key}_{position}")
                for position, element in enumerate(several.elements("oneOf"), start=1)
            ]
        return tuple(message for message in found if message is not None)

    def _add_operation(self, verb: str, operation: Described, channel: Channel, messages: tuple[Message, ...]) -> None:
        key = operation.text("operationId") or f"{channel.key}_{verb}"
        if key in self._operations:
            place = operation.get("operationId") or operation.node
            message = f"operation {key!r} exists already at {self._operations[key].node.location}"
            self._reading.report(DUPLICATE_OPERATION, place, message, hint="give each operation an id of its own")
            return
        self._operations[key] = Operation(
            key=key,
            action=_ACTIONS[verb],
            channel=channel,
            messages=messages,
            reply=None,
            security=self._security(operation),
            summary=operation.text("summary"),
            description=operation.text("description"),
            bindings=self._reading.bindings(operation),
            node=channel.node.child(verb),
        )


def _key(message: Described, inline_key: str) -> str:
    if _NAMELESS.search(message.node.pointer):
        return message.text("messageId") or inline_key
    return message.node.token


def _payload(message: Described, _reading: Reading) -> tuple[Node | None, str | None]:
    return message.get("payload"), foreign_format(message.text("schemaFormat"))


def _headers(message: Described, _reading: Reading) -> Node | None:
    return message.get("headers")


_SYNTAX: Final = MessageSyntax(
    message=objects2.MESSAGE,
    trait=objects2.MESSAGE_TRAIT,
    traits_override=True,
    key=_key,
    payload=_payload,
    headers=_headers,
)
