"""Values in schemas that the very schema refuses: defaults, and those of `enum` and `const`."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.contract.schemas.all_of import merge
from cqrs_gen.contract.schemas.doubt import Doubt
from cqrs_gen.contract.schemas.keywords import KEYWORDS, TYPES, json_type
from cqrs_gen.rules import INVALID_DEFAULT, INVALID_ENUM_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cqrs_gen.contract.schemas.all_of import Resolve
    from cqrs_gen.document.node import Node

_LONG: Final = 40
"""How many characters of a value still read well."""
_UNQUOTED: Final = re.compile(r"true|false|-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?")
"""Texts that are something else without quotes."""


def refused_default(default: Node, schema: Node, resolve: Resolve) -> Iterator[Doubt]:
    """Doubt a default of a type, or beside the choice, that its schema and the parts of its `allOf` allow.

    null is never doubted: it says that there is no default.
    """
    if default.value is None:
        return
    merged = merge(schema, resolve)
    if merged.types is not None and not _is_of(default.value, merged.types):
        message = f"the default {_shown(default.value)} is not used: {_only(merged.types)}"
        yield Doubt(INVALID_DEFAULT, default, message, _hint(default.value, merged.types))
    elif merged.choice is not None and not _is_among(default.value, merged.choice):
        message = f"the default {_shown(default.value)} is not used: it is none of the allowed values"
        yield Doubt(INVALID_DEFAULT, default, message, _hint_of_choice(default.value, merged.choice))


def refused_values(written: Iterable[Node], schema: Node) -> Iterator[Doubt]:
    """Find the values of an `enum` or a `const` that the `type` beside it refuses."""
    types = _types(schema)
    for value in written:
        if not _is_of(value.value, types):
            message = f"{_shown(value.value)} can never come: {_only(types)}"
            yield Doubt(INVALID_ENUM_VALUE, value, message, _hint(value.value, types))


def _types(schema: Node) -> frozenset[str]:
    """Give the types that one schema writes, its parts aside; all where it writes none."""
    node = schema.get("type")
    if node is None or not KEYWORDS["type"].fits(node.value):
        return frozenset(TYPES)
    types = [node.value] if isinstance(node.value, str) else node.value
    return frozenset([*types, "null"] if schema.value.get("nullable") is True else types)


def _is_of(value: object, types: frozenset[str]) -> bool:
    """Whether a value is of one of some types; a type that does not exist, which is reported, has every value."""
    found = json_type(value)
    return found in types or (found == "integer" and "number" in types) or not types.issubset(TYPES)


def _is_among(value: object, choice: Sequence[object]) -> bool:
    return any(value == each and json_type(value) == json_type(each) for each in choice)


def _only(types: frozenset[str]) -> str:
    names = " and ".join(map(repr, sorted(types)))
    return f"only the type {names} is allowed" if len(types) == 1 else f"only the types {names} are allowed"


def _hint(value: object, types: frozenset[str]) -> str:
    if isinstance(value, (bool, int, float)) and "string" in types:
        return "in quotes it is a string"
    if isinstance(value, str) and _UNQUOTED.fullmatch(value) and _is_of(json.loads(value), types):
        return f"without quotes it is {_a(json_type(json.loads(value)))}"
    return "change the value or the type"


def _hint_of_choice(value: object, choice: Sequence[object]) -> str:
    texts = {each.casefold(): each for each in choice if isinstance(each, str)}
    close = get_close_matches(value.casefold(), texts, 1) if isinstance(value, str) else []
    return f"did you mean {texts[close[0]]!r}?" if close else "change it to one of them"


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write a value as the document would, where it is short; else say what it is."""
    text = repr(value) if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONG else _a(json_type(value))


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aio' else 'a'} {noun}"
