"""Reading messages: one object of the document is one `Message`, however often it is referred to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cqrs_gen.contract.model import CorrelationId, Message
from cqrs_gen.contract.objects_shared import CORRELATION_ID
from cqrs_gen.contract.traits import merge_traits

if TYPE_CHECKING:
    from collections.abc import Callable

    from cqrs_gen.contract.described import Described
    from cqrs_gen.contract.objects import ObjectType
    from cqrs_gen.contract.reading import Reading
    from cqrs_gen.document.node import Node


@dataclass(frozen=True)
class MessageSyntax:
    """What of messages differs between versions."""

    message: ObjectType
    trait: ObjectType
    traits_override: bool
    key: Callable[[Described, str], str]
    """What the document calls a message, given what it is called where its own place gives it no name."""
    payload: Callable[[Described, Reading], tuple[Node | None, str | None]]
    """Gives the payload's schema and its format, None for the plain one, of a message with its traits merged."""
    headers: Callable[[Described, Reading], Node | None]


@dataclass(frozen=True)
class Messages:
    """The messages read so far."""

    reading: Reading
    syntax: MessageSyntax
    default_content_type: str | None
    _read: dict[str, Message] = field(default_factory=dict[str, Message])

    def read(self, node: Node, key: str) -> Message | None:
        """Read the message at `node`, following a reference; None where there is none, which has been reported.

        `key` is what it is called if its own place gives it no name.
        """
        written = self.reading.open(node, self.syntax.message)
        if written is None:
            return None
        known = self._read.get(written.node.id)
        if known is None:
            known = self._read[written.node.id] = self._build(written, self.syntax.key(written, key))
        return known

    def _build(self, written: Described, key: str) -> Message:
        syntax, reading = self.syntax, self.reading
        merged = merge_traits(written, syntax.trait, reading, override=syntax.traits_override)
        payload, schema_format = syntax.payload(merged, reading)
        return Message(
            id=written.node.id,
            key=key,
            name=merged.text("name"),
            title=merged.text("title"),
            summary=merged.text("summary"),
            description=merged.text("description"),
            content_type=merged.text("contentType") or self.default_content_type,
            schema_format=schema_format,
            payload=payload,
            headers=syntax.headers(merged, reading),
            correlation_id=_correlation_id(merged, reading),
            python_name=merged.text("x-python-name"),
            examples=tuple(merged.elements("examples")),
            bindings=reading.bindings(merged),
            node=written.node,
        )


def _correlation_id(message: Described, reading: Reading) -> CorrelationId | None:
    """Read where the correlation id stands; None where nothing is said, or nothing that can be read."""
    node = message.get("correlationId")
    written = reading.open(node, CORRELATION_ID) if node is not None else None
    location = written.get("location") if written is not None else None
    if written is None or location is None:
        return None
    expression = reading.expression(
        location,
        otherwise="the correlation id is looked for in the usual headers",
        hint="it is written as $message.header#/correlationId or $message.payload#/order/id",
    )
    return CorrelationId(expression, written.node) if expression is not None else None
