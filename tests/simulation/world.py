"""What all parts of a simulation share: time, chance, what fails next, and the ledger."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Final

from .ledger import Ledger
from .loop import Loop

if TYPE_CHECKING:
    from .loading import Code

_LATENCIES: Final = (0.0, 0.001, 0.004, 0.02)


class World:
    """Time, chance, what fails next, and the ledger."""

    def __init__(self, code: Code, seed: int) -> None:
        self.code = code
        self.loop = Loop()
        self.ledger = Ledger(self.loop)
        self.rng = random.Random(seed)  # noqa: S311 - the same run each time
        random.seed(seed)  # for the waits of the runtime
        self._failing: Counter[str] = Counter()

    def latency(self) -> float:
        """Give how long something takes."""
        return self.rng.choice(_LATENCIES)

    def let_fail(self, fault: str) -> None:
        """Have something fail the next few times."""
        self._failing[fault] += self.rng.choice((1, 2, 4))

    def fails(self, fault: str) -> bool:
        """Whether something fails this time."""
        if self._failing[fault] == 0:
            return False
        self._failing[fault] -= 1
        self.ledger.note(f"fault: {fault}")
        return True
