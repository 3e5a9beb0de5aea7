"""The Avro schemas of all messages as one file of JSON Schemas, so that the models are made of them as of any others.

A named type that several messages define alike is one type: its full name says so (specification, "Names").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqrs_gen.contract.model import Avro
from cqrs_gen.contract.schemas.avro.reading import AvroReading, UnreadableAvroError
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.node import Node, ParsedFile, Place, escape
from cqrs_gen.rules import OUTSIDE_REF, REMOTE_REF, UNRESOLVED_REF

if TYPE_CHECKING:
    from cqrs_gen.contract.schemas.avro.meaning import Schema
    from cqrs_gen.diagnostics import Rule
    from cqrs_gen.document.load import Document

__all__ = ["AvroPayloads", "UnreadableAvroError"]

_NOT_THERE = frozenset({OUTSIDE_REF.id, REMOTE_REF.id, UNRESOLVED_REF.id})


class AvroPayloads:
    """The schemas read so far."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._definitions: dict[str, Schema] = {}
        self._payloads: dict[str, Schema] = {}
        self._places = _Places({"": Place(1, 1, 1, 1)})
        written = {"$defs": self._definitions, "payloads": self._payloads}
        self._file = ParsedFile(document.root.file.source, written, self._places)

    def read(self, schema: Node, message_id: str, message: Node) -> tuple[Node, Avro]:
        """Read the schema of a message's payload: give its JSON Schema, and how it is decoded.

        Reports mistakes. Raises `UnreadableAvroError` for a schema that is not to be had, which is no mistake, and for
        one with which nothing can be decoded.
        """
        reading, payload, decoded = self._read(schema, "")
        if any(self._definitions.get(name, one) != one for name, one in reading.definitions.items()):
            # Another message has types of these names that differ: those of this message are its own.
            reading, payload, decoded = self._read(schema, f"{len(self._payloads) + 1}.")
        for name, definition in reading.definitions.items():
            key = reading.place(name).rpartition("/")[2]
            self._definitions.setdefault(key, definition)
            self._places.setdefault(f"/$defs/{key}", self._place_of(reading.nodes[name], message))
        place = f"/payloads/{escape(message_id)}"
        self._payloads[message_id] = payload
        self._places[place] = self._place_of(schema, message)
        return Node(self._file, place, payload), Avro(decoded, reading.is_recursive)

    def _read(self, schema: Node, prefix: str) -> tuple[AvroReading, Schema, Any]:
        reading = AvroReading(self._resolve, self._report, lambda full: f"/$defs/{prefix}{full}")
        return reading, *reading.read_whole(schema)

    def _resolve(self, node: Node) -> Node:
        """Follow a reference. One that leads to what is not there is no mistake: Avro is fetched from registries."""
        found = Diagnostics()
        target = self._document.resolve(node, found)
        for each in found.sorted():
            if each.rule.id in _NOT_THERE:
                raise UnreadableAvroError(each.message, node)
            self._diagnostics.add(each)
        if target is None:  # the mistakes in its file were reported
            raise UnreadableAvroError("the file of its schema has mistakes", node)
        return target

    def _report(self, rule: Rule, node: Node, message: str, *, hint: str | None = None, at_key: bool = False) -> None:
        self._document.report(self._diagnostics, rule, node, message, hint=hint, at_key=at_key)

    def _place_of(self, node: Node, message: Node) -> Place:
        """Give where a type is written; for one in another file than the document, where its message is."""
        for each in (node, message):
            if each.file.source is self._file.source:
                return each.file.places[each.pointer]
        return self._places[""]


class _Places(dict[str, Place]):
    """The places of some values; what is inside one is where that is."""

    def __missing__(self, pointer: str) -> Place:
        return self[pointer.rpartition("/")[0]]
