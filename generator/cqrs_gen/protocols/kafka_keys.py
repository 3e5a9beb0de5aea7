"""Kafka: the keys of records (AsyncAPI Kafka bindings 0.5.0, Message Binding Object)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.contract.model import Content
from cqrs_gen.contract.schemas.keywords import TYPES, is_schema
from cqrs_gen.contract.schemas.wrapped import is_wrapper, wrapped
from cqrs_gen.document.node import is_sequence
from cqrs_gen.rules import INVALID_BINDING, UNSUPPORTED_BINDING

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Message
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report, Resolve


def key_schema(message: Message, resolve: Resolve, report: Report) -> Node | None:
    """Give the schema of a record's key; one in another language than that of AsyncAPI is reported and left out."""
    binding = message.bindings.get("kafka")
    written = binding.get("key") if binding is not None else None
    if written is None:
        return None
    if message.content is Content.AVRO:  # then keys are Avro, too, also where their schema looks like another one
        _report_unchecked(written, report)
        return None
    schema = resolve(written)
    return _checked(written, schema, report) if schema is not None else None


def _checked(written: Node, schema: Node, report: Report) -> Node | None:
    is_avro = is_sequence(schema.value) or isinstance(schema.value, str)  # a union of Avro's, or the name of a type
    if not (is_avro or is_schema(schema.value)):
        report(INVALID_BINDING, schema, "binding 'key' must be a schema")
        return None
    if (inner := wrapped(schema)) is not None:
        return inner
    if is_wrapper(schema) or is_avro or not _is_json_schema(schema):
        _report_unchecked(written, report)
        return None
    return written


def _is_json_schema(schema: Node) -> bool:
    """Whether the types of a schema are those of JSON: Avro's are others, as `record` and `long`."""
    written = schema.get("type")
    types = [] if written is None else written.elements() if isinstance(written.value, list) else [written]
    return all(one.value in TYPES for one in types)


def _report_unchecked(key: Node, report: Report) -> None:
    report(
        UNSUPPORTED_BINDING,
        key,
        "binding 'key': its schema is no JSON Schema, so that keys are not checked yet",
        hint="the handler gets the key as it comes",
        at_key=True,
    )
