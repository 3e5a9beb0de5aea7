"""The dead-letter topics: records as they came, with the reasons added to their headers."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownVariableType=false

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

from aiokafka.errors import MessageSizeTooLargeError  # type: ignore[import-untyped] # it has no types

from ..writable import writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..message import KafkaMessage
    from .producer import Headers, Producer

_SMALLEST_PART: Final = 512
"""Bytes of a body below which it is not divided any further: its headers are what is too large then."""

Letter: TypeAlias = "list[tuple[Headers, bytes | None]]"
"""A dead letter as headers and bodies of the records that it is written as, nearly always one."""


class DeadLetters:
    """Writes dead letters."""

    def __init__(self, producer: Producer) -> None:
        self._producer = producer

    async def write(self, message: KafkaMessage, reasons: dict[str, str], topic: str) -> None:
        """Write one record; returns when all replicas have it.

        One that is too large for the topic with its reasons is made smaller until it fits: without the text of the
        error, then with its body in several records, then without the headers of its producer, last without its key.
        """
        added = {
            **reasons,
            "x-original-topic": message.topic,
            "x-original-partition": str(message.partition),
            "x-original-offset": str(message.offset),
        }
        kept = [(writable(name), value) for name, value in message.headers if name not in added]
        for letter in _forms(message.body, kept, added):
            with suppress(MessageSizeTooLargeError):
                await _send(self._producer, topic, message.key, letter)
                return
        without_key = {**added, "x-error": added["x-error-type"], "x-key-left-out": str(len(message.key or b""))}
        *forms, smallest = _divided(message.body, (), without_key)
        for letter in forms:
            with suppress(MessageSizeTooLargeError):
                await _send(self._producer, topic, None, letter)
                return
        await _send(self._producer, topic, None, smallest)


async def _send(producer: Producer, topic: str, key: bytes | None, letter: Letter) -> None:
    for headers, value in letter:
        body = b"" if value is None and key is None else value  # aiokafka sends no record that has neither
        await producer.send(topic, body, key, headers)


def _forms(body: bytes | None, kept: Sequence[tuple[str, bytes | None]], added: Mapping[str, str]) -> Iterator[Letter]:
    """Give the forms of a dead letter, each smaller than the one before; nearly always the first one fits."""
    yield [([*kept, *_encoded(added)], body)]
    brief = {**added, "x-error": added["x-error-type"]}
    yield from _divided(body, kept, brief)
    if kept:
        yield from _divided(body, (), {**brief, "x-headers-left-out": str(len(kept))})


def _divided(
    body: bytes | None, kept: Sequence[tuple[str, bytes | None]], added: Mapping[str, str]
) -> Iterator[Letter]:
    """Give a dead letter whole, in two records, in four and so on; `x-part` tells which one of how many each is."""
    yield [([*kept, *_encoded(added)], body)]
    size, count = len(body or b""), 2
    while body and size >= _SMALLEST_PART * count:
        cuts = [size * number // count for number in range(count + 1)]
        parts = [body[start:end] for start, end in pairwise(cuts)]
        yield [
            ([*(kept if number == 1 else ()), *_encoded({**added, "x-part": f"{number}/{count}"})], part)
            for number, part in enumerate(parts, 1)
        ]
        count *= 2


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name, value.encode()) for name, value in headers.items()]
