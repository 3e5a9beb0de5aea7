"""For tests of handlers: a message around an event, and dependencies replaced."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .dispatch import override
from .message import current

if TYPE_CHECKING:
    from collections.abc import Generator

    from .message import Message

__all__ = ["handling", "override"]


@contextmanager
def handling(message: Message) -> Generator[None, None, None]:
    """Have `current_message()` give this message, for a handler that is called directly."""
    token = current.set(message)
    try:
        yield
    finally:
        current.reset(token)
