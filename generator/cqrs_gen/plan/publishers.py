"""The publishers: one function for each message that an operation sends, and where what it is given goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cqrs_gen.plan.discriminators import declared_members, fixed_headers
from cqrs_gen.plan.names import resolve_names, snake_name
from cqrs_gen.plan.parameters import plan_parameters
from cqrs_gen.plan.views import ArgumentView, PublisherView
from cqrs_gen.rules import NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.model import Message
    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.served import Served
    from cqrs_gen.protocols.base import Destination, ProtocolModule, Report, Resolve

_OWN_ARGUMENTS: Final = ("payload", "key", "headers", "correlation_id", "event_id")
"""What every publisher takes; parameters of the address are called otherwise."""
_HEADER: Final = re.compile(r"\$message\.header#/([^/~]+)")


@dataclass(frozen=True, eq=False)
class _Sending:
    """A message on its way to one place."""

    module: ProtocolModule
    destination: Destination
    message: Message


def plan_publishers(  # noqa: PLR0913 - the contract, and all the names chosen so far
    served: Sequence[Served],
    messages: Mapping[str, NamedMessage],
    payloads: Mapping[str, str],
    *,
    envelope: str,
    resolve: Resolve,
    report: Report,
) -> tuple[PublisherView, ...]:
    """Name a function for each message and place: after the message, and after the channel where there are several.

    `messages` and `payloads` give each message's class and its payload's type by the message's id; `resolve` follows a
    reference in a schema. What two operations send alike is one function.
    """
    sendings: dict[object, _Sending] = {}
    for one in served:
        for destination in one.destinations:
            for message in destination.operation.messages:
                same = (one.protocol.key, destination.address, destination.details, message.id)
                sendings.setdefault(same, _Sending(one.protocol, destination, message))
    names, collisions = resolve_names(
        {sending: _wanted(sending) for sending in sendings.values()}, taken=("connected",)
    )
    for _, second in collisions:
        report(
            NAME_COLLISION,
            second.message.node,
            f"two messages would both be sent by {names[second]!r} in Python",
            hint="give the message another name",
        )
    return tuple(
        PublisherView(
            name=name,
            description=f"Send `{_event_name(sending.message)}` to `{sending.destination.address}` of "
            f"{sending.module.title}; returns when the broker has it.",
            protocol=sending.module.key,
            takes_key=sending.module.takes_key,
            address=sending.destination.address,
            event_name=messages[sending.message.id].event_name,
            payload=payloads.get(sending.message.id, "Any"),
            has_envelope=envelope == "cqrs" and not _declares_envelope(sending.message, resolve),
            content_type=sending.message.content_type or "application/json",
            correlation_header=_correlation_header(sending.message),
            headers=fixed_headers(sending.message.headers, resolve),
            arguments=_arguments(sending.destination, resolve),
            details=sending.destination.details,
            properties=sending.module.properties(sending.message, report),
        )
        for sending, name in names.items()
    )


def _wanted(sending: _Sending) -> list[str]:
    shortest = f"publish_{snake_name(_event_name(sending.message)).rstrip('_')}"
    longer = f"{shortest}_to_{snake_name(sending.destination.operation.channel.key, 'channel').rstrip('_')}"
    return [shortest, longer, f"{longer}_on_{sending.module.key}", f"{longer}_by_{_operation(sending)}"]


def _operation(sending: _Sending) -> str:
    return snake_name(sending.destination.operation.key, "operation").rstrip("_")


def _event_name(message: Message) -> str:
    return message.name or message.key


def _declares_envelope(message: Message, resolve: Resolve) -> bool:
    return bool({"event_name", "eventName", "payload"} & declared_members(message.payload, resolve))


def _correlation_header(message: Message) -> str | None:
    """Give the header that holds the correlation id (AsyncAPI 3.0, Correlation ID Object and Runtime Expression)."""
    location = message.correlation_id.get("location") if message.correlation_id is not None else None
    found = _HEADER.fullmatch(location.value) if location is not None and isinstance(location.value, str) else None
    return found[1] if found else None


def _arguments(destination: Destination, resolve: Resolve) -> tuple[ArgumentView, ...]:
    parameters = {view.name: view for view in plan_parameters(destination.operation.channel.parameters, resolve)}
    wanted = {name: _argument_names(name, position) for position, name in enumerate(parameters, start=1)}
    names, _ = resolve_names(wanted, taken=_OWN_ARGUMENTS)
    return tuple(ArgumentView(names[name], name, view.annotation) for name, view in parameters.items())


def _argument_names(parameter: str, position: int) -> list[str]:
    name = snake_name(parameter, "parameter")
    return [name, f"{name}_parameter", f"parameter_{position}"]
