"""What is wrong with the user's document: values with a place, collected by every stage that reads."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.source import Location


class Severity(enum.Enum):
    """Whether anything is generated in spite of it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Rule:
    """A kind of finding. `id` is made of words and never changes; `summary` is one sentence for documentation."""

    id: str
    severity: Severity
    summary: str


@dataclass(frozen=True)
class Diagnostic:
    """One finding: what is wrong, where, and what to do about it."""

    rule: Rule
    location: Location
    message: str
    hint: str | None = None
    source_line: str = ""
    chain: tuple[Location, ...] = ()
    """The references (`$ref`) that led here, outermost first."""


class Diagnostics:
    """Collects findings, each place and rule once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Location, str], Diagnostic] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        """Keep a finding; the same one again is not kept."""
        self._found.setdefault((diagnostic.rule.id, diagnostic.location, diagnostic.message), diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether anything stops the generation."""
        return any(found.rule.severity is Severity.ERROR for found in self._found.values())

    def sorted(self) -> list[Diagnostic]:
        """All findings by file, line, column and rule."""
        return sorted(self._found.values(), key=lambda found: (found.location, found.rule.id, found.message))
