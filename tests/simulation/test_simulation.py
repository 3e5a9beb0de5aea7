"""No message is lost, handled too early, too late or too often, whatever goes wrong; `make simulate` runs far more."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .exploring import schedules
from .loading import as_it_is
from .runs import MODELS, run, silence
from .schedules import Fault, Schedule

_OF_EACH_MODEL: Final = 900
_EXAMPLES: Final = 200


@pytest.fixture(scope="module", autouse=True)
def _silent() -> Iterator[None]:
    with silence():
        yield


def check(schedule: Schedule) -> None:
    violation = run(as_it_is(), schedule).violation
    assert violation is None, f"{violation}; python -m tests.simulation --replay '{schedule}'"


@pytest.mark.parametrize("model", MODELS)
def test_no_promise_is_broken_when_things_go_wrong_at_any_step(model: str) -> None:
    [planned] = schedules([model], seed=1, count=_OF_EACH_MODEL)
    for schedule in islice(planned, _OF_EACH_MODEL // 2):
        check(schedule)


@pytest.mark.parametrize("model", MODELS)
def test_no_promise_is_broken_when_several_things_go_wrong(model: str) -> None:
    faults = st.builds(Fault, st.integers(0, 450), st.sampled_from(MODELS[model].faults))
    several = st.lists(faults, min_size=2, max_size=4).map(sorted).map(tuple)

    @settings(max_examples=_EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.builds(Schedule, st.just(model), st.integers(0, 1 << 30), several))
    def try_schedule(schedule: Schedule) -> None:
        check(schedule)

    try_schedule()


@pytest.mark.parametrize("model", MODELS)
def test_a_schedule_gives_the_same_run_again(model: str) -> None:
    [planned] = schedules([model], seed=2, count=60)
    for schedule in planned:
        again = Schedule.read(str(schedule))
        assert again == schedule
        assert run(as_it_is(), schedule) == run(as_it_is(), again)
