"""Why a message is not finished, what follows from it, and how that is told in a log line and in a dead letter."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timezone
from traceback import walk_tb
from typing import TYPE_CHECKING, Final

from .message import ATTEMPTS, ORIGINAL_ID, RejectMessage, RetryLater
from .reason import describe_with_place, text_of

if TYPE_CHECKING:
    from .message import Message

_PERMANENT: Final = (RejectMessage, NotImplementedError)


class UndecodableMessage(RejectMessage):
    """The message is nothing that this service receives."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind
        """What a dead letter names as the type of its error."""


class HandlerEnded(Exception):  # noqa: N818 - says what happened
    """A handler was cancelled, or asked the process to exit, by something of its own: nobody had asked it to stop."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message is not finished, and when to come back to it."""

    error: Exception
    attempts: int
    delay: float
    is_final: bool
    """Only the dead letter is still to be written; the handler is not called again."""
    event: str = ""
    """The class of its event; empty when it could not be decoded."""

    @property
    def reason(self) -> str:
        """What went wrong, for a log line."""
        if isinstance(self.error, UndecodableMessage):
            return f"{self.error.kind}: {text_of(self.error)}"
        return describe_with_place(self.error)

    @property
    def trace(self) -> str:
        """Where it went wrong, call by call; without the text of the exception, which may repeat a payload."""
        calls = walk_tb(self.error.__traceback__)
        return "\n".join(f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}" for frame, line in calls)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, and how long to wait before each next attempt."""

    attempts: int = 3
    delay: float = 0.2
    delay_max: float = 30.0

    def judge(self, attempt: int, error: Exception, event: str) -> Failure:
        """Say what follows from the failure of an attempt, counted from one."""
        is_final = isinstance(error, _PERMANENT) or attempt >= self.attempts
        seconds = getattr(error, "seconds", None) if isinstance(error, RetryLater) else None
        delay = self.wait(attempt) if seconds is None else seconds  # a subclass may have forgotten to say it
        return Failure(error, attempt, delay, is_final, event)

    def wait(self, attempt: int) -> float:
        """Give an exponential wait, of which half is random, so that replicas do not come back together."""
        longest = min(self.delay_max, self.delay * 2.0 ** min(attempt - 1, 100))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - nobody gains from guessing it


def reasons(message: Message, failure: Failure) -> dict[str, str]:
    """Give the headers that tell why a message is in the dead letter, and which identity it had."""
    error = failure.error
    kind = error.kind if isinstance(error, UndecodableMessage) else type(error).__name__
    return {
        "x-error": text_of(error) or kind,
        "x-error-type": kind,
        ATTEMPTS: str(failure.attempts),
        ORIGINAL_ID: str(message.event_id),
        "x-failed-at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    }
