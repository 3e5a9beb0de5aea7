"""What became of messages since the start, counted where it happens and read when somebody asks for metrics."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the histogram's buckets, in seconds."""


@dataclass(slots=True)
class Tally:
    """What became of the messages of one event."""

    handled: int = 0
    retried: int = 0
    dead_lettered: int = 0
    skipped: int = 0
    seconds: float = 0.0
    """How long its handlers took, in all attempts together."""
    attempts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    """How many attempts ended within each of `BOUNDS` and not within the one before; the last took longer than all."""

    def took(self, seconds: float) -> None:
        """Count one attempt of a handler."""
        self.seconds += seconds
        self.attempts[bisect_left(BOUNDS, seconds)] += 1


@dataclass(frozen=True, slots=True)
class Observation:
    """One channel at one moment."""

    channel: str
    """The topic or the queue."""
    tallies: Mapping[str, Tally]
    """By the class of the event; under the empty name what was skipped or could not be decoded."""
    in_flight: int
    """Messages whose handler runs, or whose dead letter is being written."""
    lags: Mapping[int, int] = field(default_factory=dict[int, int])
    """By partition: how many records are not finished, as far as the client knows without asking."""
