"""Handles `ImportOsOsAbort`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import ImportOsOsAbort


class ImportOsOsAbortHandler(cqrs.EventHandler[ImportOsOsAbort]):
    """ends with a backslash \\."""

    async def handle(self, event: ImportOsOsAbort) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
