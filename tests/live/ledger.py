"""What handlers did, line by line: the handlers of a service write it, tests read it.

A copy of this file lies beside each generated package, where handlers import it; so it imports nothing of ours.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

WISH: Final = "wish"
"""Header of a message by which a test says what its handler is to do."""

FAILS: Final = "fails"
"""Raise, at every attempt."""
FAILS_ONCE: Final = "fails once"
"""Raise at the first attempt."""
WAITS: Final = "waits"
"""Wait until the test releases it."""
REJECTS: Final = "rejects"
"""Raise RejectMessage."""
COMES_LATER: Final = "later"
"""Raise RetryLater at the first attempt: `later 3`, for a wait of 3 seconds."""
TAKES: Final = "takes"
"""Sleep: `takes 30`, in seconds. What follows behind a semicolon comes then: `takes 30; fails`."""
DIES: Final = "dies"
"""End the process, as a crash of native code does."""

_LEDGER: Final = "ledger.jsonl"
_RELEASED: Final = "released"


@dataclass(frozen=True)
class Entry:
    """One line: a handler began an attempt, or finished one."""

    state: Literal["began", "finished"]
    event: str
    """The class of the event; `payload` and `members` have the classes of what is in it."""
    payload: str
    members: dict[str, str]
    values: dict[str, Any]
    """The payload in the spelling of the contract."""
    event_id: str
    topic: str
    operation: str
    attempt: int
    key: str | None
    headers: list[list[str | None]]
    """Names and values, these in Latin-1, which has a character for each byte."""
    correlation_id: str | None
    at: float
    """Seconds on a clock that all processes share."""
    process: int
    """Which process it was."""
    partition: int | None
    """None on RabbitMQ."""


async def handle(event: Any, contract: Any) -> None:
    """Note an event, do what the message's header `wish` says, note that it is finished.

    `contract` is the module of the generated package that has what handlers need.
    """
    message = contract.current_message()
    _note("began", event, message)
    for wish in (message.header(WISH) or "").split("; "):
        await _fulfil(wish, contract, message.attempt)
    _note("finished", event, message)


async def _fulfil(wish: str, contract: Any, attempt: int) -> None:
    what, _, argument = wish.partition(" ")
    if wish == FAILS or (wish == FAILS_ONCE and attempt == 1):
        raise ConnectionError("the database is away")
    if what == COMES_LATER and attempt == 1:
        raise contract.RetryLater(float(argument))
    if wish == REJECTS:
        raise contract.RejectMessage("nobody wants it")
    if wish == DIES:
        os._exit(70)
    if wish == WAITS:
        await asyncio.to_thread(_wait)
    if what == TAKES:
        await asyncio.sleep(float(argument))


class Ledger:
    """The ledger in a folder, for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def release(self) -> None:
        """Let handlers go on that wait, those that begin later too."""
        (self._folder / _RELEASED).touch()

    def entries(self, state: Literal["began", "finished"] = "finished", /, **values: str) -> list[Entry]:
        """Give the entries of attempts in that state whose payloads have these values, in their order."""
        file = self._folder / _LEDGER
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
        entries = [Entry(**json.loads(line)) for line in lines if line.endswith("\n")]
        return [entry for entry in entries if entry.state == state and values.items() <= entry.values.items()]

    def column(self, member: str, state: Literal["began", "finished"] = "finished") -> list[Any]:
        """Give one member of the payloads of all attempts in that state."""
        return [entry.values[member] for entry in self.entries(state)]


def _note(state: Literal["began", "finished"], event: Any, message: Any) -> None:
    entry = Entry(
        state=state,
        event=type(event).__name__,
        payload=type(event.payload).__name__,
        members={name: type(value).__name__ for name, value in event.payload},
        values=event.payload.model_dump(mode="json", by_alias=True),
        event_id=str(event.event_id),
        topic=event.topic,
        operation=message.operation,
        attempt=message.attempt,
        key=_text(getattr(message, "key", None)),
        headers=[[name, _text(value)] for name, value in message.headers],
        correlation_id=message.correlation_id,
        at=time.monotonic(),
        process=os.getpid(),
        partition=getattr(message, "partition", None),
    )
    line = json.dumps(asdict(entry)) + "\n"
    file = os.open(_LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(file, line.encode())  # at once, so that lines of several processes do not mix
    finally:
        os.close(file)


def _wait() -> None:
    while not Path(_RELEASED).exists():
        time.sleep(0.02)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
