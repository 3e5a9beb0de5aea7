"""A connection in one direction."""

from __future__ import annotations

import contextvars
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import World


class Wire:
    """What is sent arrives after a while and in order, also when its sender is killed meanwhile."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._frames: deque[Callable[[], None]] = deque()
        self._latest = 0.0

    def send(self, frame: Callable[[], None]) -> None:
        """Have something done at the other end."""
        loop = self._world.loop
        self._latest = max(self._latest, loop.time() + self._world.latency())
        self._frames.append(frame)
        loop.call_at(self._latest, self._arrive, context=contextvars.Context())  # in the process of neither end

    def cut(self) -> None:
        """Lose what is on its way."""
        self._frames.clear()

    def _arrive(self) -> None:
        if self._frames:
            self._frames.popleft()()
