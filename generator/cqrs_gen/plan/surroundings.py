"""What is around the payload of a message and is typed and checked: its headers, and its key where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.contract.schemas.check import SchemaChecker
from cqrs_gen.contract.schemas.read_values import ValuesReader
from cqrs_gen.contract.schemas.values import AnyValues, MapValues, ObjectValues
from cqrs_gen.contract.schemas.wrapped import is_wrapper
from cqrs_gen.rules import UNCHECKED_KEYWORD, UNSUPPORTED_HEADERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cqrs_gen.contract.model import Message
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node
    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.served import Served
    from cqrs_gen.protocols.base import Report, Resolve


@dataclass(frozen=True)
class Surroundings:
    """The schemas of what is around payloads, each by the id of its message; messages without one are left out."""

    headers: Mapping[str, Node]
    keys: Mapping[str, Node]


def plan_surroundings(
    served: Sequence[Served],
    messages: Iterable[NamedMessage],
    document: Document,
    diagnostics: Diagnostics,
    report: Report,
) -> Surroundings:
    """Find the schemas of headers and keys of the messages that are received or sent.

    A schema that asks for nothing is none. Reports schemas that cannot be checked, and what is wrong in those of keys:
    the bindings that they stand in are not looked at when a contract is read.
    """
    reader = ValuesReader(document, diagnostics)

    def resolve(node: Node) -> Node | None:
        return document.resolve(node, diagnostics)

    headers: dict[str, Node] = {}
    sent = {
        message.id for one in served for destination in one.destinations for message in destination.operation.messages
    }
    for named in messages:
        is_used = named.is_received or named.message.id in sent
        schema = _headers(named.message, reader, report) if is_used else None
        if schema is not None:
            headers[named.message.id] = schema
    keys: dict[str, Node] = {}
    checker = SchemaChecker(document, diagnostics)
    for message, key in _keys(served, resolve, report):
        checker.check(key)
        if not isinstance(reader.read(key), AnyValues):
            keys[message.id] = key
    return Surroundings(headers, keys)


def _headers(message: Message, reader: ValuesReader, report: Report) -> Node | None:
    """Give the schema of a message's headers if it lists them (AsyncAPI, Message Object: a map of key-value pairs)."""
    node = message.headers
    if node is None:
        return None
    values = reader.read(node) if not is_wrapper(node) else None  # in a foreign language
    match values:
        case ObjectValues(nullable=False):
            others = values.others
            if others is not None and others.value not in (True, {}):
                text = "other headers than those that are listed are not checked yet"
                report(UNCHECKED_KEYWORD, others, text, at_key=True)
            return node
        case AnyValues() | MapValues(members=None):
            return None
        case _:
            report(
                UNSUPPORTED_HEADERS,
                node,
                "headers are as they come: their schema does not list them",
                hint="it is an object with 'properties', in the schema language of AsyncAPI",
                at_key=True,
            )
            return None


def _keys(served: Sequence[Served], resolve: Resolve, report: Report) -> Iterable[tuple[Message, Node]]:
    """Give the messages that are received or sent with a key, and its schema."""
    seen: set[str] = set()
    for one in served:
        operations = [
            operation for endpoint in one.endpoints for source in endpoint.sources for operation in source.operations
        ]
        operations += [destination.operation for destination in one.destinations]
        for message in (message for operation in operations for message in operation.messages):
            if one.protocol.key_schema is not None and message.id not in seen:
                seen.add(message.id)
                key = one.protocol.key_schema(message, resolve, report)
                if key is not None:
                    yield message, key
