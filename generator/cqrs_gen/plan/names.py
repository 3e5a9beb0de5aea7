"""Python names from the document's words, and every collision between them in one pass."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+[a-z]*")
_BUILTINS: Final = frozenset(dir(builtins))

ThingT = TypeVar("ThingT")


def words(text: str) -> list[str]:
    """Split a name of the document into its words, in lower case: `orderPlaced_v2` gives order, placed, v, 2.

    Small letters stay with the digits before them: `2nd` is one word.

    Accents are dropped and other characters beyond ASCII are spelt as their code point, so that no name is lost.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    ascii_only = "".join(char if char.isascii() else f" u{ord(char):x} " for char in plain)
    return [word.lower() for word in _WORD.findall(ascii_only)]


def class_name(text: str, default: str = "Message") -> str:
    """Give a class name (PEP 8, CapWords) made of the words of `text`; `default` where it has none."""
    name = "".join(word.capitalize() for word in words(text)) or default
    if name[0].isdigit():
        return f"{default}{name}"
    return f"{name}{default}" if _is_reserved(name) else name


def snake_name(text: str, default: str = "message") -> str:
    """Give a name for a function, a variable or a module (PEP 8) made of the words of `text`."""
    parts = words(text)
    joined = parts[0] if parts else default
    for part in parts[1:]:  # a digit stays with its word: order_v2, not order_v_2
        joined += part if part[0].isdigit() else f"_{part}"
    if joined[0].isdigit():
        return f"{default}_{joined}"
    return f"{joined}_" if _is_reserved(joined) else joined


def is_class_name(name: str) -> bool:
    """Whether a name that the document pins can be a class in Python."""
    return name.isascii() and name.isidentifier() and not _is_reserved(name) and not name.startswith("_")


def resolve_names(
    wanted: Mapping[ThingT, Sequence[str]],
    *,
    taken: Collection[str] = (),
    same: Callable[[str], str] = str.lower,
) -> tuple[dict[ThingT, str], list[tuple[ThingT, ThingT]]]:
    """Give everything a name of its own, whatever the order.

    `wanted` has for each thing its names, the shortest first, each later one saying more. Things whose names collide
    all go on to their next, so that neither keeps what the other lost. `taken` are names nobody may have; `same` gives
    what makes two names collide. Returns the names, and the pairs that collide to the last.
    """
    level = dict.fromkeys(wanted, 0)
    blocked = {same(name) for name in taken}
    while True:
        holders: dict[str, list[ThingT]] = {}
        for thing, names in wanted.items():
            holders.setdefault(same(names[level[thing]]), []).append(thing)
        movable = [
            thing
            for name, things in holders.items()
            if len(things) > 1 or name in blocked
            for thing in things
            if level[thing] + 1 < len(wanted[thing])
        ]
        if not movable:
            break
        for thing in movable:
            level[thing] += 1
    chosen = {thing: names[level[thing]] for thing, names in wanted.items()}
    return chosen, [(things[0], other) for things in holders.values() for other in things[1:]]


def _is_reserved(name: str) -> bool:
    return keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _BUILTINS
