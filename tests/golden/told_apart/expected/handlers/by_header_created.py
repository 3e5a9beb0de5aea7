"""Handles `ByHeaderCreated`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ByHeaderCreated


class ByHeaderCreatedHandler(cqrs.EventHandler[ByHeaderCreated]):
    """Message `created`."""

    async def handle(self, event: ByHeaderCreated) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
