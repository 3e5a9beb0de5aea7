"""Correlation ids where the contract says that they stand (AsyncAPI, Runtime Expression)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, cast

from pydantic_core import from_json, to_json

from .message import CORRELATION_IDS, RabbitMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .message import Message


class CorrelationId(ABC):
    """Finds the correlation id of a message; `steps` lead to it."""

    is_in_payload = False

    def __init__(self, *steps: str) -> None:
        self._steps: Final = steps

    @abstractmethod
    def find(self, message: Message, body: bytes, *, is_envelope: bool) -> str | None:
        """Give the id as text; None where there is none. `body` is JSON, perhaps an envelope of python-cqrs."""


class HeaderId(CorrelationId):
    """An id in a header, or inside one that holds JSON."""

    def find(self, message: Message, body: bytes, *, is_envelope: bool) -> str | None:  # noqa: ARG002 - not there
        name, *inner = self._steps
        text = message.header(name)
        if inner:
            return _text(_follow(_read(text), inner)) if text is not None else None
        if text is None and isinstance(message, RabbitMessage) and name in CORRELATION_IDS:
            return message.correlation_id  # the property, which clients set instead
        return text


class PayloadId(CorrelationId):
    """An id in the payload."""

    is_in_payload = True

    def find(self, message: Message, body: bytes, *, is_envelope: bool) -> str | None:  # noqa: ARG002 - not there
        value = from_json(body)  # which keeps integers of any size
        return _text(_follow(value["payload"] if is_envelope else value, self._steps))


def _follow(value: object, steps: Sequence[str]) -> object:
    for step in steps:
        if isinstance(value, dict):
            value = cast("dict[str, object]", value).get(step)
        elif isinstance(value, list) and step.isdecimal():
            elements = cast("list[object]", value)
            value = elements[int(step)] if int(step) < len(elements) else None
        else:
            return None
    return value


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else to_json(value).decode()


def _read(text: str) -> object:
    try:
        return from_json(text)
    except ValueError:
        return None
