"""RabbitMQ: queues, exchanges and routing keys (AsyncAPI AMQP bindings 0.3.0)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cqrs_gen.protocols.addresses import as_words, has_parameters, without_braces
from cqrs_gen.protocols.base import Destination, Endpoint, ProtocolModule, Source
from cqrs_gen.protocols.bindings import choice, flag, text, warn_unused
from cqrs_gen.protocols.rabbit_queues import Exchange, QueueBinding, RabbitDestination, RabbitDetails
from cqrs_gen.protocols.rabbit_sending import (
    MESSAGE_FIELDS,
    OPERATION_FIELDS,
    SENDING_EFFECTS,
    SendingOptions,
    message_properties,
    sending_options,
)
from cqrs_gen.protocols.virtual_hosts import as_path, check_virtual_hosts, virtual_host_of
from cqrs_gen.rules import (
    CONFLICTING_BINDINGS,
    INVALID_ADDRESS,
    UNKNOWN_ADDRESS,
    UNSUPPORTED_PARAMETERS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import Channel, Operation, Server
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report, Resolve

_NAME_BYTES: Final = 255
"""How long the name of a queue, an exchange or a routing key can be (AMQP 0-9-1, short string)."""

_FIELDS: Final = {
    "server": frozenset[str](),
    "channel": frozenset({"is", "exchange", "queue"}),
    "channel.exchange": frozenset({"name", "type", "durable", "autoDelete", "vhost"}),
    "channel.queue": frozenset({"name", "durable", "exclusive", "autoDelete", "vhost"}),
    "operation": OPERATION_FIELDS,
    "message": MESSAGE_FIELDS,
}
_EFFECTS: Final = {
    **{name: _FIELDS[name] for name in ("channel", "channel.exchange", "channel.queue")},
    "operation": frozenset({"ack"}),
}


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
        details = _details(operation.channel, package, report)
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
        details = _details(channel, "", report, is_sending=True)
        if details is None:
            continue
        exchange = details.bindings[0].exchange if details.bindings else None
        key = (channel.address or "") if exchange is not None else details.queue
        options = sending_options(operation.bindings.get("amqp"), report, mandatory=exchange is None)
        queue = details if exchange is None and not has_parameters(key) else None
        found.append(Destination(operation, key, RabbitDestination(exchange, queue, options)))
    return found


def _details(channel: Channel, package: str, report: Report, *, is_sending: bool = False) -> RabbitDetails | None:
    """Give a queue on the default exchange, or one bound to a named exchange with the address as key."""
    binding = channel.bindings.get("amqp")
    warn_unused(binding, _EFFECTS["channel"], _FIELDS["channel"], report)
    check_virtual_hosts(binding, report)
    kind = choice(binding, "is", {"queue", "routingKey"}, report) or "routingKey"
    queue = _member(binding, "queue", report)
    exchange = _exchange(_member(binding, "exchange", report), report)
    bound = kind == "routingKey" and exchange is not None
    name = text(queue, "name", report)
    takes_parameters = is_sending or (bound and exchange is not None and exchange.type == "topic")
    if not _is_usable(channel, name, bound=bound, takes_parameters=takes_parameters, report=report):
        return None
    address = channel.address or ""
    return RabbitDetails(
        name or (f"{package}.{without_braces(address)}" if bound else address),
        durable=flag(queue, "durable", report, default=True),
        exclusive=flag(queue, "exclusive", report, default=False),
        auto_delete=flag(queue, "autoDelete", report, default=False),
        bindings=(QueueBinding(exchange, as_words(address)),) if bound and exchange is not None else (),
    )


def _is_usable(channel: Channel, queue: str | None, *, bound: bool, takes_parameters: bool, report: Report) -> bool:
    address = channel.address
    if queue is not None and not bound:
        address = queue  # the address has no effect then
    if address is None:
        report(
            UNKNOWN_ADDRESS,
            channel.node,
            f"channel {channel.key!r} has no address, so there is no queue to consume",
            hint="give it an address, or an AMQP binding with a queue name",
        )
    elif has_parameters(address) and not takes_parameters:
        report(
            UNSUPPORTED_PARAMETERS,
            channel.node,
            f"channel {channel.key!r} is left out: its address {address!r} has parameters",
            hint="RabbitMQ delivers by parameters from a topic exchange: name one in the AMQP binding",
        )
    elif not 0 < len(without_braces(address).encode()) <= _NAME_BYTES or address.startswith("amq."):
        report(
            INVALID_ADDRESS,
            channel.node,
            f"channel {channel.key!r}: {address[:40]!r} cannot be a queue of RabbitMQ",
            hint="a name has 1 to 255 bytes and does not start with 'amq.'",
        )
    else:
        return True
    return False


def _exchange(node: Node | None, report: Report) -> Exchange | None:
    """Give the named exchange; None for the default exchange, which has no name."""
    name = text(node, "name", report)
    kind = choice(node, "type", {"topic", "direct", "fanout", "default", "headers"}, report)
    if name is None or kind == "default":
        return None
    return Exchange(
        name,
        kind or "topic",
        durable=flag(node, "durable", report, default=True),
        auto_delete=flag(node, "autoDelete", report, default=False),
    )


def _member(binding: Node | None, key: str, report: Report) -> Node | None:
    member = binding.get(key) if binding is not None else None
    fields = _FIELDS[f"channel.{key}"]
    warn_unused(member, fields, fields, report)
    return member


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
    reply_address=_reply_address,
    key_schema=None,
    facts=_facts,
    has_tombstones=False,
    settings=lambda operations, resolve, report: (),  # noqa: ARG005 - no binding says anything of the client
    check_server=lambda binding, report: warn_unused(binding, (), (), report),
)
