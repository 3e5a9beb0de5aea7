"""Over which protocols an operation is served, and what to say where that is none."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from cqrs_gen import rules
from cqrs_gen.protocols import PROTOCOLS, protocol_called, protocol_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cqrs_gen.contract.model import Channel, Operation, Server
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import ProtocolModule, Report

_OTHER_PROTOCOLS: Final = frozenset(
    {
        *("amqp1", "anypointmq", "googlepubsub", "http", "https", "ibmmq", "jms", "mercure", "mqtt", "mqtt5", "nats"),
        *("pulsar", "redis", "ros2", "secure-mqtt", "sns", "solace", "sqs", "stomp", "stomps", "ws", "wss"),
    }
)
"""Values of `server.protocol` that AsyncAPI names and nothing is generated for (3.1, Server Object)."""


def choose_protocols(
    operation: Operation, servers: Sequence[Server], wanted: Collection[str], report: Report
) -> tuple[list[ProtocolModule], str]:
    """Say over which protocols an operation is served: its channel's servers, else bindings, else all servers.

    Schemas have neither: their channel says it itself, in `x-protocol`, whatever is `wanted`, the keys of the protocols
    that the user asked for; these decide where nothing else does, and filter otherwise. Without any, gives the reason.
    """
    channel = operation.channel
    if channel.protocol is not None:
        return _filtered(_said(channel.protocol, channel, report), ())
    named: Sequence[Server] = channel.servers if channel.names_servers else ()
    bound = [module for module in PROTOCOLS if module.binding in {**channel.bindings, **operation.bindings}]
    if not named and not bound:
        named = servers
    modules = _known(named) if named else bound
    for server in named:
        if protocol_of(server.protocol) is None:
            message = f"server {server.key!r} has protocol {server.protocol!r}: channels on it are not generated"
            schemes = [scheme for module in PROTOCOLS for scheme in module.schemes]
            _report_unsupported(server.protocol, server.node.get("protocol") or server.node, message, schemes, report)
    if not modules and named:
        others = ", ".join(sorted({server.protocol for server in named}))
        return [], f"is on {others}"
    if not modules:
        modules = [module for module in PROTOCOLS if module.key in wanted]
        if not modules:
            _report_no_protocol(channel, report)
            return [], "has no protocol"
    return _filtered(modules, wanted)


def _filtered(modules: Sequence[ProtocolModule], wanted: Collection[str]) -> tuple[list[ProtocolModule], str]:
    chosen = [module for module in modules if not wanted or module.key in wanted]
    what = f"{modules[0].title}, which was not asked for" if modules else "a protocol that is not generated"
    return chosen, f"is on {what}"


def _said(protocol: Node, channel: Channel, report: Report) -> list[ProtocolModule]:
    module = protocol_called(protocol.value)
    if module is None:
        message = f"channel {channel.key!r} has protocol {protocol.value!r}: it is not generated"
        _report_unsupported(protocol.value, protocol, message, [module.key for module in PROTOCOLS], report)
    return [module] if module is not None else []


def _known(servers: Sequence[Server]) -> list[ProtocolModule]:
    found = (protocol_of(server.protocol) for server in servers)
    return list(dict.fromkeys(module for module in found if module is not None))


def _report_unsupported(protocol: str, place: Node, message: str, names: Sequence[str], report: Report) -> None:
    close = [] if protocol in _OTHER_PROTOCOLS else get_close_matches(protocol, names, 1)
    report(
        rules.MISSPELT_PROTOCOL if close else rules.UNSUPPORTED_PROTOCOL,
        place,
        message,
        hint=f"did you mean {close[0]!r}?" if close else f"generated are {', '.join(names)}",
    )


def _report_no_protocol(channel: Channel, report: Report) -> None:
    report(
        rules.NO_PROTOCOL,
        channel.node,
        f"channel {channel.key!r}: neither servers nor bindings say over which protocol it is reached",
        hint="add a server to the document (x-protocol to a schema file), or give --protocol",
    )
