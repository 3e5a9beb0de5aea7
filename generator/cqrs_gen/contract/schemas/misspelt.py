"""Names in schemas that mean nothing, and that are nearly those that would: JSON Schema lets all of them through."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.doubt import Doubt
from cqrs_gen.contract.schemas.keywords import KEYWORDS, OTHER_KEYWORDS, in_place
from cqrs_gen.rules import UNDECLARED_REQUIRED, UNKNOWN_FORMAT, UNKNOWN_KEYWORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cqrs_gen.contract.schemas.all_of import Resolve
    from cqrs_gen.document.node import Node

_CUTOFF: Final = 0.75
_CUTOFF_OF_PROPERTIES: Final = 0.85
"""Higher, for an object may well have a `shippingAddress` and a `billingAddress`."""
_NEVER_MEANT: Final = frozenset({"$schema", "$id", "$comment", "if", "then", "else", "not"})
"""Keywords that change no model, with names that are near to words for annotations: `comment`, `note`, `when`."""
_MEANT: Final = tuple(name for name in ("$ref", *KEYWORDS) if name not in _NEVER_MEANT)
_TYPED: Final = ("date-time", "date", "uuid")
_FORMATS: Final = frozenset(
    {*_TYPED, "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6", "regex"}
    | {"uri", "uri-reference", "uri-template", "iri", "iri-reference", "json-pointer", "relative-json-pointer"}
    | {"date-time-local", "local-date-time", "iso-date-time", "ulid", "cuid", "uid"}
)
"""Formats of JSON Schema, and some that are in use and are near to those with a type of their own."""


def unknown_keywords(schema: Node) -> Iterator[Doubt]:
    """Find the keys that are no keywords and look like one that the schema lacks and that this value fits."""
    for name, node in schema.members():
        if name in KEYWORDS or name in OTHER_KEYWORDS or name.startswith("x-"):
            continue
        possible = (each for each in _near_keywords(name) if each not in schema.value and _fits(node.value, each))
        meant = next(possible, None)
        if meant is not None:
            message = f"{name!r} is no keyword of schemas, so it changes nothing"
            hint = f"did you mean {meant!r}? A keyword of your own starts with 'x-'"
            yield Doubt(UNKNOWN_KEYWORD, node, message, hint, at_key=True)


def unknown_format(written: Node) -> Iterator[Doubt]:
    """Doubt a `format` that is none and looks like one of those that have a type of their own."""
    for meant in _near(written.value, _TYPED)[:1] if written.value not in _FORMATS else ():
        message = f"the format {written.value!r} does not exist, so it changes nothing"
        yield Doubt(UNKNOWN_FORMAT, written, message, f"did you mean {meant!r}?")


def undeclared_required(required: Node, schema: Node, whole: Node, resolve: Resolve) -> Iterator[Doubt]:
    """Find the names in `required` of a schema that no property has, and that look like one that is not required.

    `whole` is the outermost schema that this one is a part of, by `allOf` and the like; or the schema itself.
    """
    here = _properties(schema)
    missing = [written for written in required.elements() if written.value not in here]
    if not missing:
        return
    declared = _declared(whole, resolve)
    optional = declared.difference(required.value)
    is_closed = whole.value.get("additionalProperties") is False and "patternProperties" not in whole.value
    for written in missing:
        if is_closed and written.value not in declared:
            message = f"{written.value!r} is required, and there is no such property and may be no other"
            yield Doubt(UNDECLARED_REQUIRED, written, message, "describe it in 'properties'")
            continue
        for meant in _near(written.value, optional, _CUTOFF_OF_PROPERTIES)[:1] if written.value not in declared else ():
            message = f"{written.value!r} is required, but there is no such property"
            yield Doubt(UNDECLARED_REQUIRED, written, message, f"did you mean {meant!r}?")


def _declared(whole: Node, resolve: Resolve) -> set[str]:
    """Give the names of the properties in a schema and in all that it refers to for the same object."""
    waiting, seen, names = [whole], set[str](), set[str]()
    while waiting:
        schema = resolve(waiting.pop())
        if schema is None or schema.id in seen:
            continue
        seen.add(schema.id)
        names |= _properties(schema)
        waiting += in_place(schema)
    return names


def _properties(schema: Node) -> set[str]:
    properties = schema.get("properties")
    return {name for name, _ in properties.members()} if properties is not None else set()


@cache
def _near_keywords(name: str) -> list[str]:
    return _near(name, _MEANT)


def _near(name: str, possible: Iterable[str], cutoff: float = _CUTOFF) -> list[str]:
    """Give the names that are near to another, case and punctuation aside; the nearest first."""
    plain = {_plain(each): each for each in sorted(possible)}
    return [plain[close] for close in get_close_matches(_plain(name), plain, cutoff=cutoff)]


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _fits(value: Any, keyword: str) -> bool:  # noqa: ANN401 - any JSON value
    return KEYWORDS[keyword].fits(value) if keyword in KEYWORDS else isinstance(value, str)
