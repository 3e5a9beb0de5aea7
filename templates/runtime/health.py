"""Routes for probes: whether the process lives, and whether messages are handled."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from faststream.asgi import AsgiResponse, get
from faststream.asgi.types import ASGIApp, Scope  # noqa: TC002 - FastStream reads the annotations

from .adapter import prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .adapter import Adapter

logger = logging.getLogger(__name__)

_PATIENCE: Final = 2.0
"""Seconds that a broker has to answer a probe."""


class Health:
    """What probes are told."""

    def __init__(self, adapters: Sequence[Adapter]) -> None:
        self._adapters = adapters
        self._phase = "starting"

    async def started(self) -> None:
        """Say so to probes: all brokers deliver messages now."""
        self._phase = ""
        for adapter in self._adapters:
            for line in adapter.idle:
                logger.warning("%snot started: %s", prefix(adapter.key), line)

    async def stopping(self) -> None:
        """Say so to probes: the service was asked to stop."""
        self._phase = "stopping"

    def routes(self) -> list[tuple[str, ASGIApp]]:
        """Give /live, 204 as long as the event loop turns, and /ready, 204 or 503 with the reasons as text."""

        @get
        async def live(scope: Scope) -> AsgiResponse:  # noqa: ARG001 - FastStream calls it so
            return AsgiResponse(b"", 204)

        @get
        async def ready(scope: Scope) -> AsgiResponse:  # noqa: ARG001 - as above
            reasons = await self.reasons()
            if not reasons:
                return AsgiResponse(b"", 204)
            return AsgiResponse(
                "".join(f"{reason}\n" for reason in reasons).encode(),
                503,
                {"content-type": "text/plain; charset=utf-8"},
            )

        return [("/live", live), ("/ready", ready)]

    async def reasons(self) -> list[str]:
        """Say why the service is not ready; nothing when it is."""
        if self._phase:
            return [f"the service is {self._phase}"]
        answers = await asyncio.gather(*(_is_answering(adapter) for adapter in self._adapters))
        reasons: list[str] = []
        for adapter, is_answering in zip(self._adapters, answers, strict=True):
            found = [] if is_answering else [f"{adapter.title} does not answer"]
            found += [f"not started: {line}" for line in adapter.idle]
            found += await adapter.problems()
            reasons += [f"{prefix(adapter.key)}{reason}" for reason in found]
        return reasons


async def _is_answering(adapter: Adapter) -> bool:
    try:
        return await asyncio.wait_for(adapter.broker.ping(timeout=_PATIENCE), _PATIENCE + 1)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
        logger.warning("%s%s cannot be asked: %r", prefix(adapter.key), adapter.title, error)
        return False
