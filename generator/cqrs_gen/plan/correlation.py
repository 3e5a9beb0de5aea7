"""Where the correlation id of a message stands, as the runtime is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Message


@dataclass(frozen=True)
class CorrelationView:
    """What reads the correlation id of a message."""

    function: str
    """The class of the runtime that does it."""
    steps: tuple[str, ...]
    """Where it looks."""


def plan_correlation(message: Message) -> CorrelationView | None:
    """Say what reads the correlation id of a message; None where the contract says nothing."""
    if message.correlation_id is None:
        return None
    location = message.correlation_id.location
    return CorrelationView("HeaderId" if location.is_header else "PayloadId", location.steps)
