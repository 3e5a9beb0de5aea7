"""Handles `ShopOrderPlaced`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ShopOrderPlaced


class ShopOrderPlacedHandler(cqrs.EventHandler[ShopOrderPlaced]):
    """Message `ShopOrderPlaced`."""

    async def handle(self, event: ShopOrderPlaced) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
