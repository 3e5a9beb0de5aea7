"""The queues for dead letters: messages as they came, with the reasons added to their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..message import ORIGINAL_ROUTING_KEY
from .outbox import HeadersTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .arrival import Arrival
    from .copies import Copies


async def write_dead_letter(copies: Copies, queue: str, message: Arrival, reasons: dict[str, str]) -> None:
    """Write one message to the queue for dead letters; returns when the broker has it.

    Headers that get too large with the reasons are cut until they fit: first the text of the error goes, then those of
    the producer do, the largest first. A body that came through the broker once fits again.
    """
    added = {
        **reasons,
        "x-original-exchange": message.exchange,
        ORIGINAL_ROUTING_KEY: message.address,
        "x-original-queue": message.queue,
    }
    for headers in _forms(message.amqp_headers, added):
        try:
            await copies.write(message, queue, headers)
        except HeadersTooLarge:
            continue
        return
    raise HeadersTooLarge("its headers do not fit, however they are cut")


def _forms(kept: Mapping[str, object], added: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Give the headers of a dead letter, each time fewer; nearly always the first ones fit."""
    yield {**kept, **added}
    brief = {**added, "x-error": added["x-error-type"]}
    yield {**kept, **brief}
    by_size = sorted(kept, key=lambda name: len(repr(kept[name])))
    while by_size:
        by_size.pop()
        rest = {name: value for name, value in kept.items() if name in by_size}
        yield {**rest, **brief, "x-headers-left-out": str(len(kept) - len(rest))}
