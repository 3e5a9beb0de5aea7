"""Delivers a message of each kind to one package, and has it send one of each, in a process of its own.

`python -m tests.conformance.delivering DOCUMENT FOLDER PACKAGE` generates into FOLDER and prints how many kinds of
messages were handled and how many were sent; run it to see more of what went wrong than the last line.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conformance.generating import SECONDS
from tests.deliveries import check_deliveries
from tests.generated import Package
from tests.publications import SCHEMA_ID, check_publishers

if TYPE_CHECKING:
    from cqrs_gen.plan.views import PackageView


@dataclass(frozen=True)
class Delivered:
    """How many kinds of messages were handled and sent, or what went wrong."""

    handled: int = 0
    sent: int = 0
    wrong: str | None = None


def deliver(document: Path, folder: Path, package: str) -> Delivered:
    """Have a package of a document handle and send its messages; its files go into `folder`."""
    command = [sys.executable, "-m", __name__, str(document), str(folder), package]
    root = Path(__file__).parents[2]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=3 * SECONDS)
    except subprocess.TimeoutExpired:
        return Delivered(wrong="its messages take too long")
    if done.returncode:
        return Delivered(wrong=done.stderr.strip().splitlines()[-1])
    handled, sent = map(int, done.stdout.splitlines()[-1].split())
    return Delivered(handled, sent)


def _set_what_has_no_default(view: PackageView) -> None:
    """Do without logins, and choose what the contract leaves open, such as groups and variables of addresses."""
    kinds = {"kafka": ("PLAINTEXT", "true"), "rabbit": ("URL", "amqp://guest:guest@localhost/")}
    found = [(broker.name.upper(), kinds[broker.protocol.key]) for broker in view.brokers]
    without = {f"{name}_{setting}": value for name, (setting, value) in found}
    settings = [*view.settings, *(variable.setting for variable in view.variables)]
    chosen = {one.name.upper(): _choice(one.annotation) for one in settings if one.default is None}
    os.environ.update({f"{view.prefix}{name}": value for name, value in {**without, **chosen}.items()})


def _choice(annotation: str) -> str:
    choice = re.search(r"""Literal\[["']([^"']*)""", annotation)
    return choice[1] if choice else str(SCHEMA_ID)  # a port, too


def _main() -> None:
    document, folder, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    package = Package(document, folder, name).record()
    _set_what_has_no_default(package.view)
    print(*asyncio.run(_check(document, package)))


async def _check(document: Path, package: Package) -> tuple[int, int]:
    handled = (await check_deliveries(document, package)).messages
    return handled, await check_publishers(document, package) if package.view.publishers else 0


if __name__ == "__main__":
    _main()
