"""The messages of a source as its deserializer knows them: how each is read, and what tells it from the others."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from cqrs_gen.contract.model import Content
from cqrs_gen.plan.body_view import view_body
from cqrs_gen.plan.deserializer_views import DiscriminatorView, MessageView
from cqrs_gen.plan.discriminators import declares_envelope, separate
from cqrs_gen.plan.expressions import view_expression
from cqrs_gen.rules import INDISTINGUISHABLE_MESSAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.model import Message
    from cqrs_gen.plan.discriminators import Discriminator, Separation
    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.expressions import ExpressionView
    from cqrs_gen.plan.replies import Answer
    from cqrs_gen.protocols.base import ProtocolModule, Report, Resolve, Source


def view_messages(  # noqa: PLR0913 - the contract, and all the names chosen so far
    source: Source,
    protocol: ProtocolModule,
    messages: Mapping[str, NamedMessage],
    payloads: Mapping[str, str],
    *,
    answers: Sequence[Answer],
    resolve: Resolve,
    report: Report,
) -> tuple[MessageView, ...]:
    """Give every message that may come from a source, those received first.

    `messages` and `payloads` give each message's class and its payload's type by the message's id; `answers` are the
    replies to what the broker receives. Reports those that may be taken for each other.
    """
    locations = {
        message.id: answer.location
        for answer in answers
        if answer.operation in source.operations
        for message in answer.operation.messages
    }
    received = {message.id: message for operation in source.operations for message in operation.messages}
    declared = {message.id: message for operation in source.operations for message in operation.channel.messages}
    decoded = [message for message in (declared | received).values() if message.undecoded is None]
    separation = separate(decoded, resolve)
    _report_alike(decoded, separation, messages, source.address, report)
    return tuple(
        MessageView(
            event=messages[id_].name if id_ in received else None,
            event_name=message.name or message.key,
            body=view_body(
                message, messages[id_].name, payloads.get(id_, "Any"), protocol.schema_id_bytes(message, report)
            )
            if message.undecoded is None
            else None,
            content_type=None if message.undecoded is None else message.schema_format or message.content_type,
            header=_discriminator(separation.headers.get(id_)),
            member=_discriminator(separation.members.get(id_)),
            correlation=_correlation(message) if id_ in received else None,
            reply_to=view_expression(locations.get(id_)),
            declares_envelope=message.undecoded is None
            and message.content is Content.JSON
            and declares_envelope(message.payload, resolve),
        )
        for id_, message in (received | declared).items()
    )


def _report_alike(
    decoded: Sequence[Message],
    separation: Separation,
    messages: Mapping[str, NamedMessage],
    address: str,
    report: Report,
) -> None:
    for first, second in separation.ambiguous:
        is_one_content = first.content is second.content
        report(
            INDISTINGUISHABLE_MESSAGES,
            second.node,
            f"message {messages[second.id].event_name!r} can look like message {messages[first.id].event_name!r} of"
            f" the same channel {address!r}"
            + ("" if is_one_content else ", unless it comes with its content type")
            + ": a body that is valid as both is dead-lettered",
            hint="give both a member or header with a const, or send them in the python-cqrs envelope"
            if is_one_content and first.content is Content.JSON
            else "give both a header with a const",
        )
    for first, second in combinations(decoded, 2):
        if messages[first.id].event_name == messages[second.id].event_name:
            report(
                INDISTINGUISHABLE_MESSAGES,
                second.node,
                f"two messages of channel {address!r} are called {messages[second.id].event_name!r}: in the"
                " python-cqrs envelope only one of them is recognised",
                hint="give them different names",
            )


def _correlation(message: Message) -> ExpressionView | None:
    return view_expression(message.correlation_id.location if message.correlation_id is not None else None)


def _discriminator(found: Discriminator | None) -> DiscriminatorView | None:
    return None if found is None else DiscriminatorView(found.name, found.values)
