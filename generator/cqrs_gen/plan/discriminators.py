"""What tells the messages of a channel apart: decided when generating, the first rule that separates all, else most.

The envelope's name comes before all of this and is read by every deserializer. Then a header, then a member of the
payload, whose schema allows one string only; then nothing is left but which message a body is valid as.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cqrs_gen.contract.model import Content
from cqrs_gen.contract.schemas.wrapped import wrapped
from cqrs_gen.document.node import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cqrs_gen.contract.model import Message
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Resolve


@dataclass(frozen=True)
class Discriminator:
    """A name, and the values it has in one message; a message is recognised by any of them."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Separation:
    """How messages of a channel are recognised, by the message's id: none where only validity tells.

    Only JSON messages have members that can be looked at before they are decoded.
    """

    headers: dict[str, Discriminator]
    members: dict[str, Discriminator]
    ambiguous: tuple[tuple[Message, Message], ...]
    """Pairs that a valid body of one may be valid as the other, too."""


def separate(messages: Sequence[Message], resolve: Resolve) -> Separation:
    """Decide what tells `messages` apart. `resolve` follows a reference in a schema."""
    if len(messages) < 2:  # noqa: PLR2004 - one message is told from nothing
        return Separation({}, {}, ())
    headers = _separating({message.id: _fixed_members(message.headers, resolve) for message in messages})
    if len(headers) == len(messages):
        return Separation(headers, {}, ())
    as_json = [message for message in messages if message.content is Content.JSON]
    members = _separating({message.id: _fixed_members(message.payload, resolve) for message in as_json})
    if len(members) == len(messages):
        return Separation({}, members, ())
    ambiguous = tuple(
        (first, second)
        for index, second in enumerate(messages)
        for first in messages[:index]
        if _look_alike(first, second, resolve)
        and not any({first.id, second.id} <= told for told in (headers.keys(), members.keys()))
    )
    return Separation(headers, members, ambiguous)


def fixed_headers(schema: Node | None, resolve: Resolve) -> dict[str, str]:
    """Give the headers that can have one text only, with that text."""
    return {name: values[0] for name, values in _fixed_members(schema, resolve).items()}


def declared_members(schema: Node | None, resolve: Resolve) -> set[str]:
    """Give the names of an object's properties, those of its `allOf` parts included."""
    return {name for name, _ in _properties(schema, resolve)}


def required_members(schema: Node | None, resolve: Resolve) -> set[str]:
    """Give the names that an object must have, those of its `allOf` parts included."""
    return {name for part in _parts(schema, resolve) for name in _texts(part.value.get("required"))}


def declares_envelope(schema: Node | None, resolve: Resolve) -> bool:
    """Whether a payload's own schema has members of python-cqrs' envelope, so that none can be around it."""
    return bool({"event_name", "eventName", "payload"} & declared_members(schema, resolve))


def _separating(fixed: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, Discriminator]:
    """Give the name that tells most of the messages apart, two at least, with no value in two of them.

    What has none of its values is one of the messages that do not have it.
    """
    best: dict[str, Discriminator] = {}
    for name in dict.fromkeys(name for members in fixed.values() for name in members):
        found = {id_: Discriminator(name, members[name]) for id_, members in fixed.items() if name in members}
        values = [value for one in found.values() for value in one.values]
        if len(found) > max(len(best), 1) and len(values) == len(set(values)):
            best = found
    return best


def _fixed_members(schema: Node | None, resolve: Resolve) -> dict[str, tuple[str, ...]]:
    fixed: dict[str, tuple[str, ...]] = {}
    for name, node in _properties(schema, resolve):  # a part of `allOf` may fix what another one only declares
        target = resolve(node)
        if target is not None and (value := _fixed_value(target.value)) is not None:
            fixed.setdefault(name, (value,))
    for part in _parts(schema, resolve):
        discriminator = part.get("discriminator")
        if schema is not None and discriminator is not None and isinstance(discriminator.value, str):
            # AsyncAPI, Schema Object: the value is the name of the schema.
            target = resolve(schema)
            if target is not None and target.pointer.startswith("/components/schemas/"):
                fixed.setdefault(discriminator.value, (target.token,))
    return fixed


def _fixed_value(schema: Any) -> str | None:  # noqa: ANN401 - a schema is any JSON value
    if not is_mapping(schema):
        return None
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    return values[0] if is_sequence(values) and len(values) == 1 and isinstance(values[0], str) else None


def _look_alike(first: Message, second: Message, resolve: Resolve) -> bool:
    """Whether an ordinary body may be read as both, as far as is known without its content type."""
    contents = {first.content, second.content}
    if len(contents) > 1:
        return not contents.isdisjoint({Content.TEXT, Content.BYTES})  # as which nearly everything can be read
    if not contents.isdisjoint({Content.AVRO, Content.BYTES}):
        return True  # nothing in a body of Avro says what it is
    return not _differ(first.payload, second.payload, resolve)


def _differ(first: Node | None, second: Node | None, resolve: Resolve) -> bool:
    """Whether no ordinary body is valid as both: other types, or each requires what the other does not declare."""
    types = [_types(schema, resolve) for schema in (first, second)]
    if types[0] and types[1] and not types[0] & types[1]:
        return True
    declared = [declared_members(schema, resolve) for schema in (first, second)]
    required = [required_members(schema, resolve) for schema in (first, second)]
    fixed = [_fixed_members(schema, resolve) for schema in (first, second)]
    if any(
        fixed[0][name] != fixed[1][name] and name in required[0] and name in required[1]
        for name in fixed[0].keys() & fixed[1].keys()
    ):
        return True
    return bool(required[0] - declared[1] and required[1] - declared[0])


def _types(schema: Node | None, resolve: Resolve) -> set[str]:
    found: set[str] = set()
    for part in _parts(schema, resolve):
        written = part.value.get("type")
        found |= {written} if isinstance(written, str) else _texts(written)
        if written is None and "properties" in part.value:
            found.add("object")
    return found | ({"number"} if "integer" in found else set())


def _texts(value: object) -> set[str]:
    return {element for element in value if isinstance(element, str)} if is_sequence(value) else set()


def _properties(schema: Node | None, resolve: Resolve) -> Iterator[tuple[str, Node]]:
    for part in _parts(schema, resolve):
        properties = part.get("properties")
        if properties is not None:
            yield from properties.members()


def _parts(schema: Node | None, resolve: Resolve, depth: int = 0) -> list[Node]:
    """Give the schema itself and its `allOf` parts, references followed; recursion ends at a depth nobody writes."""
    target = resolve(schema) if schema is not None else None
    if target is None or not is_mapping(target.value) or depth > 8:  # noqa: PLR2004
        return []
    if (inner := wrapped(target)) is not None:
        return _parts(inner, resolve, depth + 1)
    parts = [target]
    all_of = target.get("allOf")
    for part in all_of.elements() if all_of is not None else ():
        parts += _parts(part, resolve, depth + 1)
    return parts
