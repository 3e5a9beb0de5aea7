"""The messages of a simulation: what handlers do with them, and what has to become of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

if TYPE_CHECKING:
    from .loop import Process

ATTEMPTS: Final = 3
PATIENCE: Final = 2.0
"""Seconds that a replica waits for its handlers when it gives up partitions or stops."""


@dataclass(frozen=True)
class Kind:
    """What happens to a message when nothing else goes wrong."""

    name: str
    fate: str = "handled"
    attempts: int = 1
    seconds: float = 0.0
    """How long its handler takes."""


OK: Final = Kind("ok")
BAD: Final = Kind("bad", "dead")
"""It cannot be decoded."""
SKIPPED: Final = Kind("left out and skipped", "skipped")
"""No operation receives it, and others have a copy."""
LEFT_OUT: Final = Kind("left out", "dead")
"""No operation receives it, and nobody else has a copy."""
TOMBSTONE: Final = Kind("tombstone", "skipped")
FLAKY: Final = Kind("flaky", attempts=ATTEMPTS)
"""Its handler fails until the last attempt."""
POISON: Final = Kind("poison", "dead", ATTEMPTS)
REJECTED: Final = Kind("rejected", "dead")
LATER: Final = Kind("later", attempts=2)
"""Its handler asks for a second attempt after a time that is too long to wait in hand."""
QUITTER: Final = Kind("quitter", attempts=2)
"""Its handler is cancelled, or leaves the process, by something of its own at the first attempt."""
HAUNTED: Final = Kind("haunted", "dead", ATTEMPTS)
"""Its handler fails and leaves something behind that cancels its task while that waits for the next attempt."""
SLOW: Final = Kind("slow", seconds=1.0)
STUCK: Final = Kind("stuck", seconds=PATIENCE + 1.0)
STUBBORN: Final = Kind("stubborn", seconds=PATIENCE + 1.0)
"""As stuck, and its handler goes on for a while when it is cancelled."""
TOUCHY: Final = Kind("touchy", attempts=ATTEMPTS, seconds=PATIENCE + 1.0)
"""As stuck at its last attempt, and its handler makes an error of its own of being cancelled."""

_KINDS: Final = (OK, OK, BAD, FLAKY, POISON, REJECTED, LATER, QUITTER, HAUNTED, SLOW, STUCK, STUBBORN, TOUCHY)
OF_KAFKA: Final = (*_KINDS, SKIPPED, TOMBSTONE)
OF_RABBIT: Final = (*_KINDS, LEFT_OUT)


class Key(bytes):
    """A key with a hash that is the same in every process."""

    __slots__ = ()

    def __hash__(self) -> int:
        return crc32(self)


@dataclass(eq=False)
class Item:
    """A message as it was sent."""

    source: str
    """Its partition or queue."""
    number: int
    """Its place there."""
    kind: Kind
    key: Key | None = None

    def __str__(self) -> str:
        return f"{self.kind.name} {self.source}@{self.number}"


@dataclass(eq=False)
class Visit:
    """An item in the hands of a replica, from when it comes until it is finished or given away."""

    item: Item
    owner: Process
    origin: Any
    """What it came from: the membership of a group or a channel, each of which may be gone before it is finished."""
    attempts: int = 0
    earlier: int = 0
    """Those that were made before it came."""
    is_busy: bool = False
    idle_since: float = 0.0
    """When it was not busy any more."""
    is_final: bool = False
    """Nothing is left to do but to write its dead letter."""
    is_given_up: bool = False
    """Its handler was told to stop."""
