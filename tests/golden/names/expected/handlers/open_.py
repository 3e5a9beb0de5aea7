"""Handles `Open`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import Open


class OpenHandler(cqrs.EventHandler[Open]):
    """Message `open`."""

    async def handle(self, event: Open) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
