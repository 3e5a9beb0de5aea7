"""What a schema is called after: the place where it is written."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from cqrs_gen.contract.schemas.avro.names import FULL_NAME
from cqrs_gen.contract.schemas.keywords import KEYWORDS, Holds
from cqrs_gen.document.node import Node
from cqrs_gen.plan.names import class_name, is_class_name, words
from cqrs_gen.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PINNED: Final = "x-python-name"
"""The extension with which a schema says what it is called in Python."""

_ONE_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WRAPPED: Final = re.compile("/components/schemas/[^/]+/schema")
"""Where a schema in a Multi Format Schema Object is written; its key is that of the object."""
_BETWEEN: Final = frozenset({"bindings", *(module.binding for module in PROTOCOLS)})
"""Fields between a message and a schema in its bindings, which say nothing."""
_LONGEST_TITLE: Final = 3
"""Words of a title that is still a name; a longer one is a sentence."""


class Stem(NamedTuple):
    """What a schema that is written inside a message is called after, and so is all below it."""

    name: str
    suffix: str = ""
    """What the schema itself is called besides."""


class _Step(NamedTuple):
    """From a schema to one inside it."""

    held: Node
    """The value of the keyword: the schema itself, or several."""
    schema: Node


def wanted_names(schema: Node, stems: Mapping[str, Stem]) -> list[str]:
    """Give the names for a schema, the shortest first, each later one saying more of its place.

    `stems` is what schemas are called after that are written inside a message, by their ids.
    """
    if (pinned := pinned_name(schema)) is not None:
        return [pinned]
    label = PurePosixPath(schema.file.source.label)
    avro = schema.get(FULL_NAME)
    if avro is not None and isinstance(avro.value, str):
        # The last is for types that two messages define differently.
        return [class_name(text, "Type") for text in (avro.value.rpartition(".")[2], avro.value, schema.pointer)]
    short = _short_name(schema, stems)
    place = schema.pointer or label.as_posix()
    around = label.stem if schema.pointer else label.parent.name
    spelt = "".join(char if char.isalnum() or char == "/" else f" u{ord(char):x} " for char in place)
    return [short, *(class_name(text) for text in (f"{around} {short}", place, f"{label} {place}", f"{label} {spelt}"))]


def pinned_name(schema: Node) -> str | None:
    """Give the name that a schema pins, if that can be a class. It is a capital that keeps it apart from fields."""
    pin = schema.get(PINNED)
    if pin is None or not isinstance(pin.value, str):
        return None
    return pin.value if is_class_name(pin.value) and pin.value[0].isupper() else None


def _short_name(schema: Node, stems: Mapping[str, Stem]) -> str:
    """Call a schema after the outermost one around it and the way from there."""
    root, steps = _way_to(schema, stems)
    stem = stems.get(root.id)
    owner = pinned_name(root) or (stem.name if stem is not None else _own_name(root))
    path = ""
    for step in steps:
        if (pinned := pinned_name(step.schema)) is not None:
            owner, path = pinned, ""
        elif step.held.token in {"definitions", "$defs"}:
            owner, path = _own_name(step.schema), ""
        else:
            path += "".join(word.capitalize() for word in words(_step_name(step)))
    if not path and stem is not None and owner == stem.name:
        path = stem.suffix
    name = owner.rstrip("_") + path if path else owner
    return name if is_class_name(name) else f"{name}_"


def _way_to(schema: Node, stems: Mapping[str, Stem]) -> tuple[Node, list[_Step]]:
    """Give the outermost schema around a schema, and the steps from there."""
    nodes = [Node(schema.file, "", schema.file.value)]
    for token in schema.pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        nodes.append(nodes[-1].child(int(key) if _is_list(nodes[-1]) else key))
    first = next((index for index, node in enumerate(nodes) if node.id in stems), 0)
    for start in range(first, len(nodes)):
        steps = _steps(nodes[start:])
        if steps is not None and nodes[start].pointer != "/components/schemas":
            return nodes[start], steps
    raise AssertionError("no step leads from a schema to itself")


def _steps(nodes: Sequence[Node]) -> list[_Step] | None:
    """Read a way through the document as steps from schema to schema; None where it is none."""
    steps: list[_Step] = []
    rest = list(nodes[1:])
    while rest:
        held = rest.pop(0)
        keyword = KEYWORDS.get(held.token)
        if keyword is None or keyword.holds is Holds.NOTHING:
            return None
        is_single = keyword.holds is Holds.SCHEMA and not _is_list(held)
        if not is_single and not rest:
            return None
        steps.append(_Step(held, held if is_single else rest.pop(0)))
    return steps


def _own_name(schema: Node) -> str:
    """Call a schema after its key; one in a file of its own after the file."""
    title = schema.get("title")
    before = next((part for part in reversed(schema.pointer.split("/")[:-1]) if part not in _BETWEEN), "")
    name = schema.token if schema.pointer else PurePosixPath(schema.file.source.label).stem
    if _WRAPPED.fullmatch(schema.pointer):
        name = before.replace("~1", "/").replace("~0", "~")
    if "." in name and title is not None and _ONE_WORD.fullmatch(str(title.value)):
        name = title.value
    if name in {"payload", "schema"} or name.isdecimal():
        name = f"{before} {name}"
    elif name in {"headers", "key"} and before not in {"", "schemas", "definitions", "$defs"}:
        name = before if before.lower().endswith(name) else f"{before} {name}"
    return class_name(name, "Schema")


def _step_name(step: _Step) -> str:
    number = f" {int(step.schema.token) + 1}" if _is_list(step.held) else ""
    match step.held.token:
        case "properties":
            return step.schema.token
        case "items":
            return f"item{number}"
        case "additionalProperties" | "patternProperties":
            return "value"
        case "allOf":
            return ""
        case "anyOf" | "oneOf":
            is_only = sum(branch.value != {"type": "null"} for branch in step.held.elements()) == 1
            return "" if is_only else _short_title(step.schema) or f"option{number}"
        case keyword:
            return f"{keyword} {step.schema.token}"


def _is_list(node: Node) -> bool:
    return isinstance(node.value, list)


def _short_title(schema: Node) -> str | None:
    title = schema.get("title")
    is_name = title is not None and isinstance(title.value, str) and 0 < len(words(title.value)) <= _LONGEST_TITLE
    return title.value if title is not None and is_name else None
