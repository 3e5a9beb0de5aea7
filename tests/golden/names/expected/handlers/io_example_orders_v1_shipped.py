"""Handles `IoExampleOrdersV1Shipped`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import IoExampleOrdersV1Shipped


class IoExampleOrdersV1ShippedHandler(cqrs.EventHandler[IoExampleOrdersV1Shipped]):
    """Order was shipped."""

    async def handle(self, event: IoExampleOrdersV1Shipped) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
