"""From a contract and the plan made from it to what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.inspection.bindings import inspect_bindings
from cqrs_gen.inspection.model import (
    InspectedChannel,
    InspectedMessage,
    InspectedOperation,
    InspectedServer,
    Inspection,
    Subscription,
    ToldApart,
)
from cqrs_gen.protocols import protocol_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cqrs_gen.contract.model import Channel, Contract, Message, Operation, Server
    from cqrs_gen.plan.build import Plan
    from cqrs_gen.plan.deserializer_views import MessageView
    from cqrs_gen.plan.served import Serving


def inspect_plan(contract: Contract, plan: Plan) -> Inspection:
    """Tell what a contract means. The plan may be one from which nothing is generated."""
    subscriptions = _subscriptions(plan.serving)
    served: dict[str, set[str]] = {}
    for found in subscriptions.values():
        for subscription in found:
            served.setdefault(subscription.operation, set()).add(subscription.protocol)
    for one in plan.serving.brokers:
        for destination in one.destinations:
            served.setdefault(destination.operation.key, set()).add(one.protocol.key)
    messages = _messages(contract)
    return Inspection(
        asyncapi=contract.spec_version,
        title=contract.info.title,
        version=contract.info.version,
        package=plan.view.package,
        servers=tuple(sorted(map(_server, contract.servers), key=lambda one: one.server)),
        channels=tuple(
            sorted((_channel(one, subscriptions) for one in contract.channels), key=lambda one: one.channel)
        ),
        operations=tuple(
            sorted(
                (_operation(one, served, plan.serving.reasons) for one in contract.operations),
                key=lambda one: one.operation,
            )
        ),
        messages=tuple(
            sorted(
                (_message(one, channels, plan) for one, channels in messages.values()),
                key=lambda one: (one.message, one.place),
            )
        ),
        bindings=inspect_bindings(contract, [message for message, _ in messages.values()], served),
    )


def _server(server: Server) -> InspectedServer:
    module = protocol_of(server.protocol)
    return InspectedServer(
        server=server.key,
        protocol=server.protocol,
        address=module.address(server, "") if module else f"{server.host}{server.pathname}",
        supported=module is not None,
        secured=server.security is not None or bool(module and module.schemes[server.protocol]),
        variables=tuple(sorted(variable.name for variable in server.variables)),
    )


def _subscriptions(serving: Serving) -> dict[str, list[Subscription]]:
    """Give all subscriptions by the id of their channel."""
    found: dict[str, list[Subscription]] = {}
    for served in serving.brokers:
        for endpoint in served.endpoints:
            for source in endpoint.sources:
                for operation in source.operations:
                    found.setdefault(operation.channel.node.id, []).extend(
                        Subscription(served.protocol.key, served.broker.name, operation.key, facts)
                        for facts in served.protocol.facts(endpoint, source, operation.channel)
                    )
    return found


def _channel(channel: Channel, subscriptions: Mapping[str, list[Subscription]]) -> InspectedChannel:
    found = subscriptions.get(channel.node.id, [])
    return InspectedChannel(
        channel=channel.key,
        address=channel.address,
        parameters=tuple(sorted(parameter.name for parameter in channel.parameters)),
        servers=tuple(sorted(server.key for server in channel.servers)),
        subscriptions=tuple(
            sorted(found, key=lambda one: (one.protocol, one.operation, *(value or "" for value in one.facts.values())))
        ),
    )


def _operation(operation: Operation, served: Mapping[str, set[str]], reasons: Mapping[str, str]) -> InspectedOperation:
    protocols = tuple(sorted(served.get(operation.key, ())))
    return InspectedOperation(
        operation=operation.key,
        action=operation.action.value,
        channel=operation.channel.key,
        messages=tuple(sorted(_name(message) for message in operation.messages)),
        protocols=protocols,
        served=bool(protocols),
        reason=None if protocols else reasons.get(operation.key),
    )


def _messages(contract: Contract) -> dict[str, tuple[Message, list[str]]]:
    """Give every message of a channel by its id, with the keys of its channels."""
    found: dict[str, tuple[Message, list[str]]] = {}
    for channel in contract.channels:
        for message in channel.messages:
            found.setdefault(message.id, (message, []))[1].append(channel.key)
    return found


def _message(message: Message, channels: list[str], plan: Plan) -> InspectedMessage:
    event = plan.events.get(message.id)
    module = next((one.handler_module for one in plan.view.events if one.name == event), None)
    told = _told_apart(event, plan) if event else ()
    return InspectedMessage(
        message=_name(message),
        place=message.id,
        channels=tuple(sorted(channels)),
        content_type=message.schema_format or message.content_type or "application/json",
        decoded=message.undecoded is None,
        event=event,
        handler=f"handlers/{module}.py" if module else None,
        told_apart=tuple(sorted(set(told), key=lambda one: (one.address, one.by, one.name or "", one.values))),
    )


def _told_apart(event: str, plan: Plan) -> Iterator[ToldApart]:
    for deserializer in plan.view.deserializers:
        others = len(deserializer.bodies) - 1
        for message in deserializer.messages:
            if message.event == event:
                yield _recognised(message, deserializer.address, is_alone=others == 0)


def _recognised(message: MessageView, address: str, *, is_alone: bool) -> ToldApart:
    if message.header is not None:
        return ToldApart(address, "header", message.header.name, message.header.values)
    if message.member is not None:
        return ToldApart(address, "member", message.member.name, message.member.values)
    return ToldApart(address, "alone" if is_alone else "validity", None, ())


def _name(message: Message) -> str:
    return message.name or message.key
