"""What the probe of a service says while something is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.live.packages import get
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.brokers import Service


async def until_unready(service: Service, text: str, *, why: Callable[[], str]) -> None:
    """Wait until a service says that it is not ready, for a reason that holds this text."""

    def says_so() -> bool:
        status, reasons = get(service, "/ready")
        return status == 503 and text in reasons

    await until(says_so, why=lambda: f"{get(service, '/ready')}\n{why()}")
