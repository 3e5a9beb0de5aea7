"""The publishers: one function for each message that an operation sends, and where what it is given goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.media_types import content_of
from cqrs_gen.contract.model import Action, Content
from cqrs_gen.plan.body_view import view_body
from cqrs_gen.plan.discriminators import declares_envelope, fixed_headers
from cqrs_gen.plan.names import resolve_names, snake_name
from cqrs_gen.plan.parameters import plan_parameters
from cqrs_gen.plan.sending_views import ArgumentView, PublisherView
from cqrs_gen.plan.views import SettingView
from cqrs_gen.rules import NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.expressions import Expression
    from cqrs_gen.contract.model import Message
    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.served import Served
    from cqrs_gen.protocols.base import Destination, Report, Resolve

_OWN_ARGUMENTS: Final = ("payload", "key", "headers", "correlation_id", "event_id", "reply_to")
"""What publishers take; parameters of the address are called otherwise."""


@dataclass(frozen=True, eq=False)
class _Sending:
    """A message on its way to one place."""

    served: Served
    destination: Destination
    message: Message
    reply_to: str | None = None


@dataclass(frozen=True)
class Publishing:
    """What a publisher is made from besides its message: the names chosen so far, and what the user asked for.

    `messages`, `payloads`, `headers` and `keys` give each message's class, and the types of what it has, by the
    message's id; `resolve` follows a reference in a schema.
    """

    messages: Mapping[str, NamedMessage]
    payloads: Mapping[str, str]
    headers: Mapping[str, str]
    keys: Mapping[str, str]
    envelope: str
    resolve: Resolve
    report: Report

    def view(
        self, name: str, served: Served, destination: Destination, message: Message, reply_to: str | None = None
    ) -> PublisherView:
        """Give the publisher `name` of a message to a destination; replies come to `reply_to`."""
        module, resolve, operation = served.protocol, self.resolve, destination.operation
        reply = operation.reply if operation.action is Action.SEND else None
        reply_header = _header_at(reply.location) if reply is not None else None
        can_ask = reply_header is not None or module.carries_reply_address
        event, payload = self.messages[message.id], self.payloads.get(message.id, "Any")
        body = view_body(message, event.name, payload, module.schema_id_bytes(message, self.report))
        id_setting = _id_setting(name, body.id_bytes, event.event_name) if body.id_bytes else None
        is_json = message.content is Content.JSON
        is_plain = is_json and id_setting is None
        is_envelope = declares_envelope(message.payload, resolve)
        return PublisherView(
            name=name,
            description=f"Send `{_event_name(message)}` to `{destination.address}` of {served.title}; returns when the "
            "broker has it.",
            broker=served.broker.name,
            protocol=module.key,
            takes_key=module.takes_key,
            has_topics=module.has_topics,
            address=destination.address,
            event_name=event.event_name,
            body=replace(body, id_setting=id_setting),
            has_envelope=is_plain and self.envelope == "cqrs" and not is_envelope,
            may_look_wrapped=is_json and (not is_plain or self.envelope == "none" or is_envelope),
            content_type=_content_type(message),
            correlation_header=_header_at(message.correlation_id.location if message.correlation_id else None),
            reply_to=reply_to,
            takes_reply_to=reply is not None and reply_to is None and can_ask,
            reply_header=reply_header,
            headers=fixed_headers(message.headers, resolve),
            headers_model=self.headers.get(message.id),
            key_type=self.keys.get(message.id),
            arguments=_arguments(destination, resolve),
            details=destination.details,
            properties=module.properties(message, self.report),
        )


def plan_publishers(served: Sequence[Served], publishing: Publishing) -> tuple[PublisherView, ...]:
    """Name a function for each message and place: after the message, and after the channel where there are several.

    What two operations send alike is one function.
    """
    sendings: dict[object, _Sending] = {}
    for one in served:
        replies = _reply_addresses(one)
        for destination in one.destinations:
            reply_to = replies.get(f"{destination.operation.key}.reply")
            for message in destination.operation.messages:
                same = (one.broker.name, destination.address, destination.details, message.id, reply_to)
                sendings.setdefault(same, _Sending(one, destination, message, reply_to))
    wanted = {sending: _wanted(sending) for sending in sendings.values()}
    names, collisions = resolve_names(wanted, taken=("connected",))
    for _, second in collisions:
        publishing.report(
            NAME_COLLISION,
            second.message.node,
            f"two messages would both be sent by {names[second]!r} in Python",
            hint="give the message another name",
        )
    return tuple(
        publishing.view(name, sending.served, sending.destination, sending.message, sending.reply_to)
        for sending, name in names.items()
    )


def _reply_addresses(served: Served) -> dict[str, str]:
    """Give where the messages of each operation that receives can be sent to directly, by its key."""
    return {
        operation.key: served.protocol.reply_address(endpoint, source)
        for endpoint in served.endpoints
        for source in endpoint.sources
        for operation in source.operations
    }


def _content_type(message: Message) -> str:
    """Give what is said of a body: what the contract says, unless that is the document's default for others."""
    is_binary = content_of(message.content_type) in {Content.AVRO, Content.BYTES}
    if message.content is Content.AVRO and not is_binary:
        return "avro/binary"
    return message.content_type or "application/json"


def _id_setting(publisher: str, size: int, event_name: str) -> SettingView:
    """Give the setting of the id that a registry has given the schema of what a publisher sends."""
    name = f"{publisher.removeprefix('publish_')}_schema_id"
    description = f"Id of the schema of {event_name} in the registry; it is put in front of what is sent."
    return SettingView(name, f"Annotated[int, Field(ge=0, lt={256**size})]", None, description)


def _wanted(sending: _Sending) -> list[str]:
    shortest = f"publish_{snake_name(_event_name(sending.message)).rstrip('_')}"
    longer = f"{shortest}_to_{snake_name(sending.destination.operation.channel.key, 'channel').rstrip('_')}"
    return [shortest, longer, f"{longer}_on_{sending.served.broker.name}", f"{longer}_by_{_operation(sending)}"]


def _operation(sending: _Sending) -> str:
    return snake_name(sending.destination.operation.key, "operation").rstrip("_")


def _event_name(message: Message) -> str:
    return message.name or message.key


def _header_at(location: Expression | None) -> str | None:
    """Give the header that is all of what a location names; None where it names something else."""
    return location.steps[0] if location is not None and location.is_header and len(location.steps) == 1 else None


def _arguments(destination: Destination, resolve: Resolve) -> tuple[ArgumentView, ...]:
    parameters = {view.name: view for view in plan_parameters(destination.operation.channel.parameters, resolve)}
    wanted = {name: _argument_names(name, position) for position, name in enumerate(parameters, start=1)}
    names, _ = resolve_names(wanted, taken=_OWN_ARGUMENTS)
    return tuple(ArgumentView(names[name], name, view.annotation) for name, view in parameters.items())


def _argument_names(parameter: str, position: int) -> list[str]:
    name = snake_name(parameter, "parameter")
    return [name, f"{name}_parameter", f"parameter_{position}"]
