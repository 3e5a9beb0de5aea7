"""What the readers of every version have in common: following references, bindings, the Info Object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.contract.described import Described
from cqrs_gen.contract.expressions import parse_expression
from cqrs_gen.contract.model import Info
from cqrs_gen.contract.objects import is_reference
from cqrs_gen.rules import INVALID_EXPRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.contract.expressions import Expression
    from cqrs_gen.contract.objects import ObjectType
    from cqrs_gen.diagnostics import Diagnostics, Rule
    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import Node


@dataclass(frozen=True)
class Reading:
    """A document that is being read, and where its mistakes are reported."""

    document: Document
    diagnostics: Diagnostics

    def resolve(self, node: Node) -> Node | None:
        """Follow the reference that stands at a node, if one does; None where it leads nowhere, which is reported."""
        return self.document.resolve(node, self.diagnostics)

    def open(self, node: Node, description: ObjectType) -> Described | None:
        """Follow a reference and give the object there; None where there is none, which the check has reported."""
        target = self.resolve(node)
        return Described(target, description) if target is not None and isinstance(target.value, dict) else None

    def report(self, rule: Rule, node: Node, message: str, *, hint: str | None = None, at_key: bool = False) -> None:
        """Report a mistake; at a reference, where it says what it refers to."""
        place = node.child("$ref") if is_reference(node) else node
        self.document.report(self.diagnostics, rule, place, message, hint=hint, at_key=at_key)

    def bindings(self, owner: Described) -> Mapping[str, Node]:
        """Give the bindings of an object by protocol."""
        node = owner.get("bindings")
        bindings = self.resolve(node) if node is not None else None
        if bindings is None:
            return {}
        found = ((key, self.resolve(member)) for key, member in bindings.members() if not key.startswith("x-"))
        return {key: member for key, member in found if member is not None and isinstance(member.value, dict)}

    def expression(self, location: Node, *, otherwise: str, hint: str) -> Expression | None:
        """Read the runtime expression at a node; None for what is none, reported with what happens `otherwise`."""
        expression = parse_expression(location.value) if isinstance(location.value, str) else None
        if expression is None:
            self.report(
                INVALID_EXPRESSION, location, f"{location.value!r} is no runtime expression: {otherwise}", hint=hint
            )
        return expression

    def info(self, root: Described, description: ObjectType) -> Info:
        """Read the Info Object."""
        node = root.get("info")
        if node is None:
            return Info(title="", version="")
        info = Described(node, description)
        return Info(info.text("title") or "", info.text("version") or "", info.text("description"))
