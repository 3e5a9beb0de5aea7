"""What of the contract is served, over which protocol; everything that is not is reported with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cqrs_gen import rules
from cqrs_gen.contract.model import Action, Content
from cqrs_gen.plan.brokers import name_brokers, share_out
from cqrs_gen.plan.channel_protocols import choose_protocols
from cqrs_gen.plan.replies import awaited, find_answers
from cqrs_gen.plan.security import warn_security
from cqrs_gen.protocols import PROTOCOLS
from cqrs_gen.protocols.bindings import warn_unused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cqrs_gen.contract.model import Channel, Contract, Message, Operation, Server
    from cqrs_gen.plan.brokers import BrokerName, Share
    from cqrs_gen.plan.replies import Answer
    from cqrs_gen.protocols.base import Destination, Endpoint, ProtocolModule, Report, Resolve, Setting


_NO_WAY: Final = {
    Action.RECEIVE: "has a channel that cannot be subscribed to",
    Action.SEND: "has a channel that nothing can be sent to",
}
_CODED: Final = {Action.RECEIVE: "decoded", Action.SEND: "encoded"}
_LEFT_OUT: Final = {
    Action.RECEIVE: "it goes to the dead letter when it comes",
    Action.SEND: "no function sends it",
}


@dataclass(frozen=True)
class Served:
    """What one broker is called, what is received and sent there, and the contract's servers that it can be."""

    protocol: ProtocolModule
    broker: BrokerName
    share: Share
    endpoints: tuple[Endpoint, ...]
    destinations: tuple[Destination, ...]
    answers: tuple[Answer, ...]
    """The replies to what is received."""

    @property
    def title(self) -> str:
        """What people call the broker: like its protocol, or by its name where it is not the first one."""
        return self.protocol.title if self.broker.name == self.protocol.key else self.broker.name


@dataclass(frozen=True)
class Serving:
    """What of a contract is served, by broker, and why the rest is not."""

    brokers: tuple[Served, ...]
    settings: tuple[Setting, ...]
    """Those that all brokers of a protocol share and that exist because of the contract."""
    reasons: Mapping[str, str]
    """By the key of each operation that is not served: what follows its name in a sentence, `sends` for example."""


def serve(contract: Contract, package: str, wanted: Collection[str], resolve: Resolve, report: Report) -> Serving:
    """Find what can be served.

    `wanted` are the keys of the protocols that the user asked for; empty means all. Reports `nothing-to-generate`
    when no operation remains.
    """
    operations: dict[str, list[Operation]] = {module.key: [] for module in PROTOCOLS}
    reasons: dict[str, str] = {}
    sending_ids = {
        message.id
        for operation in contract.operations
        if operation.action is Action.SEND
        for message in operation.messages
    }
    for operation in contract.operations:
        servable, reason = _servable(operation, sending_ids, report)
        if servable is None:
            reasons[operation.key] = reason
            continue
        modules, reason = choose_protocols(operation, contract.servers, wanted, report)
        if not modules:
            reasons[operation.key] = reason
        for module in modules:
            operations[module.key].append(servable)
            reply = awaited(servable) if operation.action is Action.SEND else None
            if reply is not None and reply.messages:
                operations[module.key].append(reply)
    served: list[Served] = []
    settings: list[Setting] = []
    for module in PROTOCOLS:
        if operations[module.key]:
            _warn_servers(operations[module.key], contract.servers, module, report)
        shares = [
            (share, *found)
            for share in share_out(module, operations[module.key], contract.servers)
            if any(found := _find(module, share, package, resolve, report))
        ]
        names = name_brokers(module, [share for share, *_ in shares], report)
        served += [Served(module, name, *found) for name, found in zip(names, shares, strict=True)]
        received = [operation for operation in operations[module.key] if operation.action is Action.RECEIVE]
        settings += module.settings(received, resolve, report)
    reasons |= _left_out(operations, served)
    if not served:
        why = "; ".join(f"operation {key!r} {reason}" for key, reason in reasons.items())
        why = why or "the document has no operations"
        place = contract.root.get("operations") or contract.root.get("channels") or contract.root
        report(rules.NOTHING_TO_GENERATE, place, f"nothing to generate: {why}", at_key=True)
    return Serving(tuple(served), tuple(settings), reasons)


def _find(
    module: ProtocolModule, share: Share, package: str, resolve: Resolve, report: Report
) -> tuple[tuple[Endpoint, ...], tuple[Destination, ...], tuple[Answer, ...]]:
    """Give what is received, what is sent and what is replied on a broker."""
    received = [operation for operation in share.operations if operation.action is Action.RECEIVE]
    sent = [operation for operation in share.operations if operation.action is Action.SEND]
    endpoints = tuple(module.endpoints(received, package, resolve, report))
    sources = [source for endpoint in endpoints for source in endpoint.sources]
    subscribed = [operation for source in sources for operation in source.operations]
    return endpoints, tuple(module.destinations(sent, report)), tuple(find_answers(subscribed, module, report))


def _left_out(operations: Mapping[str, Sequence[Operation]], served: Sequence[Served]) -> dict[str, str]:
    """Give why operations are part of no endpoint and have no destination, by their keys."""
    endpoints = [endpoint for one in served for endpoint in one.endpoints]
    found = {operation.key for endpoint in endpoints for source in endpoint.sources for operation in source.operations}
    found |= {destination.operation.key for one in served for destination in one.destinations}
    return {
        operation.key: _NO_WAY[operation.action]
        for of_protocol in operations.values()
        for operation in of_protocol
        if operation.key not in found
    }


def _servable(operation: Operation, sent: Collection[str], report: Report) -> tuple[Operation | None, str]:
    """Give the operation with the messages that can be decoded, or the reason why there are none."""
    name = f"operation {operation.key!r}"
    verb = "sends" if operation.action is Action.SEND else "receives"
    reply = operation.reply
    if reply is not None:
        reply = replace(reply, messages=tuple(message for message in reply.messages if message.undecoded is None))
        if operation.action is Action.SEND and awaited(replace(operation, reply=reply)) is None:
            text = f"{name}: its replies are not received, because their address is only known when the service runs"
            report(rules.UNSUPPORTED_REPLY, reply.node, text, at_key=True)
    if operation.security is not None:
        place = operation.security.node
        report(rules.UNSUPPORTED_SECURITY, place, f"{name}: its security has no effect yet", at_key=True)
    if not operation.messages:
        report(rules.NO_MESSAGES, operation.node, f"{name} {verb} no message", at_key=True)
        return None, f"{verb} no message"
    messages = tuple(message for message in operation.messages if message.undecoded is None)
    for message in operation.messages:
        _warn_message(message, operation.action, report, is_served=bool(messages), is_sent=message.id in sent)
    if not messages:
        return None, f"{verb} no message of a content type that can be {_CODED[operation.action]}"
    channel = _without_doubles(operation.channel, messages)
    return replace(operation, messages=messages, channel=channel, reply=reply), ""


def _without_doubles(channel: Channel, received: Sequence[Message]) -> Channel:
    """Leave out what the channel declares under the name of a message that is received.

    In AsyncAPI 2 `publish` and `subscribe` often write the same message twice: nothing tells the two apart.
    """
    ids = {message.id for message in received}
    names = {message.name or message.key for message in received}
    messages = [one for one in channel.messages if one.id in ids or (one.name or one.key) not in names]
    return replace(channel, messages=tuple(messages))


def _warn_message(message: Message, action: Action, report: Report, *, is_served: bool, is_sent: bool) -> None:
    name = message.name or message.key
    undecoded = message.undecoded
    if undecoded is not None:
        is_sent_only = action is Action.SEND
        report(
            rules.UNSUPPORTED_CONTENT,
            undecoded.node,
            f"message {name!r} {'is not sent, because it ' if is_sent_only else ''}{undecoded.reason}",
            hint=_LEFT_OUT[action]
            if is_served
            else f"its operation has no message that can be {_CODED[action]}, so that nothing is generated for it",
        )
        return
    if message.payload is None and message.content is Content.JSON:
        report(rules.NO_PAYLOAD, message.node, f"message {name!r} has no payload schema: its payload is `Any`")
    if action is Action.RECEIVE:
        for module in PROTOCOLS:
            used = module.binding_effects.get("message", frozenset[str]())
            if is_sent:
                used |= module.sending_effects.get("message", frozenset())
            warn_unused(message.bindings.get(module.binding), used, module.binding_fields["message"], report)


def _warn_servers(
    operations: Sequence[Operation], servers: Sequence[Server], module: ProtocolModule, report: Report
) -> None:
    used = {server.key for operation in operations for server in operation.channel.servers}
    for server in servers:
        if server.protocol not in module.schemes:
            continue
        module.check_server(server.bindings.get(module.binding), report)
        if server.key in used:
            warn_security(server, module, report)
