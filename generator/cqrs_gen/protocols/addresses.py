"""Addresses with parameters, as names on a broker. `templates/runtime/address.py` names them alike: a test compares."""

from __future__ import annotations

import re
from typing import Final

_EXPRESSION: Final = re.compile(r"\{([^{}]+)\}")
_WORD: Final = re.compile(r"[^.]*\{[^{}]+\}[^.]*")


def has_parameters(address: str) -> bool:
    """Whether an address has parameters."""
    return _EXPRESSION.search(address) is not None


def without_braces(address: str) -> str:
    """Give a name that stands for all addresses of a template: `users.{id}.created` is `users.id.created`."""
    return _EXPRESSION.sub(lambda found: re.sub(r"[^A-Za-z0-9_-]", "_", found[1]), address)


def as_words(address: str) -> str:
    """Give what a topic exchange matches addresses of a template with: `users.{id}.created` is `users.*.created`."""
    return _WORD.sub("*", address)
