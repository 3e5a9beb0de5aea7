"""RabbitMQ: what a channel is there, a queue and what is bound to it (AsyncAPI AMQP channel binding 0.3.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.protocols.addresses import as_words, has_parameters, without_braces
from cqrs_gen.protocols.bindings import choice, flag, text, warn_unused
from cqrs_gen.protocols.rabbit_queues import Exchange, QueueBinding, RabbitDetails
from cqrs_gen.protocols.virtual_hosts import check_virtual_hosts
from cqrs_gen.rules import INVALID_ADDRESS, UNKNOWN_ADDRESS, UNSUPPORTED_PARAMETERS

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Channel
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report

_NAME_BYTES: Final = 255
"""How long the name of a queue, an exchange or a routing key can be (AMQP 0-9-1, short string)."""

CHANNEL_FIELDS: Final = {
    "channel": frozenset({"is", "exchange", "queue"}),
    "channel.exchange": frozenset({"name", "type", "durable", "autoDelete", "vhost"}),
    "channel.queue": frozenset({"name", "durable", "exclusive", "autoDelete", "vhost"}),
}
"""The fields of a channel's binding and of the objects in it; all of them have an effect."""


def read_channel(channel: Channel, package: str, report: Report, *, is_sending: bool = False) -> RabbitDetails | None:
    """Give a queue on the default exchange, or one bound to a named exchange with the address as key.

    None for a channel that cannot be used, which is reported. Where messages are sent an address may have parameters,
    whatever the exchange.
    """
    binding = channel.bindings.get("amqp")
    warn_unused(binding, CHANNEL_FIELDS["channel"], CHANNEL_FIELDS["channel"], report)
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
    fields = CHANNEL_FIELDS[f"channel.{key}"]
    warn_unused(member, fields, fields, report)
    return member
