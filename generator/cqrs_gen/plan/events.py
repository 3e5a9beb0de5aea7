"""One event for each message that is received: its class, its name on the wire, its handler."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cqrs_gen.plan.names import class_name, is_class_name, resolve_names, snake_name
from cqrs_gen.rules import HANDLER_RENAMED, INVALID_NAME, NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cqrs_gen.contract.model import Channel, Message, Operation
    from cqrs_gen.plan.replies import Answer
    from cqrs_gen.plan.served import Served
    from cqrs_gen.protocols.base import Report

_ONE_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TAKEN: Final = ("Event", "Any", "Literal", "Final", "WithHeaders", "WithKey")
"""What events.py itself imports."""


@dataclass(frozen=True)
class NamedMessage:
    """A message that may come, under the class name it has in Python."""

    message: Message
    name: str
    is_received: bool
    """Whether an operation receives it; else it is only sent, or its channel declares it and no operation takes it."""

    @property
    def event_name(self) -> str:
        """The name on the wire: the message's own, else its key."""
        return self.message.name or self.message.key


def name_events(
    served: Sequence[Served], existing: Collection[str], report: Report, *, taken: Collection[str] = ()
) -> dict[str, NamedMessage]:
    """Name every message that may come to a subscriber and can be decoded, and every one that is sent, by its id.

    The name is what the document pins (`x-python-name`), else the title where the name is dotted and the title one
    word, else the message's name. Where two messages want one name, their channels' names go in front of both, unless
    one of them has its handler already: `existing` has the modules of handlers that earlier runs created. That one
    would be renamed, and its messages would come to a new stub, so that it is reported. Nobody gets a name of `taken`.
    """
    channels: dict[str, tuple[Message, Channel]] = {}
    received: set[str] = set()
    for operation in _operations(served):
        received |= {message.id for message in operation.messages}
        for message in operation.channel.messages:
            if message.undecoded is None:
                channels.setdefault(message.id, (message, operation.channel))
    wanted: dict[str, list[str]] = {}
    for id_, (message, channel) in channels.items():
        wanted[id_] = _wanted(message, channel, report)
    names, collisions = resolve_names(wanted, taken=(*_TAKEN, *taken), same=snake_name)
    for id_, name in names.items():
        if name in {*_TAKEN, *taken}:
            report(
                NAME_COLLISION,
                channels[id_][0].node,
                f"message {name!r} would be a class that events.py has or needs already",
                hint="pin another class name with x-python-name",
            )
    for first, second in collisions:
        other = channels[first][0].name or channels[first][0].key
        report(
            NAME_COLLISION,
            channels[second][0].node,
            f"message {names[second]!r} would be the same class and handler as message {other!r}",
            hint="pin another class name with x-python-name",
        )
    renamed = {wanted[id_][0]: message for id_, (message, _) in channels.items() if names[id_] != wanted[id_][0]}
    for name, message in renamed.items():
        if snake_name(name) in existing and name not in names.values():
            report(
                HANDLER_RENAMED,
                message.node,
                f"several messages want the name {name!r}, so that none would keep handlers/{snake_name(name)}.py",
                hint=f"write x-python-name: {name} into the message whose handler that is",
            )
    named = {id_: NamedMessage(message, names[id_], id_ in received) for id_, (message, _) in channels.items()}
    return named | _name_sent(served, named, report)


def _name_sent(served: Sequence[Served], named: Mapping[str, NamedMessage], report: Report) -> dict[str, NamedMessage]:
    """Name what is only sent. It has no handler and no event, so that it takes no name from what is received."""
    sent = {
        message.id: (message, destination.operation.channel)
        for protocol in served
        for destination in protocol.destinations
        for message in destination.operation.messages
        if message.id not in named
    }
    answers = [answer for protocol in served for answer in protocol.answers if answer.message.id not in named]
    sent |= {answer.message.id: (answer.message, _channel_of_reply(answer)) for answer in answers}
    wanted = {id_: _wanted(message, channel, report) for id_, (message, channel) in sent.items()}
    # What is never received may have the name of what is: only its payload is called after it.
    wanted = {id_: [*names, f"{names[-1]}Sent"] for id_, names in wanted.items()}
    names, _ = resolve_names(wanted, taken=[*_TAKEN, *(one.name for one in named.values())], same=snake_name)
    return {id_: NamedMessage(message, names[id_], is_received=False) for id_, (message, _) in sent.items()}


def _channel_of_reply(answer: Answer) -> Channel:
    reply = answer.operation.reply
    return reply.channel if reply is not None and reply.channel is not None else answer.operation.channel


def _wanted(message: Message, channel: Channel, report: Report) -> list[str]:
    if message.python_name is not None:
        if not is_class_name(message.python_name):
            report(
                INVALID_NAME,
                message.node.get("x-python-name") or message.node,
                f"{message.python_name!r} cannot be a class in Python",
                hint="a class name has letters, digits and '_', and is neither a keyword nor a builtin",
            )
        return [message.python_name]
    name = message.name or message.key
    if "." in name and message.title and _ONE_WORD.fullmatch(message.title):
        name = message.title
    shortest = class_name(name)
    return [shortest, class_name(f"{channel.key} {name}"), class_name(f"{channel.key} {name} {message.key} message")]


def _operations(served: Sequence[Served]) -> list[Operation]:
    return [
        operation
        for protocol in served
        for endpoint in protocol.endpoints
        for source in endpoint.sources
        for operation in source.operations
    ]
