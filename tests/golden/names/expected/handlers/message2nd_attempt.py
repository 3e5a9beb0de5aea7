"""Handles `Message2ndAttempt`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import Message2ndAttempt


class Message2ndAttemptHandler(cqrs.EventHandler[Message2ndAttempt]):
    """Message `2nd-attempt`."""

    async def handle(self, event: Message2ndAttempt) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
