"""RabbitMQ: the variants, and what is asked of the generated service."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from benchmarks.consuming.backlog import fill_queue
from benchmarks.consuming.comparison import Comparison, Faster
from benchmarks.consuming.counting import Clock
from benchmarks.consuming.event import enveloped_bodies
from benchmarks.consuming.package import NAME, Handling, generate
from benchmarks.consuming.variant import Variant
from tests.brokers import RabbitMQ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_QUEUE: Final = "users"
_RATIOS: Final = (
    Faster("service", "seed", at_least=3.5),
    Faster("service", "bare", at_least=0.75),
    Faster("service", "bare_multiple", at_least=0.6),
)


@contextmanager
def comparison(folder: Path) -> Iterator[Comparison]:
    """Give the comparison while a server runs; each variant finds its messages in the queue."""
    with RabbitMQ(folder / "server") as server:
        home = generate(folder / "service", "rabbit", _QUEUE, Handling(Clock))
        settings = {f"{NAME.upper()}_RABBIT_URL": server.address, f"{NAME.upper()}_PORT": "0"}
        messages = 10_000
        service = Variant("service", messages, (NAME,), home, settings, prepare=_filler(server.address, messages))
        yield Comparison("RabbitMQ, prefetch 100", (*_baselines(server.address), service), _RATIOS)


def _baselines(url: str) -> Iterator[Variant]:
    module = "benchmarks.consuming.rabbit_baselines"
    for name, messages in {"seed": 3_000, "lean": 6_000, "bare": 10_000, "bare_multiple": 10_000}.items():
        yield Variant(name, messages, (module, name, url, _QUEUE), prepare=_filler(url, messages))


def _filler(url: str, messages: int) -> Callable[[], None]:
    return lambda: asyncio.run(fill_queue(url, _QUEUE, enveloped_bodies(), messages))
