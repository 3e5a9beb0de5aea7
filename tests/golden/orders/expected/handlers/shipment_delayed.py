"""Handles `ShipmentDelayed`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ShipmentDelayed


class ShipmentDelayedHandler(cqrs.EventHandler[ShipmentDelayed]):
    """A parcel comes later than promised."""

    async def handle(self, event: ShipmentDelayed) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
