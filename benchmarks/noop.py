"""What a run of cqrs-gen with nothing to do costs, as a multiple of `python -c pass`.

    python benchmarks/noop.py [--judge]

It measures the console script `cqrs-gen` of the environment whose Python runs this file, on a package that it generates
in a temporary folder. The two commands run in turns, so that a busy machine slows both, and the medians are compared.
With `--judge` the exit code is 1 when the multiple is above the limit.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTRACT = Path(__file__).parents[1] / "specs" / "user-events-kafka"
LIMIT = 4.0
ROUNDS = 50


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and judge when asked to."""
    script = shutil.which("cqrs-gen", path=sysconfig.get_path("scripts"))
    if script is None:
        print(f"cqrs-gen is not installed for {sys.executable}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(CONTRACT, project / "specs")
        command = [script, "specs/asyncapi.yaml", "-o", "services", "--package", "users"]
        subprocess.run([*command, "--quiet"], cwd=project, check=True)
        again = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)
        if again.stderr != "users: up to date\n":
            print(f"the second run found something to do: {again.stdout}{again.stderr}", file=sys.stderr)
            return 2
        empty, noop = _medians([[sys.executable, "-c", "pass"], [*command, "--quiet"]], project)
    ratio = noop / empty
    print(f"python -c pass        {empty * 1000:6.1f} ms")
    print(f"cqrs-gen, no changes  {noop * 1000:6.1f} ms")
    print(f"ratio                 {ratio:6.2f}    (limit {LIMIT})")
    return 1 if "--judge" in arguments and ratio > LIMIT else 0


def _medians(commands: list[list[str]], folder: Path) -> list[float]:
    """Run the commands in turns; the first round only warms the caches."""
    rounds = [[_seconds(command, folder) for command in commands] for _ in range(ROUNDS + 1)]
    return [statistics.median(times) for times in zip(*rounds[1:], strict=True)]


def _seconds(command: list[str], folder: Path) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
