"""Runtime expressions: where in a message a value stands (AsyncAPI, Runtime Expression)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_EXPRESSION: Final = re.compile(r"\$message\.(header|payload)(?:#((?:/(?:[^~/]|~[01])*)*))?", re.DOTALL)
"""The source, and behind `#` a JSON Pointer (RFC 6901)."""


@dataclass(frozen=True)
class Expression:
    """A value of a message: in its headers or in its payload, and the steps that lead there."""

    is_header: bool
    steps: tuple[str, ...]
    """The first one into the headers is the name of a header; none into the payload mean all of it."""


def parse_expression(text: str) -> Expression | None:
    """Read an expression such as `$message.header#/correlationId`; None for what is none, or names no header."""
    found = _EXPRESSION.fullmatch(text)
    if found is None:
        return None
    tokens = (found[2] or "").split("/")[1:]
    steps = tuple(unquote(token).replace("~1", "/").replace("~0", "~") for token in tokens)
    is_header = found[1] == "header"
    return None if is_header and not any(steps[:1]) else Expression(is_header, steps)
