"""Handles `File`. This file is yours: it was written once and is never changed again."""

import cqrs

from ..contract.events import File


class FileHandler(cqrs.EventHandler[File]):
    """Message `file`."""

    async def handle(self, event: File) -> None:
        """Handle one event. The same event may come more than once."""
        raise NotImplementedError
