"""Regular expressions of JSON Schema, which are those of ECMA 262, seen from Python and from pydantic."""

from __future__ import annotations

import re
import warnings
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

_ESCAPED: Final = r"\\[-/.\\^$*+?()\[\]{}|dwstnrfv]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}"
_SHARED: Final = re.compile(
    rf"""(?: [^\\\[\](){{}}?*+]                                  # a character, also . ^ $ |
      | {_ESCAPED} | \\[DWS]
      | \[\^? (?: (?!--|&&|~~)[^\\\[\]^] | {_ESCAPED} )+ \]
      | \((?!\?) | \(\?: | \)
      | (?: [*+?] | \{{[0-9]+(?:,[0-9]*)?\}} ) \??
    )*""",
    re.VERBOSE,
)
_SETS: Final = {
    "d": "0-9",
    "w": "0-9A-Za-z_",
    "s": r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
}
"""What ECMA 262 means by these (CharacterClassEscape); pydantic's engine means those of all of Unicode."""
_PIECE: Final = re.compile(r"\\.|.", re.DOTALL)
_BESIDE_DASH: Final = re.compile(r"\\[dws]-[^\]]|[^\[^]-\\[dws]")
"""A set beside a dash, which is no range: what would be written for it might make one."""
_ONLY_ECMA: Final = (
    (re.compile(r"\\(?:c[A-Za-z]|[pP]\{[^}]*\}|u\{[^}]*\}|k<[^>]*>|[A-Za-z])"), "."),
    (re.compile(r"\(\?<(?=[=!])"), "(?"),
    (re.compile(r"\(\?<"), "(?P<"),
    (re.compile(r"\[\^?\]"), "."),
)


def is_regular_expression(pattern: str) -> bool:
    """Whether a pattern can be read at all, by Python or by a lenient view of ECMA 262."""
    lenient = pattern
    for only_ecma, python in _ONLY_ECMA:
        lenient = only_ecma.sub(python, lenient)
    return _compiles(pattern) or _compiles(lenient)


def for_pydantic(pattern: str) -> str | None:
    """Write a pattern as pydantic's engine means the same by it; None for what that does not have, as look-around."""
    if not _SHARED.fullmatch(pattern) or _BESIDE_DASH.search(pattern):
        return None
    written = _with_sets(pattern)
    try:
        SchemaValidator(core_schema.str_schema(pattern=written))
    except SchemaError:
        return None
    return written


def _with_sets(pattern: str) -> str:
    """Write out the sets that have other characters in pydantic's engine."""
    parts: list[str] = []
    is_inside = False
    for piece in _PIECE.findall(pattern):
        name = piece[1:].lower()
        if len(piece) > 1 and name in _SETS:
            negation = "" if piece[1:] == name else "^"
            parts.append(_SETS[name] if is_inside else f"[{negation}{_SETS[name]}]")
        else:
            is_inside = piece == "[" or (is_inside and piece != "]")
            parts.append(piece)
    return "".join(parts)


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # Python may read `[[` in another way one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
