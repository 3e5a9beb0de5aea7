"""Queues that messages are parked in until their next attempt, when that is too long to hold them."""

from __future__ import annotations

import asyncio
import logging
import math
from typing import TYPE_CHECKING, Final

from ..message import ORIGINAL_ID
from ..reason import describe, one_line
from .arrival import WAITED_ATTEMPTS, WAITED_EXCHANGE, WAITED_ROUTING_KEY
from .queues import Queue

if TYPE_CHECKING:
    from ..failure import Failure
    from .arrival import Arrival
    from .copies import Copies

logger = logging.getLogger(__name__)

_IN_HAND: Final = 2.0
"""Seconds up to which a message waits in its place of the prefetch window."""
_LONGEST: Final = 22
"""The broker takes no time longer than 2^32 milliseconds: 2^22 seconds are 48 days."""


class Parking:
    """Parks messages of one queue in queues `<queue>.retry.<seconds>s`, which give them back to it.

    There are few of them, since waits are rounded up to powers of two, and each has one time for all its messages: with
    a time of their own, messages would expire only at its head. They do not expire themselves: that would delete what
    is in them.
    """

    def __init__(  # noqa: PLR0913 - all that differs from one queue to another
        self, copies: Copies, queue: str, *, declares: bool, kind: str, patience: float, prefix: str = ""
    ) -> None:
        self._copies = copies
        self._queue = queue
        self._declares = declares
        self._kind = Queue("").of_type(kind).arguments
        self._patience = patience
        self._prefix = prefix

    async def takes(self, message: Arrival, failure: Failure) -> bool:
        """Whether a queue has taken over a message until its next attempt; else it has to wait in hand."""
        if failure.is_final or failure.delay <= _IN_HAND or self._copies.is_in_memory:
            return False
        seconds = 2 ** min(_LONGEST, math.ceil(math.log2(failure.delay)))
        try:
            await asyncio.wait_for(self._write(message, failure, seconds), self._patience)
        except Exception as error:  # noqa: BLE001 - it waits in hand instead
            place = f"{self._prefix}{one_line(str(message))}"
            logger.warning("%s: cannot be parked in a queue: %s", place, describe(error))
            return False
        return True

    async def _write(self, message: Arrival, failure: Failure, seconds: int) -> None:
        name = f"{self._queue}.retry.{seconds}s"
        if self._declares:  # each time: somebody may have deleted it
            back = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": self._queue}
            await self._copies.declare(name, {**self._kind, **back, "x-message-ttl": seconds * 1000})
        headers = {
            **message.amqp_headers,
            WAITED_ATTEMPTS: failure.attempts,
            WAITED_EXCHANGE: message.exchange,
            WAITED_ROUTING_KEY: message.routing_key,
            ORIGINAL_ID: str(message.event_id),
        }
        await self._copies.write(message, name, headers)
