"""Checks a whole document against its description: types, required and unknown fields, what references lead to."""

from __future__ import annotations

from collections import deque
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.objects import (
    SCHEMA,
    Choice,
    Either,
    ListOf,
    MapOf,
    ObjectType,
    Plain,
    Reference,
    fits,
    is_reference,
)
from cqrs_gen.rules import (
    MISSING_FIELD,
    NEWER_FIELD,
    OUTDATED_FIELD,
    UNKNOWN_FIELD,
    WRONG_REFERENCE,
    WRONG_TYPE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.objects import Shape
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node


_OUTDATED: Final = {"protocolInfo": "its place is 'bindings' since AsyncAPI 2"}
"""Fields of AsyncAPI 1 that count for nothing now."""


def check(
    document: Document,
    description: ObjectType,
    diagnostics: Diagnostics,
    newer: Mapping[str, frozenset[str]] | None = None,
) -> None:
    """Report everything in the document, and in what it refers to, that is not as `description` says.

    `newer` has, by the name of an object, fields that it has only in later versions than the document's; they are read
    all the same. What is inside schemas and inside the bindings of a protocol is not looked at.
    """
    walk = _Walk(document, diagnostics, newer or {})
    walk.visit(document.root, description)
    walk.follow_references()


class _Walk:
    """One walk over the document: first all that is written in its root file, then what references lead to.

    In this order each object is known by what it is where it stands, not by who happens to refer to it.
    """

    def __init__(self, document: Document, diagnostics: Diagnostics, newer: Mapping[str, frozenset[str]]) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._newer = newer
        self._kinds: dict[str, str] = {}
        """What each visited object is, by the id of its node."""
        self._references: deque[tuple[Node, Plain | MapOf | ObjectType | Either]] = deque()

    def visit(self, node: Node, shape: Shape) -> None:
        """Check a value and all below it; references are kept for later."""
        if not fits(node.value, shape):
            self._report_type(node, shape)
            return
        match shape:
            case Reference():
                if is_reference(node):
                    self._references.append((node, shape.target))
                else:
                    self.visit(node, shape.target)
            case Either():
                self.visit(node, shape.choose(node))
            case ListOf():
                self._visit_list(node, shape)
            case MapOf():
                self._visit_map(node, shape)
            case ObjectType():
                self._visit_object(node, shape)
            case Plain() | Choice():
                if shape is SCHEMA:
                    self._kinds[node.id] = "schema"

    def follow_references(self) -> None:
        """Check what the references lead to, and in turn what stands there; each object once."""
        while self._references:
            node, expected = self._references.popleft()
            target = self._document.resolve(node, self._diagnostics)
            if target is None:
                continue
            kind = self._kinds.get(target.id)
            if kind is None or isinstance(expected, Plain):
                self.visit(target, expected)
            elif kind not in _kinds_of(expected):
                self._document.report(
                    self._diagnostics,
                    WRONG_REFERENCE,
                    node.child("$ref"),
                    f"{_called(node)} must refer to {_a(_kinds_of(expected)[-1])}, but this is {_a(kind)}",
                )

    def _visit_list(self, node: Node, description: ListOf) -> None:
        for element in node.elements():
            self.visit(element, description.item)

    def _visit_map(self, node: Node, description: MapOf) -> None:
        self._kinds[node.id] = description.name
        for key, member in node.members():
            if not (description.extensions and key.startswith("x-")):
                self.visit(member, description.item)

    def _visit_object(self, node: Node, description: ObjectType) -> None:
        self._kinds[node.id] = description.name
        misspelt: set[str] = set()
        for field, member in node.members():
            shape = description.fields.get(field)
            if shape is not None:
                self.visit(member, shape)
                self._report_newer(member, description)
            elif field in _OUTDATED:
                message = f"{field!r} has no effect: {_OUTDATED[field]}"
                self._document.report(self._diagnostics, OUTDATED_FIELD, member, message, at_key=True)
            elif not field.startswith("x-"):
                close = get_close_matches(field, description.fields, 1)
                misspelt.update(close)
                self._report_unknown(node, member, description, close)
        for field in description.required:
            if node.get(field) is None and field not in misspelt:
                message = f"{_named(node, description)} must have {field!r}"
                self._document.report(self._diagnostics, MISSING_FIELD, node, message, at_key=True)

    def _report_type(self, node: Node, shape: Shape) -> None:
        message = f"{_called(node)} must be {_expected(shape)}, not {_kind(node.value)}"
        hint = None
        if isinstance(shape, Reference) and shape.only:
            hint = "write the object elsewhere and refer to it here with `$ref`"
            if isinstance(node.value, str):
                pointer = node.value if "/" in node.value else f"#/.../{node.value}"
                hint = f"refer to it with `$ref: '{pointer}'`"
        self._document.report(self._diagnostics, WRONG_TYPE, node, message, hint=hint)

    def _report_newer(self, member: Node, description: ObjectType) -> None:
        if member.token in self._newer.get(description.name, ()):
            message = f"{description.name} has the field {member.token!r} only in later versions of AsyncAPI"
            hint = "it is read all the same; say in 'asyncapi' which version the document is written in"
            self._document.report(self._diagnostics, NEWER_FIELD, member, message, hint=hint, at_key=True)

    def _report_unknown(self, node: Node, member: Node, description: ObjectType, close: Sequence[str]) -> None:
        field = member.token
        if field == "$ref":
            message = f"{_named(node, description)} cannot be a reference"
            hint = "write what it refers to in its place"
        else:
            message = f"{_named(node, description)} has no field {field!r}"
            hint = f"did you mean {close[0]!r}?" if close else "a field of your own starts with 'x-'"
        self._document.report(self._diagnostics, UNKNOWN_FIELD, member, message, hint=hint, at_key=True)


def _called(node: Node) -> str:
    """Name a value by its key; an element of a list by that of the list and its number."""
    tokens = node.pointer.rsplit("/", 2)
    if node.token.isdecimal() and len(tokens) == 3:  # noqa: PLR2004 - what is before, key, index
        return f"element {int(node.token) + 1} of {tokens[1]!r}"
    return repr(node.token) if node.token else "the file"


def _named(node: Node, description: ObjectType) -> str:
    named = node.token and node.token != description.name and not node.token.isdecimal()
    return f"{description.name} {node.token!r}" if named else description.name


def _expected(shape: Shape) -> str:
    match shape:
        case Plain():
            return shape.name
        case Choice():
            return " or ".join(repr(value) for value in shape.values)
        case ListOf():
            return "a list"
        case MapOf() | ObjectType():
            return "an object"
        case Either():
            return _expected(shape.otherwise)
        case Reference():
            return "a reference" if shape.only else _expected(shape.target)


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value) if len(value) < 40 else "a string"  # noqa: PLR2004 - what still reads well
    if isinstance(value, list):
        return "a list"
    return "an object" if isinstance(value, dict) else "a number"


def _kinds_of(shape: Plain | MapOf | ObjectType | Either) -> tuple[str, ...]:
    return (shape.then.name, shape.otherwise.name) if isinstance(shape, Either) else (shape.name,)


def _a(noun: str) -> str:
    return noun if noun.startswith("the ") else f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
