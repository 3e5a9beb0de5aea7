"""Regular expressions of JSON Schema, which are those of ECMA 262, seen from Python and from pydantic."""

from __future__ import annotations

import re
import warnings
from typing import Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

_ESCAPED: Final = r"\\[-/.\\^$*+?()\[\]{}|dwsStnrfv]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}"
_SHARED: Final = re.compile(
    rf"""(?: [^\\\[\](){{}}?*+]                                  # a character, also . ^ $ |
      | {_ESCAPED}
      | \[ (?: (?!--|&&|~~)[^\\\[\]^] | {_ESCAPED} )+ \]
      | \[\^ (?: (?!--|&&|~~)[^\\\[\]] | (?!\\[dw])(?:{_ESCAPED}) )+ \]  # \W would refuse letters beyond ASCII
      | \((?!\?) | \(\?: | \)
      | (?: [*+?] | \{{[0-9]+(?:,[0-9]*)?\}} ) \??
    )*""",
    re.VERBOSE,
)
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


def is_shared(pattern: str) -> bool:
    """Whether pydantic reads a pattern, and never refuses a text that ECMA 262 accepts.

    Its engine knows no look-around, and takes characters beyond ASCII for digits and letters.
    """
    if not _SHARED.fullmatch(pattern):
        return False
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return False
    return True


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # Python may read `[[` in another way one day
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True
