"""Reads schema files (JSON Schema, drafts 7 and 2020-12): each is one event, named and placed by its title and file.

What a schema itself does not say, extensions do: `x-channel`, `x-protocol`, `x-python-name`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.addresses import expressions
from cqrs_gen.contract.model import Action, Channel, Contract, Info, Message, Operation, Parameter
from cqrs_gen.contract.schemas.all_of import says_something
from cqrs_gen.rules import CONFLICTING_PROTOCOLS, DUPLICATE_MESSAGE, NOT_SCHEMA, WRONG_TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node

CHANNEL: Final = "x-channel"
PROTOCOL: Final = "x-protocol"
_PYTHON_NAME: Final = "x-python-name"
_ONE_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NAMELESS: Final = "schema files"
_VERSION: Final = "1.0.0"
"""Schemas have no version of their own, and AsyncAPI asks for one."""


def is_schemas(document: Document) -> bool:
    """Whether a document is schema files: several files, or one that is a schema and claims to be nothing else."""
    root = document.root
    if len(document.roots) > 1:
        return True
    is_other = root.get("asyncapi") is not None or root.get("openapi") is not None
    return not is_other and (root.get("$schema") is not None or says_something(root))


def read(document: Document, diagnostics: Diagnostics) -> Contract:
    """Give the contract of schema files: one message for each, one channel for each name of a channel.

    Mistakes are reported and what has them is left out. Only root files are messages, whoever refers to them; other
    files are only what these refer to.
    """
    reader = _Reader(document, diagnostics)
    by_channel: dict[str, list[_Event]] = {}
    for root in document.roots:
        event = reader.event(root)
        if event is not None:
            by_channel.setdefault(event.channel, []).append(event)
    channels = [reader.channel(key, events) for key, events in by_channel.items()]
    return Contract(
        spec_version="",
        source=document.folder_name or _NAMELESS,
        info=Info(document.folder_name or _NAMELESS.capitalize(), _VERSION),
        servers=(),
        channels=tuple(channels),
        operations=tuple(map(_receive, channels)),
        location=document.root.location,
        root=document.root,
    )


@dataclass(frozen=True)
class _Event:
    """What one file says."""

    channel: str
    place: Node
    """Where it says so: at `x-channel`, or the file."""
    protocol: Node | None
    message: Message


class _Reader:
    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics

    def event(self, root: Node) -> _Event | None:
        """Read a file; None for one that is no schema of an event, which is reported."""
        if not self._is_schema(root):
            return None
        stem = PurePosixPath(root.file.source.label).stem.removesuffix(".schema")
        channel, protocol = self._extension(root, CHANNEL), self._extension(root, PROTOCOL)
        message = _message(root, stem)
        return _Event(channel.value if channel is not None else stem, channel or root, protocol, message)

    def channel(self, key: str, events: Sequence[_Event]) -> Channel:
        """Give a channel with the messages of its events. Reports messages of one name, and two protocols."""
        messages: dict[str, Message] = {}
        protocol: Node | None = None
        for event in events:
            first = messages.setdefault(event.message.key, event.message)
            if first is not event.message:
                self._report_duplicate(key, first, event.message)
            if event.protocol is not None:
                protocol = protocol or event.protocol
                self._check_same(key, protocol, event.protocol)
        return Channel(
            key=key,
            address=key,
            parameters=tuple(Parameter(name, (), None, None, events[0].place) for name in expressions(key)),
            messages=tuple(messages.values()),
            servers=(),
            names_servers=False,
            bindings={},
            node=events[0].place,
            protocol=protocol,
        )

    def _is_schema(self, root: Node) -> bool:
        if says_something(root):
            return True
        if not isinstance(root.value, dict):
            message, hint = "the schema of an event is an object", None
        elif root.get("asyncapi") is not None:
            message, hint = "this is AsyncAPI, not the schema of an event", "generate from it alone"
        else:
            message = "this is no schema of an event: it has no 'type', '$ref' or other keyword that says what is valid"
            hint = "definitions for other files go into a subfolder; an event that can be any object is `type: object`"
        self._document.report(self._diagnostics, NOT_SCHEMA, root, message, hint=hint)
        return False

    def _extension(self, root: Node, name: str) -> Node | None:
        node = root.get(name)
        if node is None or (isinstance(node.value, str) and node.value):
            return node
        self._document.report(self._diagnostics, WRONG_TYPE, node, f"{name!r} must be a string that is not empty")
        return None

    def _report_duplicate(self, channel: str, first: Message, second: Message) -> None:
        message = f"message {second.key!r} of channel {channel!r} is already in {first.node.file.source.name}"
        hint = "a message is called after its schema's title where that is one word, else after the file"
        place = second.node.get("title") if second.title == second.key else None
        self._document.report(self._diagnostics, DUPLICATE_MESSAGE, place or second.node, message, hint=hint)

    def _check_same(self, channel: str, first: Node, second: Node) -> None:
        if first.value != second.value:
            message = f"channel {channel!r} is on {second.value!r} here, and on {first.value!r} in {first.location}"
            hint = "give the schemas of one channel the same x-protocol, or only one of them"
            self._document.report(self._diagnostics, CONFLICTING_PROTOCOLS, second, message, hint=hint)


def _message(root: Node, stem: str) -> Message:
    title = _text(root, "title")
    return Message(
        id=root.id,
        key=title if title is not None and _ONE_WORD.fullmatch(title) else stem,
        name=None,
        title=title,
        summary=None,
        description=_text(root, "description"),
        content_type=None,
        schema_format=None,
        payload=root,
        headers=None,
        correlation_id=None,
        python_name=_text(root, _PYTHON_NAME),
        examples=(),
        bindings={},
        node=root,
    )


def _receive(channel: Channel) -> Operation:
    return Operation(
        key=f"receive_{channel.key}",
        action=Action.RECEIVE,
        channel=channel,
        messages=channel.messages,
        reply=None,
        security=None,
        summary=None,
        description=None,
        bindings={},
        node=channel.node,
    )


def _text(root: Node, keyword: str) -> str | None:
    node = root.get(keyword)
    return node.value if node is not None and isinstance(node.value, str) else None
