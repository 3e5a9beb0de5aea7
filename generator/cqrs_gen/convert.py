"""Schema files as the AsyncAPI 3.0 document that means the same: what the page shows, and `cqrs-gen convert`."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.jsonschema import CHANNEL, PROTOCOL
from cqrs_gen.document.bundle import bundle_file
from cqrs_gen.document.node import Node, ParsedFile, escape, is_mapping, unescape
from cqrs_gen.plan.names import resolve_names
from cqrs_gen.plan.schema_places import PINNED, wanted_names
from cqrs_gen.protocols import PROTOCOLS, protocol_called
from cqrs_gen.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from cqrs_gen.contract.model import Channel, Contract, Message
    from cqrs_gen.document.load import Document
    from cqrs_gen.plan.schema_names import SchemaNames

_SCHEMAS: Final = "/components/schemas"
_NO_KEY: Final = re.compile(r"[^A-Za-z0-9._-]+")
"""What the keys of components may not have (AsyncAPI 3.0, Components Object)."""
_LEFT_OUT: Final = frozenset({"$id", CHANNEL, PROTOCOL})
"""What is said elsewhere in the document, and an `$id`, from which references would be counted."""


def to_asyncapi(contract: Contract, document: Document, names: SchemaNames, wanted: Collection[str]) -> dict[str, Any]:
    """Give the document, in which every file is a component and every reference leads there.

    `names` are the names of the models: one that the place in the new document would not give is pinned. `wanted` are
    the keys of the protocols that the user asked for.
    """
    keys = _component_keys(file.source.label for file in document.parsed_files)
    places = {label: f"{_SCHEMAS}/{escape(key)}" for label, key in keys.items()}
    schemas = {keys[file.source.label]: _component(file, places) for file in document.parsed_files}
    converted: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {"title": contract.info.title, "version": contract.info.version},
        "defaultContentType": "application/json",
        "channels": {channel.key: _channel(channel, places, wanted) for channel in contract.channels},
        "operations": {
            operation.key: {"action": "receive", "channel": {"$ref": f"#/channels/{escape(operation.channel.key)}"}}
            for operation in contract.operations
        },
        "components": {"schemas": schemas},
    }
    _pin_names(converted, names, places)
    return converted


def _component_keys(labels: Iterable[str]) -> dict[str, str]:
    """Call each file after its name; where two have one name, after the whole path."""
    paths = {label: PurePosixPath(label) for label in labels}
    candidates = {
        label: [_key(path.stem), _key(path.with_suffix("").as_posix()), _key(label), f"file-{number}"]
        for number, (label, path) in enumerate(paths.items(), start=1)
    }
    return resolve_names(candidates)[0]


def _key(text: str) -> str:
    return _NO_KEY.sub("-", text).strip("-.") or "schema"


def _component(file: ParsedFile, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    value = bundle_file(file, places)
    return {key: member for key, member in value.items() if key not in _LEFT_OUT} if is_mapping(value) else value


def _channel(channel: Channel, places: Mapping[str, str], wanted: Collection[str]) -> dict[str, Any]:
    said = protocol_called(channel.protocol.value) if channel.protocol is not None else None
    modules = [said] if said is not None else [module for module in PROTOCOLS if module.key in wanted]
    written: dict[str, Any] = {
        "address": channel.address,
        "messages": {message.key: _message(message, places) for message in channel.messages},
    }
    if channel.parameters:
        written["parameters"] = {parameter.name: {} for parameter in channel.parameters}
    if modules:
        written["bindings"] = {module.binding: {} for module in modules}
    return written


def _message(message: Message, places: Mapping[str, str]) -> dict[str, Any]:
    told = {"title": message.title, "description": message.description, PINNED: message.python_name}
    written: dict[str, Any] = {key: text for key, text in told.items() if text is not None}
    written["payload"] = {"$ref": f"#{places[message.node.file.source.label]}"}
    return written


def _pin_names(converted: dict[str, Any], names: SchemaNames, places: Mapping[str, str]) -> None:
    """Write down the names that come from what a file is called, or from two files that would give one name."""
    label = "asyncapi.yaml"
    file = ParsedFile(SourceFile(Path(label), label, label, ""), converted, {})
    for id_, name in sorted({**names.aliases, **names.classes}.items()):  # what is around a schema comes before it
        label = max((label for label in places if id_.startswith(f"{label}#")), key=len)
        schema = Node(file, "", converted)
        for token in f"{places[label]}{id_.removeprefix(label)[1:]}".split("/")[1:]:
            schema = schema.child(int(token) if isinstance(schema.value, list) else unescape(token))
        short = wanted_names(schema, {})[0]
        if name not in {short, f"Maybe{short}"}:
            schema.value[PINNED] = name
