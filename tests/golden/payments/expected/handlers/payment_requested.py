"""Handles `PaymentRequested`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import PaymentRequested


class PaymentRequestedHandler(cqrs.EventHandler[PaymentRequested]):
    """A customer is to be charged."""

    async def handle(self, event: PaymentRequested) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
