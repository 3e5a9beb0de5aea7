"""In process, without a network: what handling a record costs by itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from benchmarks.consuming.comparison import Cheaper, Comparison
from benchmarks.consuming.counting import Clock
from benchmarks.consuming.package import Handling, generate
from benchmarks.consuming.variant import Variant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MODULE: Final = "benchmarks.consuming.in_process"


@contextmanager
def comparison(folder: Path) -> Iterator[Comparison]:
    """Give the comparison."""
    home = generate(folder / "service", "kafka", "users", Handling(Clock))
    variants = (
        Variant("seed", 10_000, (_MODULE, "seed")),
        Variant("service", 100_000, (_MODULE, "service"), home),
    )
    yield Comparison("in process", variants, [Cheaper("service", "seed", at_most=0.1)])
