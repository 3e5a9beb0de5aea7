"""The subscribers of each broker, and the deserializer of each of their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from cqrs_gen.plan.broker_views import BrokerView, ProtocolView
from cqrs_gen.plan.deserializer_views import DeserializerView
from cqrs_gen.plan.message_views import view_messages
from cqrs_gen.plan.names import resolve_names, snake_name
from cqrs_gen.plan.parameters import plan_parameters
from cqrs_gen.plan.views import (
    SettingView,
    SourceView,
    SubscriberView,
)
from cqrs_gen.rules import NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.model import Operation
    from cqrs_gen.plan.deserializer_views import MessageView, ParameterView
    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.served import Served
    from cqrs_gen.protocols.base import Endpoint, ProtocolModule, Report, Resolve, Setting, Source

_Content: TypeAlias = "tuple[str, tuple[MessageView, ...], tuple[ParameterView, ...], bool]"
"""What makes two deserializers one: the address, the messages, the parameters and whether tombstones are handled."""

_TAKEN: Final = (
    *("adapter", "annotations", "broker", "brokers", "dependencies", "deserializers", "events", "mediator", "settings"),
    *("kafka", "rabbit"),
)
"""What the module of a broker itself defines and imports."""


def plan_subscribers(  # noqa: PLR0913 - the contract, and all the names chosen so far
    served: Sequence[Served],
    messages: Mapping[str, NamedMessage],
    payloads: Mapping[str, str],
    *,
    envelope: str,
    tombstone: str | None,
    resolve: Resolve,
    report: Report,
) -> tuple[tuple[BrokerView, ...], tuple[DeserializerView, ...]]:
    """Name the subscribers and decide how each source tells its messages apart.

    `messages` and `payloads` give each message's class and its payload's type by the message's id; `resolve` follows
    a reference in a schema; `tombstone` is the class of the event of records without a value, where they are handled.
    A source that is the same for two subscribers has one deserializer.
    """
    sources = [(one, source) for one in served for endpoint in one.endpoints for source in endpoint.sources]
    contents = {
        id(source): (
            source.address,
            view_messages(
                source, one.protocol, messages, payloads, answers=one.answers, resolve=resolve, report=report
            ),
            plan_parameters(source.parameters, resolve),
            tombstone is not None and one.protocol.has_tombstones,
        )
        for one, source in sources
    }
    wanted: dict[_Content, list[str]] = {}
    for one, source in sources:
        stem = snake_name(source.operations[0].channel.key, "channel")
        wanted.setdefault(
            contents[id(source)],
            [stem, f"{stem}_{one.broker.name}", f"{stem}_{snake_name(source.operations[0].key)}"],
        )
    names, collisions = resolve_names(wanted)
    nodes = {contents[id(source)]: source.operations[0].channel.node for _, source in sources}
    for _, second in collisions:
        report(NAME_COLLISION, nodes[second], f"two channels would both be called {names[second]!r} in Python")
    deserializers = {
        content: DeserializerView(f"deserialize_{stem}", stem, content[0], envelope, *content[1:])
        for content in wanted
        for stem in (_inner(names[content]),)
    }
    by_source = {key: deserializers[content] for key, content in contents.items()}
    protocols = dict.fromkeys(one.protocol for one in served)
    called = {key: name for protocol in protocols for key, name in _names(served, protocol, report).items()}
    views = tuple(
        BrokerView(
            one.broker.name,
            ProtocolView(one.protocol.key, one.protocol.title, one.protocol.setup),
            tuple(
                _subscriber(called[id(endpoint)], endpoint, messages, by_source, tombstone)
                for endpoint in one.endpoints
            ),
        )
        for one in served
    )
    return views, tuple(deserializers.values())


def _names(served: Sequence[Served], protocol: ProtocolModule, report: Report) -> dict[int, str]:
    """Name the subscribers of a protocol by the id of their endpoint; settings, which all brokers share, have them."""
    endpoints = {id(endpoint): endpoint for one in served if one.protocol is protocol for endpoint in one.endpoints}
    wanted = {key: _wanted(endpoint, endpoint.sources[0].operations[0]) for key, endpoint in endpoints.items()}
    names, collisions = resolve_names(wanted)
    for _, second in collisions:
        channel = endpoints[second].sources[0].operations[0].channel
        report(NAME_COLLISION, channel.node, f"two subscribers would both be called {names[second]!r} in Python")
    return names


def _wanted(endpoint: Endpoint, operation: Operation) -> list[str]:
    stem = snake_name(endpoint.stem, "channel")
    if stem.startswith("on_"):  # which is how functions are called
        stem = f"channel_{stem}"
    longer = f"{stem}_{snake_name(operation.key, 'operation')}"
    return [f"{stem}_channel" if stem in _TAKEN else stem, longer]


def _inner(name: str) -> str:
    """Give a name as a part of a longer one, which needs no `_` to differ from a keyword or a builtin."""
    return name.rstrip("_")


def _subscriber(
    name: str,
    endpoint: Endpoint,
    messages: Mapping[str, NamedMessage],
    deserializers: Mapping[int, DeserializerView],
    tombstone: str | None,
) -> SubscriberView:
    sources = tuple(_source(source, messages, deserializers[id(source)], tombstone) for source in endpoint.sources)
    setting = endpoint.setting
    events = list(dict.fromkeys(event for source in sources for event in source.operations))
    return SubscriberView(
        name,
        f"on_{_inner(name)}",
        f"Receive {_listed(events)} from {_listed([source.address for source in sources])}.",
        sources,
        None if setting is None else as_view(setting, f"{_inner(name)}_{setting.name}"),
        endpoint.details,
    )


def as_view(setting: Setting, name: str | None = None) -> SettingView:
    """Give a setting as templates see it, under a name that says more."""
    return SettingView(name or setting.name, setting.annotation, setting.default, setting.description)


def _source(
    source: Source, messages: Mapping[str, NamedMessage], deserializer: DeserializerView, tombstone: str | None
) -> SourceView:
    operations = _operations(source, messages)
    if tombstone is not None and deserializer.has_tombstones:
        operations[tombstone] = source.operations[0].key  # nothing in it names a message, or an operation
    return SourceView(source.address, deserializer.name, operations)


def _operations(source: Source, messages: Mapping[str, NamedMessage]) -> dict[str, str]:
    found: dict[str, str] = {}
    for operation in source.operations:
        for message in operation.messages:
            found.setdefault(messages[message.id].name, operation.key)
    return found


def _listed(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
