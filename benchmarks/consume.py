"""How fast generated services consume, beside what people write by hand.

    python -m benchmarks.consume [kafka|rabbit|process]... [--rounds 5] [--judge]

All variants of a subject run in turns on one server, each as a process of its own; medians are compared. With
`--judge` the exit code is 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.consuming import kafka, process, rabbit
from benchmarks.consuming.variant import VariantFailedError
from tests.brokers import MissingServerError, ServerFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUBJECTS: Final = {"kafka": kafka.comparison, "rabbit": rabbit.comparison, "process": process.comparison}


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and judge when asked to; 2 when something cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.consume")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(_SUBJECTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--judge", action="store_true", help="exit 1 when a target is missed")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.subjects) - set(_SUBJECTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    try:
        is_met = [_compare(subject, asked.rounds) for subject in asked.subjects or _SUBJECTS]
    except (MissingServerError, ServerFailedError, VariantFailedError) as failure:
        print(failure, file=sys.stderr)
        return 2
    return 1 if asked.judge and not all(is_met) else 0


def _compare(subject: str, rounds: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="cqrs-gen-") as folder, _SUBJECTS[subject](Path(folder)) as comparison:
        return comparison.report(comparison.measure(rounds))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
