"""An inspection as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.tables import as_table, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cqrs_gen.inspection.model import (
        InspectedBinding,
        InspectedChannel,
        InspectedMessage,
        InspectedOperation,
        InspectedServer,
        Inspection,
        ToldApart,
    )

_NOTHING = "-"


def inspection_text(inspection: Inspection) -> str:
    """Give a title and a table for each kind of object that the document has."""
    title = f"{inspection.title} {inspection.version}: AsyncAPI {inspection.asyncapi}, package {inspection.package}"
    tables = [
        _table("Servers", ("Server", "Protocol", "Address", ""), map(_server, inspection.servers)),
        _table(
            "Channels",
            ("Channel", "Address", "Broker", "Subscribed to"),
            (row for channel in inspection.channels for row in _channel(channel)),
        ),
        _table("Operations", ("Operation", "Action", "Channel", "Served"), map(_operation, inspection.operations)),
        _table(
            "Messages",
            ("Message", "Channels", "Event", "Content type", "Told apart by"),
            map(_message, inspection.messages),
        ),
        _table("Bindings", ("Of", "Binding", "Used", "No effect", "Unknown"), map(_binding, inspection.bindings)),
    ]
    return "\n".join([f"{printable(title)}\n", *filter(None, tables)])


def _table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    found = list(rows)
    table = as_table(headings, found).strip("\n")
    return f"{title}\n{table}\n" if found else ""


def _server(server: InspectedServer) -> tuple[str, ...]:
    notes = [] if server.supported else ["not generated"]
    notes += ["secured"] if server.secured else []
    return server.server, server.protocol, server.address, ", ".join(notes)


def _channel(channel: InspectedChannel) -> Iterator[tuple[str, ...]]:
    address = _NOTHING if channel.address is None else channel.address
    rows = [
        (one.broker, ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in one.facts.items() if value))
        for one in channel.subscriptions
    ]
    for broker, facts in dict.fromkeys(rows) or [(_NOTHING, _NOTHING)]:
        yield channel.channel, address, broker, facts


def _operation(operation: InspectedOperation) -> tuple[str, ...]:
    served = ", ".join(operation.protocols) if operation.served else f"no: it {operation.reason}"
    return operation.operation, operation.action, operation.channel, served


def _message(message: InspectedMessage) -> tuple[str, ...]:
    told = "; ".join(dict.fromkeys(map(_told, message.told_apart))) or _NOTHING
    content = message.content_type if message.decoded else f"{message.content_type} (not decoded)"
    return message.message, ", ".join(message.channels), message.event or _NOTHING, content, told


def _told(told: ToldApart) -> str:
    if told.name is None:
        return {"alone": "nothing: it is alone"}.get(told.by, told.by)
    return f"{told.by} {told.name} = {' or '.join(told.values)}"


def _binding(binding: InspectedBinding) -> tuple[str, ...]:
    fields = (", ".join(names) or _NOTHING for names in (binding.used, binding.unused, binding.unknown))
    return f"{binding.object} {binding.name}", binding.binding, *fields
