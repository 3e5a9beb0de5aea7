"""What this service does when a user was created."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import cqrs

from ..contract.events import UserCreated


class UserCreatedHandler(cqrs.EventHandler[UserCreated]):
    """Write each new user into a ledger: a line of the file that USER_EVENTS_LEDGER names."""

    async def handle(self, event: UserCreated) -> None:
        """Handle one event; it may come more than once."""
        user = event.payload
        print(f"User {user.user_id} created: {user.email}", flush=True)
        await asyncio.to_thread(_append, f"{user.user_id} {user.email}\n")


def _append(line: str) -> None:
    ledger = os.environ.get("USER_EVENTS_LEDGER", "users.txt")
    with Path(ledger).open("a", encoding="utf-8") as file:
        file.write(line)
