"""Reads messages whose properties hold what is no UTF-8 or no time, on which the client gives up the whole connection.

pamqp, below aio-pika, raises for them while it reads a frame, again each time the broker delivers the message: nothing
behind it would arrive. Here such texts keep their bytes as surrogates, and a time that there cannot be is none. What is
usual costs nothing. `install` replaces three of its functions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pamqp import decode
from pamqp.constants import DOMAIN_REGEX

if TYPE_CHECKING:
    from collections.abc import Callable

ResultT = TypeVar("ResultT")

_TIME_BYTES: Final = 8
_ANY_NAME: Final = re.compile(r".*", re.DOTALL)


def install() -> None:
    """Have pamqp read all messages, and write the names that RabbitMQ takes, in every connection of the process."""
    # it goes by the letter of AMQP 0-9-1 and refuses names such as `shipment.problem.*`
    DOMAIN_REGEX["queue-name"] = DOMAIN_REGEX["exchange-name"] = _ANY_NAME
    methods: dict[str, Any] = decode.METHODS
    kinds: dict[bytes, Any] = decode.TABLE_MAPPING
    methods["shortstr"] = _or(decode.short_str, _short_str, UnicodeDecodeError)
    methods["timestamp"] = kinds[b"T"] = _or(decode.timestamp, _no_time, ValueError, OverflowError, OSError)
    methods["table"] = kinds[b"F"] = _or(decode.field_table, _table, UnicodeDecodeError)


def _or(
    strict: Callable[[bytes], tuple[int, ResultT]],
    lenient: Callable[[bytes], tuple[int, ResultT | None]],
    *errors: type[Exception],
) -> Callable[[bytes], tuple[int, ResultT | None]]:
    def decoded(value: bytes) -> tuple[int, ResultT | None]:
        try:
            return strict(value)
        except errors:
            return lenient(value)

    return decoded


def _short_str(value: bytes) -> tuple[int, str]:
    """Read a text of up to 255 bytes, with its length in front."""
    end = value[0] + 1
    return end, _text(value[1:end])


def _no_time(value: bytes) -> tuple[int, None]:
    """Skip a time."""
    if len(value) < _TIME_BYTES:
        raise ValueError("half a time")
    return _TIME_BYTES, None


def _table(value: bytes) -> tuple[int, dict[str, Any]]:
    """Read a table: its length in front, then names, each with its length in front, and values."""
    end = 4 + int.from_bytes(value[:4], "big")
    table: dict[str, Any] = {}
    at = 4
    while at < end:
        read, name = _short_str(value[at:])
        at += read
        read, table[name] = decode.embedded_value(value[at:])
        at += read
    return end, table


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
