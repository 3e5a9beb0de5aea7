"""Handles `Pinned`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import Pinned


class PinnedHandler(cqrs.EventHandler[Pinned]):
    """[31mred  and   control."""

    async def handle(self, event: Pinned) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
