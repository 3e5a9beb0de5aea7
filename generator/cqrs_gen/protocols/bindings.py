"""Reading a binding: which members have an effect, and values of the wrong kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.rules import INVALID_BINDING, UNSUPPORTED_BINDING

if TYPE_CHECKING:
    from collections.abc import Collection

    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report


def warn_unused(binding: Node | None, used: Collection[str], report: Report) -> None:
    """Say which members of a binding have no effect, once for all of them, at the first."""
    if binding is None:
        return
    unused = [
        node for key, node in binding.members() if key not in used and key != "bindingVersion" and key[:2] != "x-"
    ]
    if unused:
        names = ", ".join(repr(node.token) for node in unused)
        report(UNSUPPORTED_BINDING, unused[0], f"binding {names}: no effect on what is generated yet", at_key=True)


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
