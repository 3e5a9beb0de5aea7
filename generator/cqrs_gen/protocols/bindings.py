"""Reading a binding: which members have an effect, and values of the wrong kind."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from cqrs_gen.document.node import is_mapping, is_sequence
from cqrs_gen.rules import INVALID_BINDING, UNKNOWN_BINDING, UNSUPPORTED_BINDING

if TYPE_CHECKING:
    from collections.abc import Collection

    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report


def warn_unused(binding: Node | None, used: Collection[str], known: Collection[str], report: Report) -> None:
    """Say which fields of a binding have no effect, once for all of them, and which the protocol does not know.

    `known` are all fields that the binding's object may have, `used` are those that have an effect.
    """
    if binding is None:
        return
    members = [node for key, node in binding.members() if key not in used and not key.startswith("x-")]
    unused = [node for node in members if node.token in known]
    if unused:
        names = ", ".join(repr(node.token) for node in unused)
        report(UNSUPPORTED_BINDING, unused[0], f"binding {names}: no effect on what is generated yet", at_key=True)
    for node in members:
        if node.token not in {*known, "bindingVersion"}:
            close = get_close_matches(node.token, known, 1)
            hint = f"did you mean {close[0]!r}?" if close else None
            report(UNKNOWN_BINDING, node, f"the binding has no field {node.token!r}", hint=hint, at_key=True)


def text(binding: Node | None, key: str, report: Report) -> str | None:
    """Give a string member; None where it is absent or empty, or reported as no string."""
    node = binding.get(key) if binding is not None else None
    if node is None:
        return None
    if isinstance(node.value, str):
        return node.value or None
    report(INVALID_BINDING, node, f"binding {key!r} must be a string")
    return None


def flag(binding: Node | None, key: str, report: Report, *, default: bool) -> bool:
    """Give a boolean member; `default` where it is absent or reported as no boolean."""
    node = binding.get(key) if binding is not None else None
    if node is None:
        return default
    if isinstance(node.value, bool):
        return node.value
    report(INVALID_BINDING, node, f"binding {key!r} must be true or false")
    return default


def integer(binding: Node | None, key: str, allowed: range, report: Report) -> int | None:
    """Give an integer member; None where it is absent, or reported as no integer of `allowed`."""
    node = binding.get(key) if binding is not None else None
    if node is None:
        return None
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value in allowed:
        return node.value
    report(INVALID_BINDING, node, f"binding {key!r} must be an integer from {allowed[0]} to {allowed[-1]}")
    return None


def texts(binding: Node | None, key: str, report: Report) -> tuple[str, ...]:
    """Give a member that is a string or a list of strings; empty where it is absent or reported as neither."""
    node = binding.get(key) if binding is not None else None
    if node is None:
        return ()
    values = [element.value for element in node.elements()] if is_sequence(node.value) else [node.value]
    found = tuple(value for value in values if isinstance(value, str))
    if len(found) != len(values):
        report(INVALID_BINDING, node, f"binding {key!r} must be a list of strings")
        return ()
    return found


def number(binding: Node | None, key: str, report: Report, *, least: int) -> int | None:
    """Give a whole number that is at least `least`; None where it is absent or reported as none."""
    node = binding.get(key) if binding is not None else None
    if node is None:
        return None
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value >= least:
        return node.value
    report(INVALID_BINDING, node, f"binding {key!r} must be a whole number, {least} or more")
    return None


def mapping(binding: Node | None, key: str, report: Report) -> Node | None:
    """Give a member that is an object; None where it is absent or reported as none."""
    node = binding.get(key) if binding is not None else None
    if node is None or is_mapping(node.value):
        return node
    report(INVALID_BINDING, node, f"binding {key!r} must be an object")
    return None


def choice(binding: Node | None, key: str, allowed: Collection[str], report: Report) -> str | None:
    """Give a string member that must be one of `allowed`; a symbol of Ruby (`:routing_key`) counts."""
    value = text(binding, key, report)
    if value is None or binding is None:
        return None
    head, *tail = value.lstrip(":").split("_")
    name = head + "".join(part.capitalize() for part in tail)
    if name in allowed:
        return name
    report(
        INVALID_BINDING,
        binding.child(key),
        f"binding {key!r} cannot be {value!r}",
        hint=f"one of {', '.join(sorted(allowed))}",
    )
    return None
