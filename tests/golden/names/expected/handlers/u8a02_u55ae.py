"""Handles `U8a02U55ae`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import U8a02U55ae


class U8a02U55aeHandler(cqrs.EventHandler[U8a02U55ae]):
    """Message `訂單`."""

    async def handle(self, event: U8a02U55ae) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
