"""What goes wrong when: every fault at every step, pairs, and more at random."""

from __future__ import annotations

import random
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Fault(NamedTuple):
    """Something that goes wrong before a step."""

    step: int
    name: str


class Schedule(NamedTuple):
    """A run: its model, the seed that decides all that is random, and what goes wrong. As text it can be replayed."""

    model: str
    seed: int
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        return " ".join([self.model, str(self.seed), *(f"{step}:{name}" for step, name in self.faults)])

    @classmethod
    def read(cls, text: str) -> Schedule:
        """Read what `str` gave."""
        model, seed, *faults = text.split()
        pairs = (fault.split(":") for fault in faults)
        return cls(model, int(seed), tuple(Fault(int(step), name) for step, name in pairs))


def single(model: str, names: Sequence[str], seed: int, steps: int) -> Iterator[Schedule]:
    """Nothing, and then every fault at every step of one run, which takes so many steps when nothing goes wrong."""
    yield Schedule(model, seed)
    for step in range(steps):
        for name in names:
            yield Schedule(model, seed, (Fault(step, name),))


def several(model: str, names: Sequence[str], seed: int, steps: int) -> Iterator[Schedule]:
    """For ever: in turn two faults, and up to four, each in another run."""
    rng = random.Random(f"{model} {seed}")  # noqa: S311 - the same schedules each time
    while True:
        for count in (2, rng.choice((1, 2, 3, 4))):
            faults = sorted(Fault(rng.randrange(steps + steps // 2), rng.choice(names)) for _ in range(count))
            yield Schedule(model, rng.randrange(1 << 30), tuple(faults))


def of_model(model: str, names: Sequence[str], seed: int, steps: int, count: int) -> Iterator[Schedule]:
    """Give so many schedules of a model: for one half each fault alone, evenly if there are more, then several."""
    alone = list(single(model, names, seed, steps))
    alone = alone[:: -(-len(alone) * 2 // count)]
    return chain(alone, islice(several(model, names, seed, steps), count - len(alone)))


def in_turn(sources: Sequence[Iterator[Schedule]]) -> Iterator[Schedule]:
    """Give one of each, again and again, until the shortest ends."""
    return chain.from_iterable(zip(*sources, strict=False))
