"""What a check finds doubtful in a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cqrs_gen.diagnostics import Rule
    from cqrs_gen.document.node import Node


class Doubt(NamedTuple):
    """Something that a schema may say, and that is hardly meant: where, what, and what to do about it."""

    rule: Rule
    node: Node
    message: str
    hint: str
    at_key: bool = False
