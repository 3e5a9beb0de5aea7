"""Kill a service at random while it works: `python -m tests.delivery.chaos --broker kafka --kills 25`."""

from __future__ import annotations

import argparse
import asyncio
import random
import secrets
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.brokers import ApacheKafka, MissingServerError, chosen_rabbit
from tests.delivery.chaos.sides import KafkaSide, RabbitSide
from tests.delivery.chaos.storm import Plan, storm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.brokers import Server
    from tests.delivery.chaos.sides import Side

_SIDES: Final[dict[str, tuple[Callable[[Path], Server], Callable[[str, Path], Side]]]] = {
    "kafka": (ApacheKafka, KafkaSide),
    "rabbit": (chosen_rabbit, RabbitSide),
}
_PAUSE: Final = (1.0, 5.0)
"""Commits come each second: a service that is killed sooner four times in a row handles a message five times."""


def main() -> int:
    """Run it on one broker or on both, print the numbers; the exit code is 1 when something is not accounted for."""
    parser = argparse.ArgumentParser(prog="python -m tests.delivery.chaos", description=__doc__)
    parser.add_argument("--broker", choices=[*_SIDES, "both"], default="both")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    arguments = parser.parse_args()
    plan = Plan(arguments.messages, arguments.kills, arguments.restarts, _PAUSE)
    names = list(_SIDES) if arguments.broker == "both" else [arguments.broker]
    try:
        return max([_run(name, plan, arguments.seed) for name in names])
    except MissingServerError as error:
        print(error, file=sys.stderr)
        return 2


def _run(name: str, plan: Plan, seed: int) -> int:
    print(f"{name}: seed {seed}, {plan}", flush=True)
    with tempfile.TemporaryDirectory(prefix="cqrs-gen-chaos-") as folder:
        kind, side_of = _SIDES[name]
        with kind(Path(folder) / "server") as server:
            side = side_of(server.address, Path(folder) / "service")
            chance = random.Random(seed)  # noqa: S311 - a storm can be had again
            aftermath = asyncio.run(storm(side, plan, chance, _tell, server=server))
        complaints = aftermath.complaints(plan, keeps_order=side.keeps_order)
        numbers = {
            key: len(value) if isinstance(value, list) else value
            for key, value in asdict(aftermath).pop("account").items()
        }
        print(f"{name}: {numbers}")
        print(f"{name}: left {aftermath.left}, exit code {aftermath.exit_code}, {aftermath.seconds:.0f} s, seed {seed}")
        for complaint in complaints:
            print(f"{name}: WRONG: {complaint}")
        if complaints:
            print(side.package.logs())
    return 1 if complaints else 0


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
