"""Several variants, run in turns: a busy machine slows all of them, and only ratios of one run mean something."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.consuming.variant import Variant

_WIDTH: Final = 66


@dataclass(frozen=True)
class Medians:
    """What one variant measured, over all rounds."""

    messages_per_s: float
    cpu_us: float
    """Microseconds of CPU time for a message."""


@dataclass(frozen=True)
class Faster:
    """How many times the messages a second of `baseline` a variant handles; a target when `at_least` is given."""

    variant: str
    baseline: str
    at_least: float | None = None

    def ratio(self, medians: Mapping[str, Medians]) -> float:
        return medians[self.variant].messages_per_s / medians[self.baseline].messages_per_s

    def is_met(self, ratio: float) -> bool:
        return self.at_least is None or ratio >= self.at_least

    def __str__(self) -> str:
        return f"{self.variant} / {self.baseline}"

    @property
    def target(self) -> str:
        return "" if self.at_least is None else f">= {self.at_least:g}"


@dataclass(frozen=True)
class Cheaper:
    """What a message costs in CPU time, as a part of what `baseline` pays."""

    variant: str
    baseline: str
    at_most: float

    def ratio(self, medians: Mapping[str, Medians]) -> float:
        return medians[self.variant].cpu_us / medians[self.baseline].cpu_us

    def is_met(self, ratio: float) -> bool:
        return ratio <= self.at_most

    def __str__(self) -> str:
        return f"CPU: {self.variant} / {self.baseline}"

    @property
    def target(self) -> str:
        return f"<= {self.at_most:g}"


@dataclass(frozen=True)
class Price:
    """What something costs: `with_it` against `without`."""

    what: str
    with_it: str
    without: str

    def microseconds(self, medians: Mapping[str, Medians]) -> float:
        return medians[self.with_it].cpu_us - medians[self.without].cpu_us


@dataclass(frozen=True)
class Comparison:
    """Variants, and what is to be known about them."""

    title: str
    variants: Sequence[Variant]
    ratios: Sequence[Faster | Cheaper]
    prices: Sequence[Price] = ()

    def measure(self, rounds: int) -> dict[str, Medians]:
        """Run all variants in turns, so many times."""
        results: defaultdict[str, list[Medians]] = defaultdict(list)
        for _ in range(rounds):
            for variant in self.variants:
                results[variant.name].append(Medians(**variant.run()))
        return {
            name: Medians(
                statistics.median(result.messages_per_s for result in measured),
                statistics.median(result.cpu_us for result in measured),
            )
            for name, measured in results.items()
        }

    def report(self, medians: Mapping[str, Medians]) -> bool:
        """Print everything as a table and tell whether all targets are met."""
        print(f"\n{self.title:{_WIDTH}} {'messages/s':>12} {'CPU us':>10}")
        for name, median in medians.items():
            print(f"{name:{_WIDTH}} {median.messages_per_s:12,.0f} {median.cpu_us:10.1f}")
        print(f"\n{'ratio, of messages/s unless it says CPU':{_WIDTH}} {'is':>12} {'target':>10}")
        is_met = True
        for one in self.ratios:
            ratio = one.ratio(medians)
            print(f"{one!s:{_WIDTH}} {ratio:12.2f} {one.target:>10}{'' if one.is_met(ratio) else '   MISSED'}")
            is_met = is_met and one.is_met(ratio)
        if self.prices:
            print(f"\n{'what it costs':{_WIDTH}} {'':12} {'CPU us':>10}")
        for price in self.prices:
            print(f"{price.what:{_WIDTH}} {'':12} {price.microseconds(medians):+10.1f}")
        return is_met
