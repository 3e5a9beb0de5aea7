"""Handles `SensorRead`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import SensorRead


class SensorReadHandler(cqrs.EventHandler[SensorRead]):
    """Message `SensorRead`."""

    async def handle(self, event: SensorRead) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
