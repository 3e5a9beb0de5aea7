"""Runs many schedules in several processes, and hunts for mutants."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from .loading import as_it_is, mutated
from .mutants import MUTANTS
from .runs import MODELS, run, silence
from .schedules import Schedule, in_turn, of_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .loading import Code
    from .mutants import Mutant

_CHUNK: Final = 100


class Broken(NamedTuple):
    """A schedule that breaks a promise."""

    schedule: Schedule
    violation: str


class Caught(NamedTuple):
    """How many schedules it took to notice a mutant, and the last one; None when it was not noticed."""

    tries: int
    broken: Broken | None


def schedules(models: Sequence[str], seed: int, count: int) -> list[Iterator[Schedule]]:
    """Give about so many schedules, of each model as many."""
    share = -(-count // len(models))
    return [
        of_model(model, MODELS[model].faults, seed, run(as_it_is(), Schedule(model, seed)).steps, share)
        for model in models
    ]


def explore(planned: Sequence[Schedule], jobs: int) -> Iterator[list[Broken]]:
    """Run schedules in so many processes; gives what is broken, chunk by chunk."""
    chunks = [planned[start : start + _CHUNK] for start in range(0, len(planned), _CHUNK)]
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_run_all, chunks)


def hunt_all(jobs: int, seed: int, limit: int) -> Iterator[Caught]:
    """Hunt for all mutants in so many processes, in their order."""
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(partial(hunt, seed=seed, limit=limit), MUTANTS)


def hunt(mutant: Mutant, seed: int, limit: int) -> Caught:
    """Run up to `limit` schedules with a mutant, until one breaks a promise."""
    code = mutated(mutant)
    tries = 0
    with silence():
        for tries, schedule in enumerate(islice(in_turn(schedules(mutant.models, seed, limit)), limit), 1):
            if broken := _run(code, schedule):
                return Caught(tries, broken)
    return Caught(tries, None)


def _run_all(planned: Sequence[Schedule]) -> list[Broken]:
    with silence():
        return [broken for schedule in planned if (broken := _run(as_it_is(), schedule))]


def _run(code: Code, schedule: Schedule) -> Broken | None:
    violation = run(code, schedule).violation
    return None if violation is None else Broken(schedule, violation)
