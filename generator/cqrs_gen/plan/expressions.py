"""Where in a message something stands, as the runtime is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.contract.expressions import Expression


@dataclass(frozen=True)
class ExpressionView:
    """What reads a value of a message."""

    function: str
    """The class of the runtime that does it."""
    steps: tuple[str, ...]
    """Where it looks."""


def view_expression(expression: Expression | None) -> ExpressionView | None:
    """Say what reads the value that an expression leads to; None where the contract has no expression."""
    if expression is None:
        return None
    return ExpressionView("HeaderValue" if expression.is_header else "PayloadValue", expression.steps)
