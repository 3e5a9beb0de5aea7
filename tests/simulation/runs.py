"""Runs one schedule."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from .kafka import ConcurrentKafka, Kafka
from .loop import Violation
from .rabbit import Rabbit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .loading import Code
    from .model import Model
    from .schedules import Schedule

MODELS: Final[Mapping[str, type[Model]]] = {"kafka": Kafka, "kafka-3": ConcurrentKafka, "rabbit": Rabbit}


@dataclass(frozen=True)
class Outcome:
    """What came of a schedule."""

    steps: int
    seconds: float
    violation: str | None
    trace: list[tuple[float, int, str]]


def run(code: Code, schedule: Schedule) -> Outcome:
    """Run a schedule until nothing is left to do or a promise is broken."""
    model = MODELS[schedule.model](code, schedule.seed)
    loop = model.world.loop
    violation = None
    try:
        loop.play(model.run(), [(step, partial(model.inject, name)) for step, name in schedule.faults])
    except Violation as broken:
        violation = str(broken)
    return Outcome(loop.steps, loop.time(), violation, model.world.ledger.trace)


@contextmanager
def silence() -> Iterator[None]:
    """Log nothing: the runtime tells of every failure, and here that is all there is."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
