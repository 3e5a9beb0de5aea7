"""What was sent, and whether every message of it is accounted for."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from random import Random

KEYS: Final = 30
REPEATS_PER_KILL: Final = 300
"""Messages that a kill may bring again: what was handled since the last commit, which is at most a second ago."""
MOST_TIMES: Final = 4

Kind = Literal["ok", "flaky", "poison", "bad"]
_WEIGHTS: Final[dict[Kind, int]] = {"ok": 90, "flaky": 5, "poison": 2, "bad": 3}


@dataclass(frozen=True)
class Sent:
    """A message, named by its key and its number."""

    number: int
    kind: Kind

    @property
    def key(self) -> str:
        return f"k{self.number % KEYS}"

    @property
    def name(self) -> str:
        return f"{self.key}-{self.number}"

    @property
    def body(self) -> bytes:
        text = json.dumps({"user_id": self.name, "email": "somebody@example.com", "name": self.kind})
        return text[:-1].encode() if self.kind == "bad" else text.encode()

    @property
    def is_hopeless(self) -> bool:
        """Whether only the dead letter can be its end."""
        return self.kind in {"poison", "bad"}


def mixture(count: int, chance: Random) -> list[Sent]:
    """Give that many messages of all kinds."""
    kinds = chance.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()), k=count)
    return [Sent(number, kind) for number, kind in enumerate(kinds)]


def name_in(body: bytes) -> str:
    """Give the name of the message that a body is of, valid or not."""
    return body.split(b'"')[3].decode()


@dataclass(frozen=True)
class Account:
    """How what was handled and what is dead compare with what was sent."""

    sent: int
    handled: int
    lost: Sequence[str]
    handled_in_vain: Sequence[str]
    """Handled although they are hopeless, or never sent."""
    dead: int
    not_dead: Sequence[str]
    wrongly_dead: Sequence[str]
    repeats: int
    most_times: int
    dead_repeats: int
    out_of_order: Sequence[str]
    """Keys whose messages were handled for the first time in another order than they were sent in."""

    def complaints(self, kills: int, *, keeps_order: bool) -> list[str]:
        """Tell what is not as it should be after that many kills."""
        wrong = {
            "lost": self.lost,
            "handled in vain": self.handled_in_vain,
            "not dead": self.not_dead,
            "wrongly dead": self.wrongly_dead,
            "out of order": self.out_of_order if keeps_order else (),
        }
        complaints = [f"{len(names)} {what}: {', '.join(list(names)[:10])}" for what, names in wrong.items() if names]
        if self.repeats > kills * REPEATS_PER_KILL:
            complaints.append(f"{self.repeats} repeats after {kills} kills")
        if self.most_times > MOST_TIMES:
            complaints.append(f"one message was handled {self.most_times} times")
        return complaints


def account(sent: Iterable[Sent], handled: Sequence[str], dead: Sequence[str]) -> Account:
    """Compare; `handled` is in the order in which it happened."""
    times, dead_times = Counter(handled), Counter(dead)
    hopeful = {one.name for one in sent if not one.is_hopeless}
    hopeless = {one.name for one in sent if one.is_hopeless}
    return Account(
        sent=len(hopeful) + len(hopeless),
        handled=len(times),
        lost=sorted(hopeful - times.keys()),
        handled_in_vain=sorted(times.keys() - hopeful),
        dead=len(dead_times),
        not_dead=sorted(hopeless - dead_times.keys()),
        wrongly_dead=sorted(dead_times.keys() - hopeless),
        repeats=times.total() - len(times),
        most_times=max(times.values(), default=0),
        dead_repeats=dead_times.total() - len(dead_times),
        out_of_order=_out_of_order(times),
    )


def _out_of_order(first_times: Iterable[str]) -> list[str]:
    """Take names in the order in which they came first."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for name in first_times:
        key, _, number = name.partition("-")
        numbers[key].append(int(number))
    return [key for key, found in numbers.items() if found != sorted(found)]
