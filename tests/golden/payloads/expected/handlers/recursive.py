"""Handles `Recursive`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import Recursive


class RecursiveHandler(cqrs.EventHandler[Recursive]):
    """Message `Recursive`."""

    async def handle(self, event: Recursive) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
