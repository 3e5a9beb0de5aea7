"""What an unquoted text means in YAML 1.2 (core schema, section 10.3.2) and in JSON, which is a part of it."""

from __future__ import annotations

import math
import re
from typing import Final

_MAX_DIGITS: Final = 1000
"""Far beyond any number of a contract, and below what Python refuses to read or write."""

_CONSTANTS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_STARTS_OF_NUMBERS: Final = frozenset("+-.0123456789")
_INTEGER: Final = re.compile(r"[-+]?[0-9]+\Z")
_OTHER_BASE: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NO_NUMBER: Final = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")


def plain_value(text: str) -> str | float | bool | None:
    """Give what an unquoted text stands for. Raises `ValueError` for a number that JSON does not have."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _STARTS_OF_NUMBERS:
        return text
    if _INTEGER.match(text) or _OTHER_BASE.match(text) or _FLOAT.match(text):
        return number(text)
    if _NO_NUMBER.match(text):
        raise ValueError(f"{text} is not a number that JSON has")
    return text


def number(text: str) -> float:
    """Give the number that a text is known to write. Raises `ValueError` when it is too large."""
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"the number has more than {_MAX_DIGITS:,} digits")
    if _INTEGER.match(text):
        return int(text)
    if _OTHER_BASE.match(text):
        return int(text, 0)
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"the number {text} is too large")
    return value
