"""The types of Avro that have names: records, enumerations, fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cqrs_gen.contract.schemas.avro.meaning import NOTHING, Schema, is_default
from cqrs_gen.contract.schemas.avro.names import FULL_NAME, PRIMITIVES, Name, defined_name, is_name
from cqrs_gen.document.node import is_sequence

if TYPE_CHECKING:
    from cqrs_gen.contract.schemas.avro.reading import AvroReading
    from cqrs_gen.document.node import Node


def read_record(reading: AvroReading, node: Node, namespace: str) -> tuple[Schema, Any]:
    """Read a record (specification, "Records"): an object that has all its fields and no others."""
    name, schema = _define(reading, node, namespace)
    if name is None:
        return NOTHING
    schema |= {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
    decoded: dict[str, Any] = {"type": "record", "name": name.full, "fields": []}
    reading.open.add(name.full)
    fields = node.get("fields")
    if fields is None or not isinstance(fields.value, list):
        reading.wrong(fields or node, "an Avro record must have a list of 'fields'", at_key=True)
        fields = None
    for field in fields.elements() if fields is not None else ():
        field_name, type_ = field.get("name"), field.get("type")
        if field_name is None or type_ is None or not is_name(field_name.value):
            hint = "a name has letters, digits and '_'"
            reading.wrong(field_name or field, "a field must have a 'name' that is one, and a 'type'", hint=hint)
            continue
        if field_name.value in schema["properties"]:
            reading.wrong(field_name, f"the record has two fields {field_name.value!r}")
        member, decoded_type = reading.read(type_, name.namespace)
        schema["properties"][field_name.value] = {**member, **_told(field)}
        if not _may_be_left_out(field, member, schema["properties"][field_name.value]):
            schema["required"].append(field_name.value)
        decoded["fields"].append({"name": field_name.value, "type": decoded_type})
    reading.open.remove(name.full)
    return reading.reference(name.full), decoded


def read_enum(reading: AvroReading, node: Node, namespace: str) -> tuple[Schema, Any]:
    """Read an enumeration (specification, "Enums")."""
    name, schema = _define(reading, node, namespace)
    symbols = node.get("symbols")
    texts: list[Any] = symbols.value if symbols is not None and is_sequence(symbols.value) else []
    if symbols is None or not texts or not all(map(is_name, texts)) or len(set(texts)) < len(texts):
        message = "an Avro enum must have 'symbols': names, each once"
        reading.wrong(symbols or node, message, hint="a name has letters, digits and '_'", at_key=True)
        return NOTHING
    if name is None:
        return NOTHING
    schema |= {"type": "string", "enum": texts}
    return reading.reference(name.full), {"type": "enum", "name": name.full, "symbols": texts}


def read_fixed(reading: AvroReading, node: Node, namespace: str) -> tuple[Schema, Any]:
    """Read a fixed (specification, "Fixed")."""
    name, schema = _define(reading, node, namespace)
    size = node.get("size")
    if size is None or type(size.value) is not int or size.value < 1:
        reading.wrong(size or node, "an Avro fixed must have a 'size', which is a number above 0", at_key=True)
        return NOTHING
    if name is None:
        return NOTHING
    meaning, decoded = reading.plain("fixed", node.value, node)
    schema |= meaning
    is_plain = decoded == "fixed"
    return reading.reference(name.full), {
        **({"type": "fixed"} if is_plain else decoded),
        "name": name.full,
        "size": size.value,
    }


def _define(reading: AvroReading, node: Node, namespace: str) -> tuple[Name | None, Schema]:
    """Give the name of a definition, and its JSON Schema to be filled in."""
    name = defined_name(node, namespace)
    kind = node.value["type"]
    if name is None or name.full in PRIMITIVES:
        hint = "its parts have letters, digits and '_', start with no digit, and have dots between them"
        reading.wrong(node.get("name") or node, f"an Avro {kind} must have a 'name' that can be one", hint=hint)
        return None, {}
    if name.full in reading.nodes:
        reading.wrong(node.child("name"), f"{name.full!r} is defined already", hint="use its name in place of the type")
        return None, {}
    reading.nodes[name.full] = node
    schema = reading.definitions[name.full] = {"title": name.short}
    schema |= {"description": f"Avro {kind} `{name.full}`."} if kind != "fixed" else {}
    schema |= {FULL_NAME: name.full, **_told(node)}
    pin = node.get("x-python-name")
    schema |= {"x-python-name": pin.value} if pin is not None else {}
    return name, schema


def _told(node: Node) -> Schema:
    doc = node.get("doc")
    return {"description": doc.value} if doc is not None and isinstance(doc.value, str) and doc.value.strip() else {}


def _may_be_left_out(field: Node, member: Schema, written: Schema) -> bool:
    """Whether Python code may leave a field out: it has a default that the model can have, which is then written."""
    default = field.get("default")
    if default is None:
        return False
    if default.value is None:
        return {"type": "null"} in member.get("anyOf", [member])
    if is_default(default.value, member):
        written["default"] = default.value
        return True
    return False
