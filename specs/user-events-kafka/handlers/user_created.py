"""What this service does when a user was created."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import cqrs

from ..contract.events import UserCreated


class Ledger:
    """A file with a line for each user; USER_EVENTS_LEDGER names it."""

    def __init__(self) -> None:
        self._file = Path(os.environ.get("USER_EVENTS_LEDGER", "users.txt"))

    async def write(self, line: str) -> None:
        """Append a line."""
        await asyncio.to_thread(self._append, line)

    def _append(self, line: str) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


class UserCreatedHandler(cqrs.EventHandler[UserCreated]):
    """Write each new user into the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def handle(self, event: UserCreated) -> None:
        """Handle one event; it may come more than once."""
        user = event.payload
        print(f"User {user.user_id} created: {user.email}", flush=True)
        await self._ledger.write(f"{user.user_id} {user.email}")
