"""Every benchmark, one after the other: `make bench`. The exit code is 1 when one is beyond its limit."""

from __future__ import annotations

import sys

from benchmarks import consume, generate, memory, noop

if __name__ == "__main__":
    sys.exit(max([benchmark.main(["--judge"]) for benchmark in (noop, generate, consume, memory)]))
