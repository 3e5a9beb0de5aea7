"""RabbitMQ: queues, exchanges and routing keys (AsyncAPI AMQP bindings 0.3.0)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cqrs_gen.protocols.addresses import as_words, has_parameters
from cqrs_gen.protocols.base import Destination, Endpoint, ProtocolModule, Source
from cqrs_gen.protocols.bindings import flag, warn_unused
from cqrs_gen.protocols.rabbit_channels import CHANNEL_FIELDS, read_channel
from cqrs_gen.protocols.rabbit_queues import QueueBinding, RabbitDestination, RabbitDetails
from cqrs_gen.protocols.rabbit_sending import (
    MESSAGE_FIELDS,
    OPERATION_FIELDS,
    SENDING_EFFECTS,
    SendingOptions,
    message_properties,
    sending_options,
)
from cqrs_gen.protocols.virtual_hosts import as_path, virtual_host_of
from cqrs_gen.rules import CONFLICTING_BINDINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import Channel, Operation, Server
    from cqrs_gen.protocols.base import Report, Resolve

_FIELDS: Final = {
    "server": frozenset[str](),
    **CHANNEL_FIELDS,
    "operation": OPERATION_FIELDS,
    "message": MESSAGE_FIELDS,
}
_EFFECTS: Final = {**CHANNEL_FIELDS, "operation": frozenset({"ack"})}


def _endpoints(
    operations: Sequence[Operation],
    package: str,
    resolve: Resolve,  # noqa: ARG001 - no binding of AMQP has a schema
    report: Report,
) -> list[Endpoint]:
    """Operations that share a queue are one subscriber."""
    queues: dict[str, tuple[RabbitDetails, list[Operation]]] = {}
    for operation in operations:
        binding = operation.bindings.get("amqp")
        warn_unused(binding, _EFFECTS["operation"], _FIELDS["operation"], report)
        is_acknowledged = flag(binding, "ack", report, default=True)
        details = read_channel(operation.channel, package, report)
        if details is None:
            continue
        details = replace(details, acknowledges_first=not is_acknowledged)
        known, receiving = queues.setdefault(details.queue, (details, []))
        if _flags(known) != _flags(details):
            report(
                CONFLICTING_BINDINGS,
                operation.channel.node,
                f"queue {details.queue!r} has other flags here than in channel {receiving[0].channel.key!r}",
                hint="give durable, exclusive and autoDelete the same values in both bindings",
            )
            continue
        if known.acknowledges_first != details.acknowledges_first:
            report(
                CONFLICTING_BINDINGS,
                operation.node,
                f"queue {details.queue!r} has another 'ack' here than in operation {receiving[0].key!r}",
                hint="give ack the same value in both bindings: a queue has one subscriber",
                at_key=True,
            )
            continue
        receiving.append(operation)
        queues[details.queue] = (_with_bindings(known, details.bindings), receiving)
    return [
        Endpoint(
            receiving[0].channel.key,
            (_source(details, receiving),),
            details,
        )
        for details, receiving in queues.values()
    ]


def _source(details: RabbitDetails, receiving: Sequence[Operation]) -> Source:
    """Give what comes to a queue; parameters tell of one address, not of several that share a queue."""
    channels = {operation.channel.key: operation.channel for operation in receiving}
    parameters = receiving[0].channel.parameters if len(channels) == 1 and details.bindings else ()
    return Source(receiving[0].channel.address or details.queue, tuple(receiving), parameters)


def _destinations(operations: Sequence[Operation], report: Report) -> list[Destination]:
    """Give the exchange and the routing key, or the queue, of each operation."""
    found: list[Destination] = []
    for operation in operations:
        channel = operation.channel
        details = read_channel(channel, "", report, is_sending=True)
        if details is None:
            continue
        exchange = details.bindings[0].exchange if details.bindings else None
        key = (channel.address or "") if exchange is not None else details.queue
        options = sending_options(operation.bindings.get("amqp"), report, mandatory=exchange is None)
        queue = details if exchange is None and not has_parameters(key) else None
        found.append(Destination(operation, key, RabbitDestination(exchange, queue, options)))
    return found


def _flags(details: RabbitDetails) -> tuple[bool, bool, bool]:
    return details.durable, details.exclusive, details.auto_delete


def _with_bindings(details: RabbitDetails, more: tuple[QueueBinding, ...]) -> RabbitDetails:
    return replace(details, bindings=tuple(dict.fromkeys((*details.bindings, *more))))


def _details_of(endpoint: Endpoint) -> RabbitDetails:
    if not isinstance(endpoint.details, RabbitDetails):
        raise TypeError(f"{endpoint.details!r} is not an endpoint of RabbitMQ")
    return endpoint.details


def _reply_address(endpoint: Endpoint, source: Source) -> str:  # noqa: ARG001 - a queue has one source
    return _details_of(endpoint).queue


def _facts(endpoint: Endpoint, source: Source, channel: Channel) -> list[dict[str, str | None]]:  # noqa: ARG001
    """Give the queue and how it is bound; a queue without a binding is reached by its name on the default exchange."""
    details = _details_of(endpoint)
    return [
        {
            "queue": details.queue,
            "exchange": binding.exchange.name,
            "exchange_type": binding.exchange.type,
            "routing_key": binding.routing_key,
        }
        for binding in details.bindings
        if binding.routing_key == as_words(channel.address or "")
    ] or [{"queue": details.queue, "exchange": None, "exchange_type": None, "routing_key": details.queue}]


def _address(server: Server, virtual_host: str) -> str:
    scheme = "amqps" if server.protocol == "amqps" else "amqp"
    path = f"/{as_path(virtual_host)}" if virtual_host else server.pathname or "/"
    return f"{scheme}://{server.host}{path}"


RABBIT: Final = ProtocolModule(
    key="rabbit",
    title="RabbitMQ",
    schemes={"amqp": False, "amqps": True},
    logins={"userPassword": "PLAIN", "plain": "PLAIN", "X509": ""},
    plaintext="",  # amqp://
    binding="amqp",
    binding_fields=_FIELDS,
    binding_effects=_EFFECTS,
    sending_effects={"operation": SENDING_EFFECTS, "message": MESSAGE_FIELDS},
    extra="rabbit",
    requirements=(),
    setup="",
    address_setting="url",
    address=_address,
    default_address=lambda virtual_host: f"amqp://localhost:5672/{as_path(virtual_host)}",
    virtual_host=virtual_host_of,
    endpoints=_endpoints,
    destinations=_destinations,
    properties=message_properties,
    direct=RabbitDestination(None, None, SendingOptions()),
    carries_reply_address=True,
    takes_key=False,
    has_topics=False,
    reply_address=_reply_address,
    key_schema=None,
    facts=_facts,
    has_tombstones=False,
    settings=lambda operations, resolve, report: (),  # noqa: ARG005 - no binding says anything of the client
    check_server=lambda binding, report: warn_unused(binding, (), (), report),
)
