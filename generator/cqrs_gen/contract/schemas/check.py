"""Schema Objects: a check of every keyword, in a schema and in all that it holds and refers to."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, TypeAlias

from cqrs_gen.contract.schemas.keywords import ANYTHING, KEYWORDS, SCHEMA, TYPES, in_place, is_schema, subschemas
from cqrs_gen.contract.schemas.misspelt import undeclared_required, unknown_format, unknown_keywords
from cqrs_gen.contract.schemas.patterns import is_regular_expression
from cqrs_gen.contract.schemas.refused import refused_default, refused_values
from cqrs_gen.contract.schemas.unchecked import beside_reference, says_no_type, unchecked_keywords
from cqrs_gen.contract.schemas.wrapped import is_wrapper, wrapped
from cqrs_gen.rules import INVALID_PATTERN, UNCHECKED_KEYWORD, UNKNOWN_TYPE, WRONG_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cqrs_gen.contract.schemas.doubt import Doubt
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node

_FORMATS: Final = frozenset({"date", "date-time", "duration", "email", "time", "uri", "uuid"})
"""Formats of strings that are often taken for types."""


_CONDITIONS: Final = frozenset({"if", "then", "else", "not"})
"""Keywords of which nothing is checked; `if` says so for `then` and `else`, which mean nothing without it."""

_Waiting: TypeAlias = "tuple[Node, Node, Node | None]"
"""A schema; the outermost one that it is a part of, by `allOf`, `anyOf` and the like; and by `allOf` alone, None where
nothing more is said of what is not checked."""


class SchemaChecker:
    """Checks schemas and all that they refer to, each of them once."""

    def __init__(self, document: Document, diagnostics: Diagnostics) -> None:
        self._document = document
        self._diagnostics = diagnostics
        self._visited: set[str] = set()
        self._untyped: dict[str, bool] = {}

    def check(self, node: Node) -> None:
        """Report what is wrong in the schema `node`, in the schemas inside it and in those that they refer to."""
        waiting: list[_Waiting] = [(node, node, node)]
        while waiting:
            schema, whole, frame = waiting.pop()
            if schema.id in self._visited:
                continue
            self._visited.add(schema.id)
            if not is_schema(schema.value):
                self._report_wrong(schema, SCHEMA.expected)
            elif schema.get("$ref") is not None:
                self._report_not_checked(beside_reference(schema))
                target = self._resolve(schema)
                waiting += [(target, target, target)] if target is not None else []
            elif is_wrapper(schema):
                content = wrapped(schema)
                self._report_not_checked([schema.child("schema")] if content is None else [])
                waiting += [(content, content, content)] if content is not None else []
            else:
                self._check_keywords(schema)
                unchecked = self._unchecked(schema, frame) if frame is not None else []
                self._report_not_checked(unchecked)
                self._report_doubts(schema, whole)
                waiting += reversed(list(_inside(schema, whole, frame, unchecked)))

    def _unchecked(self, schema: Node, frame: Node) -> list[Node]:
        if frame.id not in self._untyped:  # all parts of an `allOf` ask for it
            self._untyped[frame.id] = says_no_type(frame, self._resolve)
        return list(unchecked_keywords(schema, self._resolve, is_untyped=self._untyped[frame.id]))

    def _check_keywords(self, schema: Node) -> None:
        for name, node in schema.members():
            keyword = KEYWORDS.get(name, ANYTHING)
            if not keyword.fits(node.value):
                self._report_wrong(node, keyword.expected)
                continue
            if name == "type":
                self._check_type(node)
            if name == "pattern" and not is_regular_expression(node.value):
                self._document.report(
                    self._diagnostics,
                    INVALID_PATTERN,
                    node,
                    f"the pattern {node.value!r} is no regular expression, so it is not checked",
                    hint="patterns are written in the dialect of ECMA 262",
                )

    def _report_not_checked(self, keywords: Iterable[Node]) -> None:
        for node in keywords:
            if _is_broken_pattern(node):  # which is said already
                continue
            message = f"{node.token!r} is not checked yet: the model accepts more than the schema"
            self._document.report(self._diagnostics, UNCHECKED_KEYWORD, node, message, at_key=True)

    def _report_doubts(self, schema: Node, whole: Node) -> None:
        for doubt in self._doubts(schema, whole):
            rule, node, message, hint, at_key = doubt
            self._document.report(self._diagnostics, rule, node, message, hint=hint, at_key=at_key)

    def _doubts(self, schema: Node, whole: Node) -> Iterator[Doubt]:
        yield from unknown_keywords(schema)
        for name, node in schema.members():
            if not KEYWORDS.get(name, ANYTHING).fits(node.value):
                continue
            match name:
                case "required":
                    yield from undeclared_required(node, schema, whole, self._resolve)
                case "format":
                    yield from unknown_format(node)
                case "enum":
                    yield from refused_values(node.elements(), schema)
                case "const":
                    yield from refused_values([node], schema)
                case "default":
                    yield from refused_default(node, schema, self._resolve)
                case _:
                    pass

    def _resolve(self, node: Node) -> Node | None:
        return self._document.resolve(node, self._diagnostics)

    def _check_type(self, node: Node) -> None:
        for written in [node] if isinstance(node.value, str) else node.elements():
            if written.value not in TYPES:
                message = f"type {written.value!r} does not exist"
                self._document.report(self._diagnostics, UNKNOWN_TYPE, written, message, hint=_type_hint(written.value))

    def _report_wrong(self, node: Node, expected: str) -> None:
        message = f"{node.token!r} must be {expected}"
        self._document.report(self._diagnostics, WRONG_TYPE, node, message)


def _inside(schema: Node, whole: Node, frame: Node | None, unchecked: Sequence[Node]) -> Iterator[_Waiting]:
    """Give the schemas inside a schema; what is inside a keyword that is not checked has been said with that."""
    depth = schema.pointer.count("/") + 1
    said = ({node.token for node in unchecked} | _CONDITIONS) - {"allOf"}
    parts = {part.id for part in in_place(schema)}
    for each in subschemas(schema):
        steps = each.pointer.split("/")
        own = None if steps[depth] in said else each
        yield each, whole if each.id in parts else each, frame if steps[depth] == "allOf" else own


def _is_broken_pattern(node: Node) -> bool:
    return node.pointer.endswith("/pattern") and not is_regular_expression(node.value)


def _type_hint(written: str) -> str:
    if written in _FORMATS:
        return f"it is a format: `type: string` with `format: {written}`"
    close = get_close_matches(written.lower(), TYPES, 1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"it is one of {', '.join(TYPES)}"
