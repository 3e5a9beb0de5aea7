"""Puts mistakes into modules, one at a time, and shows those that no test notices; 1 when there are any."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from .judging import ROOT, Judge
from .operators import mutants

_FIRST: Final = {
    "delivery": "delivery",
    "failure": "delivery",
    "kafka/commits": "commits",
    "kafka/lane": "lane",
    "kafka/partitions": "partitions",
    "rabbit/acknowledgements": "acknowledgements",
    "rabbit/at_most_once": "at_most_once",
    "rabbit/parking": "rabbit_memory",
}
"""The modules, and the unit tests that are asked first, since they are about this module."""
_UNIT: Final = (
    *("lane", "partitions", "commits", "delivery", "acknowledgements", "at_most_once", "dead_letters"),
    *("rabbit_memory", "kafka_memory"),
)
_SIMULATION: Final = ("tests/simulation/test_simulation.py",)
_SECONDS: Final = 20
"""How long the unit tests of one module may take, which need three; twice that all others, six times the simulation."""


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", default=tuple(_FIRST), help="such as kafka/lane; otherwise all")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take only each Nth mistake")
    parser.add_argument("--unit-only", action="store_true", help="leave out the simulation, which is slow")
    arguments = parser.parse_args()
    began, counts = perf_counter(), {"unit tests": 0, "simulation": 0, "nothing": 0}
    with TemporaryDirectory() as folder:
        judge = Judge(Path(folder))
        if not judge.is_content((*map(_unit, _UNIT), *_SIMULATION), 9 * _SECONDS):
            sys.exit("tests fail without any mistake")
        for module in arguments.modules:
            name = f"templates/runtime/{module}.py"
            code = (ROOT / name).read_text(encoding="utf-8")
            for operator, mutated in list(mutants(code))[:: arguments.every]:
                by = _noticed_by(judge, module, mutated, unit_only=arguments.unit_only)
                counts[by] += 1
                if by != "unit tests":
                    print(f"{name}: {operator}: noticed by {by}\n{_difference(code, mutated)}", flush=True)
    noticed, total = counts["unit tests"] + counts["simulation"], sum(counts.values())
    print(f"{total} mistakes in {perf_counter() - began:.0f} s, {noticed} noticed ({noticed / total:.1%}): {counts}")
    return 1 if counts["nothing"] else 0


def _noticed_by(judge: Judge, module: str, text: str, *, unit_only: bool) -> str:
    name, first = f"templates/runtime/{module}.py", _FIRST[module]
    rest = tuple(_unit(one) for one in _UNIT if one != first)
    if judge.notices(name, text, (_unit(first),), _SECONDS) or judge.notices(name, text, rest, 2 * _SECONDS):
        return "unit tests"
    if not unit_only and judge.notices(name, text, _SIMULATION, 6 * _SECONDS):
        return "simulation"
    return "nothing"


def _unit(name: str) -> str:
    return f"tests/unit/runtime/test_{name}.py"


def _difference(before: str, after: str) -> str:
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))[2:]
    return "\n".join(f"    {line}" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
