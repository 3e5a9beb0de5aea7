"""Whether a generated service needs more memory the longer it works.

    python -m benchmarks.memory [kafka|rabbit]... [--messages 1000000] [--rounds 3] [--judge]

A backlog is worked off; what the process holds in memory after nine tenths of it is compared with what it held after
one tenth. The median of some rounds counts: the number of objects stays the same, but the C library's allocator keeps a
little of what large fetches leave between them, in one round more than in another. With `--judge` the exit code is 1
when the median is beyond the limit. Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.consuming.backlog import fill_queue, fill_topic
from benchmarks.consuming.counting import Scale
from benchmarks.consuming.event import enveloped_bodies
from benchmarks.consuming.package import NAME, Handling, generate
from benchmarks.consuming.variant import Variant, VariantFailedError
from tests.brokers import ApacheKafka, MissingServerError, RabbitMQ, ServerFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Any, TypeAlias

    _Fill: TypeAlias = Callable[[str, str, Sequence[bytes], int], Coroutine[Any, Any, None]]

_LIMIT: Final = 1.1
_ADDRESS: Final = "users"
_PATIENCE: Final = 900
"""Seconds that a service may take for its backlog."""
_SUBJECTS: Final[dict[str, tuple[type[ApacheKafka | RabbitMQ], _Fill, str]]] = {
    "kafka": (ApacheKafka, fill_topic, "KAFKA_SERVERS"),
    "rabbit": (RabbitMQ, fill_queue, "RABBIT_URL"),
}
"""The server, what fills it, and the setting that tells the service where it is."""


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and judge when asked to; 2 when something cannot be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory")
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(_SUBJECTS))
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--judge", action="store_true", help="exit 1 when it has grown beyond the limit")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.subjects) - set(_SUBJECTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    try:
        growths = [_growth(subject, asked.messages, asked.rounds) for subject in asked.subjects or _SUBJECTS]
    except (MissingServerError, ServerFailedError, VariantFailedError) as failure:
        print(failure, file=sys.stderr)
        return 2
    return 1 if asked.judge and max(growths) > _LIMIT else 0


def _growth(subject: str, messages: int, rounds: int) -> float:
    growths: list[float] = []
    print(f"\n{subject}: MiB in memory after {messages // 10:,} and {messages * 9 // 10:,} messages")
    for _ in range(rounds):
        memory = _round(subject, messages)
        growths.append(memory["late"] / memory["early"])
        print(f"{memory['early'] / 2**20:20.1f} {memory['late'] / 2**20:7.1f}    ratio {growths[-1]:.3f}", flush=True)
    growth = statistics.median(growths)
    print(f"{subject}: median ratio {growth:.3f}    (limit {_LIMIT})")
    return growth


def _round(subject: str, messages: int) -> dict[str, float]:
    kind, fill, setting = _SUBJECTS[subject]
    with tempfile.TemporaryDirectory(prefix="cqrs-gen-") as folder, kind(Path(folder) / "server") as server:
        asyncio.run(fill(server.address, _ADDRESS, enveloped_bodies(), messages))
        home = generate(Path(folder) / "service", subject, _ADDRESS, Handling(Scale))
        settings = {f"{NAME.upper()}_{setting}": server.address, f"{NAME.upper()}_PORT": "0"}
        return Variant(subject, messages, (NAME,), home, settings, patience=_PATIENCE).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
