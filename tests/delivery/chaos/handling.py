"""What handlers do under chaos: as fast as they are allowed to, each event in a ledger that survives the process.

A copy of this file lies beside the generated package, where handlers import it; so it imports nothing of ours.
"""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any, Final

RATE: Final = 200
"""Events that one process handles in a second, at most."""
LEDGER: Final = "handled.txt"

_next_slot = 0.0


async def handle(event: Any, contract: Any) -> None:
    """Fail as the user's name says, else note the user's id: on disk before the message can be acknowledged."""
    await _slot()
    kind = event.payload.name
    if kind == "poison" or (kind == "flaky" and contract.current_message().attempt == 1):
        raise ConnectionError("the database is away")
    _note(event.payload.user_id)


async def _slot() -> None:
    global _next_slot  # noqa: PLW0603 - the rate is that of the process
    _next_slot = max(_next_slot, time.monotonic()) + 1 / RATE
    await asyncio.sleep(_next_slot - time.monotonic())


def _note(name: str) -> None:
    file = os.open(LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, f"{name}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
