"""The simulation notices mistakes; `python -m tests.simulation --mutants` tries all of them."""

from typing import Final

import pytest

from .exploring import hunt
from .loading import text_of
from .mutants import MUTANTS, Mutant

_QUICK: Final = (
    "commit before handling",
    "no revoke handling",
    "commit past a retry",
    "dead letter after commit",
    "no commit before giving up",
    "interrupted retry counts",
    "commit past a gap",
    "attempts are not counted",
    "acknowledged past a gap",
    "new channel not noticed",
    "failed write counts",
    "acknowledged before it is handled",
)
_LIMIT: Final = 200


@pytest.mark.parametrize("name", _QUICK)
def test_a_mistake_is_noticed(name: str) -> None:
    [mutant] = [mutant for mutant in MUTANTS if mutant.name == name]
    tries, broken = hunt(mutant, seed=1, limit=_LIMIT)
    assert broken, f"{name} survived {tries} schedules"
    print(f"{name}: noticed after {tries} schedules: {broken.violation}")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mistake_is_still_one(mutant: Mutant) -> None:
    assert text_of(mutant)
