"""The time that a service has to stop."""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Final

logger = logging.getLogger(__name__)

_REST: Final = 5.0
"""Seconds to say goodbye to brokers when handlers had all the time that they have; one that is gone does not answer."""


class Deadline:
    """Ends the process when stopping takes too long; what is not acknowledged then comes again."""

    def __init__(self, graceful_timeout: float) -> None:
        self._seconds = graceful_timeout + _REST
        self._timer: asyncio.TimerHandle | None = None

    async def begin(self) -> None:
        """Start to count: the service was asked to stop."""
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._end_process)

    async def end(self) -> None:
        """All is done in time."""
        if self._timer is not None:
            self._timer.cancel()

    def _end_process(self) -> None:
        logger.critical("not stopped within %g s: a broker does not answer; the process ends", self._seconds)
        logging.shutdown()
        os._exit(1)
