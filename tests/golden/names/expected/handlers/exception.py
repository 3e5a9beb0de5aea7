"""Handles `Exception_`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import Exception_


class ExceptionHandler(cqrs.EventHandler[Exception_]):
    """Message `Exception`."""

    async def handle(self, event: Exception_) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
