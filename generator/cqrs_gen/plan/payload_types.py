"""How generated modules spell the type of a payload."""

from __future__ import annotations

from typing import Final

BUILTIN: Final = frozenset({"Any", "bytes", "str"})
"""Types of payloads that are not in models.py."""


def payload_type(payload: str) -> str:
    """Give a payload's type, as a module beside models.py spells it; a builtin type is itself."""
    return payload if payload in BUILTIN else f"models.{payload}"


def payload_annotation(payload: str) -> str:
    """Give a payload's type for a signature, in which linters refuse `Any`."""
    return "object" if payload == "Any" else payload_type(payload)
