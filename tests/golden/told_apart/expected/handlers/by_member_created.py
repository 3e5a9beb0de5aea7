"""Handles `ByMemberCreated`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ByMemberCreated


class ByMemberCreatedHandler(cqrs.EventHandler[ByMemberCreated]):
    """Message `created`."""

    async def handle(self, event: ByMemberCreated) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
