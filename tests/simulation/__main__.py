"""Explores schedules, hunts for mutants, or replays one schedule: see `python -m tests.simulation --help`."""

from __future__ import annotations

import argparse
import sys
from itertools import chain
from time import perf_counter
from typing import Final

from .exploring import explore, hunt_all, schedules
from .loading import as_it_is
from .mutants import MUTANTS
from .runs import MODELS, run, silence
from .schedules import Schedule

_SHOWN: Final = 20


def main() -> int:
    """Do what the command line asks for; 1 when a promise is broken or a mutant survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000, help="how many to run; with --mutants, at each mutant")
    parser.add_argument("--seed", type=int, default=1, help="other schedules for each")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes")
    parser.add_argument("--mutants", action="store_true", help="check that mistakes in the runtime are noticed")
    parser.add_argument("--replay", metavar="SCHEDULE", help="show what happens in one schedule, as it was printed")
    arguments = parser.parse_args()
    with silence():
        if arguments.replay:
            return _replay(Schedule.read(arguments.replay))
        if arguments.mutants:
            return _hunt(arguments.jobs, arguments.seed, arguments.schedules)
        return _explore(arguments.jobs, arguments.seed, arguments.schedules)


def _explore(jobs: int, seed: int, count: int) -> int:
    planned = list(chain.from_iterable(schedules(list(MODELS), seed, count)))
    began, broken = perf_counter(), 0
    for found in explore(planned, jobs):
        for schedule, violation in found:
            broken += 1
            if broken <= _SHOWN:
                print(f"{violation}\n    python -m tests.simulation --replay '{schedule}'", flush=True)
    seconds = perf_counter() - began
    rate = len(planned) / seconds
    print(f"{len(planned)} schedules in {seconds:.0f} s, {rate:.0f} a second: {broken} broke a promise")
    return 1 if broken else 0


def _hunt(jobs: int, seed: int, limit: int) -> int:
    survivors = 0
    for mutant, (count, broken) in zip(MUTANTS, hunt_all(jobs, seed, limit), strict=True):
        survivors += broken is None
        what = f"{broken.violation} [{broken.schedule}]" if broken else "SURVIVED"
        print(f"{mutant.file}: {mutant.name}: {count} schedules: {what}", flush=True)
    print(f"{len(MUTANTS)} mutants, {survivors} survived")
    return 1 if survivors else 0


def _replay(schedule: Schedule) -> int:
    outcome = run(as_it_is(), schedule)
    for seconds, step, text in outcome.trace:
        print(f"{seconds:9.3f} s  step {step:5}  {text}")
    print(f"{outcome.steps} steps, {outcome.seconds:.3f} s: {outcome.violation or 'no promise is broken'}")
    return 1 if outcome.violation else 0


if __name__ == "__main__":
    sys.exit(main())
