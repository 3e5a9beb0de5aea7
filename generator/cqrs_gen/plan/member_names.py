"""Python names for what is inside the classes of models.py: fields, and members of enumerations."""

from __future__ import annotations

import keyword
import unicodedata
from typing import TYPE_CHECKING, Final

from cqrs_gen.plan.names import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

_TAKEN: Final = frozenset(
    (
        *("construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw", "schema"),
        *("schema_json", "update_forward_refs", "validate", "model_computed_fields", "model_config"),
        *("model_construct", "model_copy", "model_dump", "model_dump_json", "model_extra", "model_fields"),
        *("model_fields_set", "model_json_schema", "model_parametrized_name", "model_post_init", "model_rebuild"),
        *("model_validate", "model_validate_json", "model_validate_strings", "mro", "register"),
        *("bool", "dt", "float", "int", "list", "str"),
    )
)
"""What a field cannot be called: the attributes of pydantic's models and of their classes, and the types that
annotations are written with.

A fixed list, not what the installed pydantic has: names must not depend on it.
"""


def field_names(members: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Name the field for each member of a JSON object: snake case, each name once, in the order given.

    A member that is called like a field already keeps its name, whatever stands before it. `taken` are names that a
    field cannot have, besides those that none can.
    """
    return _distinct(members, lambda member: _field_name(member, taken))


def constant_names(values: Iterable[str]) -> dict[str, str]:
    """Name the member of an enumeration for each of its values: upper case, each name once, in the order given."""
    return _distinct(values, _constant_name)


def _distinct(texts: Iterable[str], name: Callable[[str], str]) -> dict[str, str]:
    wanted = {text: name(text) for text in texts}
    names = {text: text for text, wish in wanted.items() if text == wish}
    used = set(names)
    for text, wish in wanted.items():
        if text not in names:
            free = (
                candidate for number in range(1, len(wanted) + 2) if (candidate := _numbered(wish, number)) not in used
            )
            names[text] = next(free)
            used.add(names[text])
    return {text: names[text] for text in wanted}


def _field_name(text: str, taken: Collection[str]) -> str:
    name = _joined(text, "field")
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN or name in taken else name


def _constant_name(text: str) -> str:
    if not words(text):  # "<=" is LESS_THAN_SIGN_EQUALS_SIGN
        text = " ".join(unicodedata.name(char, "") for char in text.strip()) or "empty"
    return _joined(text, "value").upper()


def _joined(text: str, default: str) -> str:
    parts = words(text)
    joined = parts[0] if parts else default
    for part in parts[1:]:  # a digit stays with its word: line2, not line_2
        joined += part if part[0].isdigit() else f"_{part}"
    return f"{default}_{joined}" if joined[0].isdigit() else joined


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name.rstrip('_')}_{number}"
