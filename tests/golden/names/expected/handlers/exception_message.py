"""Handles `ExceptionMessage`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ExceptionMessage


class ExceptionMessageHandler(cqrs.EventHandler[ExceptionMessage]):
    """Message `Exception`."""

    async def handle(self, event: ExceptionMessage) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
