"""What became of each message, and what must hold of that whatever the broker is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .messages import ATTEMPTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .loop import Loop
    from .messages import Item, Visit


class Ledger:
    """Counts what is done with each item, and has the run fail when that should not have been done."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.finished: set[Item] = set()
        """Handled, dead-lettered or skipped."""
        self.trace: list[tuple[float, int, str]] = []
        self._handled: Counter[Item] = Counter()
        self._dead: Counter[Item] = Counter()
        self._attempts: Counter[Item] = Counter()
        self._repeatable: set[Item] = set()
        self._is_disturbed = False
        self.is_quiet = True
        """Nothing has happened that a replica could notice."""

    def note(self, text: str) -> None:
        """Add a line to what is shown of a run."""
        self.trace.append((self._loop.time(), self._loop.steps, text))

    def disturb(self, why: str) -> None:
        """Something happened after which anything may be handled twice."""
        self.note(f"from now on messages may come twice: {why}")
        self._is_disturbed = True

    def may_repeat(self, item: Item) -> None:
        """Something happened after which this item may be handled twice."""
        self._repeatable.add(item)

    def is_settled(self, item: Item) -> bool:
        """Whether it is finished, and everybody knows."""
        return item in self.finished and item not in self._repeatable

    def begins(self, visit: Visit, attempt: int) -> None:
        """Delivery makes an attempt, and says which."""
        self.note(f"{visit.owner} begins {visit.item}, attempt {attempt}")
        self._attempts[visit.item] += 1
        visit.attempts += 1
        if visit.is_busy:
            self._loop.fail(f"{visit.item} is begun while its attempt before is not over")
        if visit.is_final:
            self._loop.fail(f"{visit.item} is handled again although only its dead letter is left")
        if attempt != visit.attempts or attempt > ATTEMPTS:
            self._loop.fail(f"attempt {visit.attempts} at {visit.item} says it is attempt {attempt}")
        visit.is_busy = True

    def handled(self, visit: Visit) -> None:
        """Note that a handler has done its work."""
        self._finish(visit, self._handled, "handled")

    def skipped(self, visit: Visit) -> None:
        """Note that there is nothing to do."""
        self._finish(visit, Counter(), "skipped")

    def dead(self, visit: Visit, reasons: Mapping[str, object]) -> None:
        """Note that the broker has a dead letter, with headers that say why."""
        self._finish(visit, self._dead, "dead")
        if not visit.is_final:
            self._loop.fail(f"{visit.item} is dead-lettered although it could be handled")
        if visit.is_given_up:
            self._loop.fail(f"{visit.item} is dead-lettered because its handler was told to stop")
        if reasons.get("x-attempts") != str(visit.attempts):
            self._loop.fail(f"the dead letter of {visit.item} tells of {reasons.get('x-attempts')} attempts")

    def check_end(self, items: Iterable[Item]) -> None:
        """Check what must hold when nothing is left."""
        for item in items:
            outcome = (self._handled[item], self._dead[item])
            if item not in self.finished:
                self._loop.fail(f"{item} is lost")
            if self.is_quiet and (self._attempts[item] != item.kind.attempts or outcome != _EXPECTED[item.kind.fate]):
                self._loop.fail(f"{item}: {self._attempts[item]} attempts, handled and dead {outcome}")

    def _finish(self, visit: Visit, counter: Counter[Item], fate: str) -> None:
        item = visit.item
        self.note(f"{visit.owner}: {item} is {fate}")
        counter[item] += 1
        self.finished.add(item)
        may_repeat = self._is_disturbed or item in self._repeatable
        if not may_repeat and self._handled[item] + self._dead[item] > 1:
            self._loop.fail(f"{item} is {fate}, not for the first time, although nothing had happened")


_EXPECTED = {"handled": (1, 0), "dead": (0, 1), "skipped": (0, 0)}
