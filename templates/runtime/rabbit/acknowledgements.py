"""Acknowledges several messages of a channel at once, never one that is still being handled."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from aio_pika.exceptions import ChannelInvalidStateError

from ..cancellation import undisturbed

if TYPE_CHECKING:
    from aio_pika import IncomingMessage

logger = logging.getLogger(__name__)


class Acknowledgements:
    """Finished messages of a channel, acknowledged when there are `limit` of them or after a moment.

    One for each channel, whatever subscribers it has: a channel counts its deliveries across all of them.
    """

    def __init__(self, limit: int, seconds: float = 0.05) -> None:
        self._limit = limit
        self._seconds = seconds
        self._channel: object = None
        self._acknowledged = 0
        self._finished: dict[int, IncomingMessage] = {}
        self._beyond: set[int] = set()
        self._draining = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    async def finished(self, message: IncomingMessage) -> None:
        """Note that a message is finished: handled, or in the dead letter."""
        tag = message.delivery_tag
        if tag is None or message.processed or is_lost(message):  # lost: the broker delivers it again
            return
        if message.channel is not self._channel:  # a new channel counts from one
            self._channel, self._acknowledged = message.channel, 0
            self._finished.clear()
            self._beyond.clear()
        self._finished[tag] = message
        if len(self._finished) >= self._limit:
            await undisturbed(self.drain(), lambda: False)  # it is about other messages, too
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._drain_soon)

    async def drain(self) -> None:
        """Acknowledge all that is finished: up to the first gap with one frame, what is beyond it one by one.

        One at a time: a tag that is acknowledged twice closes the channel.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        async with self._draining:
            await self._acknowledge()

    async def close(self) -> None:
        """Acknowledge at once from now on."""
        self._limit = 1
        await self.drain()

    async def _acknowledge(self) -> None:
        finished, self._finished = self._finished, {}
        last = None
        while (tag := self._acknowledged + 1) in finished or tag in self._beyond:
            last = finished.pop(tag, last)
            self._beyond.discard(tag)
            self._acknowledged = tag
        self._beyond.update(finished)
        try:
            if last is not None:
                await last.ack(multiple=True)
            for message in finished.values():
                await message.ack()
        except Exception as error:  # noqa: BLE001 - the channel is gone: the broker delivers them again
            logger.warning("acknowledgement failed: %r", error)

    def _drain_soon(self) -> None:
        self._timer = None
        self._task = asyncio.get_running_loop().create_task(self.drain())


def is_lost(message: IncomingMessage) -> bool:
    """Whether the channel that brought a message is closed, so that the broker delivers it again.

    Messages of an in-memory test broker have no delivery tag, and no channel that could close.
    """
    if message.delivery_tag is None:
        return False
    try:
        return message.channel.is_closed
    except ChannelInvalidStateError:
        return True
