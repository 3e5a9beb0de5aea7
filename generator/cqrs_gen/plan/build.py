"""The plan as a whole: which files, from which template, with which view, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.model import Content
from cqrs_gen.plan.event_view import EventView
from cqrs_gen.plan.events import name_events
from cqrs_gen.plan.files import plan_files
from cqrs_gen.plan.names import snake_name
from cqrs_gen.plan.publishers import Publishing, plan_publishers
from cqrs_gen.plan.requests import plan_requests, repliers
from cqrs_gen.plan.requirements import requirements
from cqrs_gen.plan.schema_names import SchemaNames, SchemaToName, name_schemas
from cqrs_gen.plan.schema_places import Stem
from cqrs_gen.plan.served import serve
from cqrs_gen.plan.servers import plan_servers
from cqrs_gen.plan.subscribers import as_view, plan_subscribers
from cqrs_gen.plan.surroundings import plan_surroundings
from cqrs_gen.plan.views import PackageView, PlannedFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from cqrs_gen.contract.model import Contract
    from cqrs_gen.diagnostics import Diagnostics, Rule
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node
    from cqrs_gen.plan.broker_views import BrokerView
    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.sending_views import PublisherView, RequestView
    from cqrs_gen.plan.served import Serving
    from cqrs_gen.plan.surroundings import Surroundings


_TOMBSTONE: Final = EventView(
    name="Tombstone",
    event_name="Tombstone",
    payload="Any",
    headers=None,
    key=None,
    description="A record without a value: what its key stands for is gone.",
    handler="TombstoneHandler",
    handler_module="tombstone",
)
"""The event of records without a value; its class is part of the runtime."""


@dataclass(frozen=True)
class Plan:
    """What will be generated. Nothing later chooses a name or asks what the contract means."""

    view: PackageView
    files: tuple[PlannedFile, ...]
    schemas: tuple[SchemaToName, ...]
    """Those that models.py is made from."""
    schema_names: SchemaNames
    serving: Serving
    events: Mapping[str, str]
    """The class of the event made from each message that is received, by the message's id."""


def build_plan(  # noqa: PLR0913 - what the user may choose, by keyword
    contract: Contract,
    document: Document,
    diagnostics: Diagnostics,
    *,
    package: str,
    envelope: str,
    protocols: Collection[str],
    handles_tombstones: bool = False,
    existing_handlers: Collection[str] = (),
) -> Plan:
    """Plan the package `package` for a contract.

    `envelope` is `auto`, `cqrs` or `none`; `protocols` are keys of protocol modules, none meaning all; with
    `handles_tombstones` records without a value are events; `existing_handlers` are the modules in `handlers/` that
    earlier runs created. Reports what is not generated and every collision of names; the plan is of use only when no
    error was reported.
    """

    def report(rule: Rule, node: Node, message: str, *, hint: str | None = None, at_key: bool = False) -> None:
        document.report(diagnostics, rule, node, message, hint=hint, at_key=at_key)

    def resolve(node: Node) -> Node | None:
        return document.resolve(node, diagnostics)

    serving = serve(contract, package, protocols, resolve, report)
    served = serving.brokers
    may_come = any(one.endpoints and one.protocol.has_tombstones for one in served)
    tombstone = _TOMBSTONE if handles_tombstones and may_come else None
    taken = () if tombstone is None else (tombstone.name,)
    messages = name_events(served, existing_handlers, report, taken=taken)
    surroundings = plan_surroundings(served, messages.values(), document, diagnostics, report)
    schemas = tuple(_schemas(messages, surroundings))
    schema_names = name_schemas(document, schemas, diagnostics)
    payloads = _payload_types(messages) | _names(
        {id_: named.message.payload for id_, named in messages.items() if named.message.payload}, schema_names
    )
    brokers, deserializers = plan_subscribers(
        served,
        messages,
        payloads,
        envelope=envelope,
        tombstone=tombstone.name if tombstone else None,
        resolve=resolve,
        report=report,
    )
    headers, keys = (_names(schemas, schema_names) for schemas in (surroundings.headers, surroundings.keys))
    publishing = Publishing(messages, payloads, headers, keys, envelope, resolve, report)
    publishers, requests = plan_publishers(served, publishing), plan_requests(served, publishing)
    servers, variables = plan_servers(served)
    view = PackageView(
        package=package,
        title=contract.info.title,
        document=contract.source,
        prefix=f"{package.upper()}_",
        events=_events(messages, payloads, requests, headers=headers, keys=keys),
        tombstone=tombstone,
        broker_settings=tuple(map(as_view, serving.settings)),
        deserializers=deserializers,
        brokers=_with_senders(brokers, publishers, tuple(requests.values())),
        servers=servers,
        variables=variables,
        requirements=requirements(served, messages),
    )
    events = {id_: named.name for id_, named in messages.items() if named.is_received}
    return Plan(view, tuple(plan_files(view)), schemas, schema_names, serving, events)


def _with_senders(
    brokers: Sequence[BrokerView], publishers: Sequence[PublisherView], requests: Sequence[RequestView]
) -> tuple[BrokerView, ...]:
    """Give the brokers with what is sent there."""
    fixed = repliers(requests)
    return tuple(
        replace(
            broker,
            publishers=tuple(publisher for publisher in publishers if publisher.broker == broker.name),
            repliers=tuple(publisher for publisher in fixed if publisher.broker == broker.name),
        )
        for broker in brokers
    )


def _schemas(messages: Mapping[str, NamedMessage], surroundings: Surroundings) -> Iterator[SchemaToName]:
    """Give all schemas of messages that get a name: payloads, then headers, then keys."""
    for named in messages.values():
        if named.message.payload is not None and named.message.content is not Content.BYTES:
            yield SchemaToName(named.message.payload, Stem(named.name, "Payload"))
    for name, schemas in (("Headers", surroundings.headers), ("Key", surroundings.keys)):
        for id_, node in schemas.items():
            is_inside = node.id.startswith(f"{id_}/")  # else it is a trait's, or a component's
            yield SchemaToName(node, Stem(f"{messages[id_].name}{name}") if is_inside else None)


def _names(schemas: Mapping[str, Node], names: SchemaNames) -> dict[str, str]:
    """Give what models.py calls each of the schemas; nothing for a reference that leads nowhere."""
    return {id_: names.names[node.id] for id_, node in schemas.items() if node.id in names.names}


def _events(
    messages: Mapping[str, NamedMessage],
    payloads: Mapping[str, str],
    requests: Mapping[str, RequestView],
    *,
    headers: Mapping[str, str],
    keys: Mapping[str, str],
) -> tuple[EventView, ...]:
    return tuple(
        EventView(
            name=named.name,
            event_name=named.event_name,
            payload=payloads.get(id_, "Any"),
            headers=headers.get(id_),
            key=keys.get(id_),
            description=_description(named),
            handler=f"{named.name}Handler",
            handler_module=snake_name(named.name),
            reply=requests.get(id_),
        )
        for id_, named in messages.items()
        if named.is_received
    )


def _description(named: NamedMessage) -> str:
    message = named.message
    title = message.title if message.title != named.name else None  # it says nothing that the class does not
    return message.summary or message.description or title or f"Message `{named.event_name}`."


def _payload_types(messages: Mapping[str, NamedMessage]) -> dict[str, str]:
    """Give the types of payloads that need no schema."""
    types = {Content.TEXT: "str", Content.BYTES: "bytes"}
    return {id_: types[named.message.content] for id_, named in messages.items() if named.message.content in types}
