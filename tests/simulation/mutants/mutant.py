"""What a mutant is."""

from __future__ import annotations

from typing import Final, NamedTuple

KAFKA: Final = ("kafka", "kafka-3")
RABBIT: Final = ("rabbit",)
BOTH: Final = (*KAFKA, *RABBIT)


class Mutant(NamedTuple):
    """A mistake: in a file, `after` instead of `before`, which is there exactly once."""

    name: str
    file: str
    before: str
    after: str
    models: tuple[str, ...]
    """Where it must be noticed."""
