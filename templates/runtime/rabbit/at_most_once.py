"""Messages that are acknowledged before their handlers run, so that what a crash interrupts does not come again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ..reason import describe, one_line
from .acknowledgements import is_lost

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .acknowledgements import Acknowledgements
    from .arrival import Arrival

logger = logging.getLogger(__name__)


class AtMostOnce:
    """Acknowledges messages of a queue before they are handled; `limit` are handled at once.

    The broker sends the next message for each that is acknowledged, so that its prefetch window would bound nothing.
    """

    def __init__(self, acknowledgements: Acknowledgements, limit: int, *, prefix: str = "") -> None:
        """Take what acknowledges, how many there may be, and what stands in front of what is said of a message."""
        self._prefix = prefix
        self._acknowledgements = acknowledgements
        self._limit = limit
        self._slots = asyncio.Semaphore(limit)
        self._is_stopping = False

    def start(self) -> None:
        """Begin, also after an earlier stop and in another event loop."""
        self._slots = asyncio.Semaphore(self._limit)
        self._is_stopping = False

    def stop(self) -> None:
        """Acknowledge nothing more: what has no slot yet comes again."""
        self._is_stopping = True

    @asynccontextmanager
    async def acknowledged(self, message: Arrival) -> AsyncGenerator[bool]:
        """Acknowledge a message as soon as there is a slot, which it has within the context.

        Gives False where the broker may still deliver it again: then it must not be handled here.
        """
        async with self._slots:
            yield not self._is_stopping and await self._is_acknowledged(message)

    async def _is_acknowledged(self, message: Arrival) -> bool:
        incoming = message.incoming
        await self._acknowledgements.finished(incoming)
        await self._acknowledgements.drain()
        if incoming.delivery_tag is None:  # an in-memory test broker, which knows no acknowledgements
            return True
        if is_lost(incoming):
            return False
        try:
            # AMQP answers no acknowledgement. But a channel is read in order: what answers this has seen that.
            await incoming.channel.basic_qos(prefetch_count=self._limit)
        except Exception as error:  # noqa: BLE001 - the channel is gone, whatever it is
            place = f"{self._prefix}{one_line(str(message))}"
            logger.warning("%s: not handled, as it may come again: %s", place, describe(error))
            return False
        return True
