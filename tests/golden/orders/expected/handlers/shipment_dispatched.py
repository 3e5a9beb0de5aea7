"""Handles `ShipmentDispatched`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ShipmentDispatched


class ShipmentDispatchedHandler(cqrs.EventHandler[ShipmentDispatched]):
    """A parcel left the warehouse."""

    async def handle(self, event: ShipmentDispatched) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
