"""Replies: which operations that receive give one, and where it goes (AsyncAPI 3.0, Operation Reply Object)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cqrs_gen.contract.model import Action
from cqrs_gen.rules import UNSUPPORTED_REPLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.expressions import Expression
    from cqrs_gen.contract.model import Message, Operation, Reply
    from cqrs_gen.protocols.base import Destination, ProtocolModule, Report


@dataclass(frozen=True)
class Answer:
    """The reply to what an operation receives."""

    operation: Operation
    """The one that receives the request."""
    message: Message
    location: Expression | None
    """Where the request has the address; None where the contract says nothing."""
    destination: Destination | None
    """Where the reply goes when the request says nothing."""


def find_answers(operations: Sequence[Operation], module: ProtocolModule, report: Report) -> list[Answer]:
    """Give the replies to what is received over a protocol; those that cannot be sent are reported.

    The replies of `operations` have only messages that can be encoded.
    """
    answers: list[Answer] = []
    for operation in operations:
        if operation.reply is not None:
            answer = _answer(operation, operation.reply, module, report)
            answers += [answer] if answer is not None else []
    return answers


def awaited(operation: Operation) -> Operation | None:
    """Give what an operation that sends receives: the replies, where their channel has an address of its own."""
    reply = operation.reply
    if reply is None or reply.channel is None or not reply.channel.address or reply.channel.parameters:
        return None
    return replace(
        operation,
        key=f"{operation.key}.reply",
        action=Action.RECEIVE,
        channel=reply.channel,
        messages=reply.messages,
        reply=None,
        security=None,
        bindings={},
        node=reply.node,
    )


def _answer(operation: Operation, reply: Reply, module: ProtocolModule, report: Report) -> Answer | None:
    channel = reply.channel
    name = f"operation {operation.key!r}"
    if len(reply.messages) != 1:
        what = "several messages" if reply.messages else "no message that can be encoded"
        report(UNSUPPORTED_REPLY, reply.node, f"{name}: its reply is not sent, because it has {what}", at_key=True)
        return None
    if module.schema_id_bytes(reply.messages[0], report):
        text = f"{name}: its reply is not sent, because the id of a schema would be in front of it"
        report(UNSUPPORTED_REPLY, reply.node, text, at_key=True)
        return None
    destination = None
    if channel is not None and channel.address and not channel.parameters:
        sending = replace(
            operation, action=Action.SEND, channel=channel, messages=reply.messages, reply=None, bindings={}
        )
        destination = next(iter(module.destinations([sending], report)), None)
    if destination is None and reply.location is None and not module.carries_reply_address:
        report(
            UNSUPPORTED_REPLY,
            reply.node,
            f"{name}: its reply is not sent, because nothing says where to",
            hint="give the reply a channel with an address, or a location in the request",
            at_key=True,
        )
        return None
    return Answer(operation, reply.messages[0], reply.location, destination)
