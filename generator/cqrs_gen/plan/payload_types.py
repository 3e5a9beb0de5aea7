"""How generated modules spell the type of a payload."""

from __future__ import annotations


def payload_type(payload: str) -> str:
    """Give a payload's type, as a module beside models.py spells it; `Any` without a description."""
    return payload if payload == "Any" else f"models.{payload}"


def payload_annotation(payload: str) -> str:
    """Give a payload's type for a signature, in which linters refuse `Any`."""
    return "object" if payload == "Any" else payload_type(payload)
