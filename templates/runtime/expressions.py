"""What stands in a message where the contract says: a correlation id, an address for replies (Runtime Expression)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, cast

from pydantic_core import from_json, to_json

from .message import CORRELATION_IDS, RabbitMessage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .message import Message


class Expression(ABC):
    """Finds a value of a message; `steps` lead to it."""

    def __init__(self, *steps: str) -> None:
        self._steps: Final = steps

    @abstractmethod
    def find(self, message: Message, body: bytes | None, payload: Any, *, is_envelope: bool) -> str | None:  # noqa: ANN401 - of any type
        """Give the value as text; None where there is none.

        `body` is JSON, perhaps an envelope of python-cqrs; None where the payload came as something else.
        """


class HeaderValue(Expression):
    """A header, or what is inside one that holds JSON."""

    def find(self, message: Message, body: bytes | None, payload: Any, *, is_envelope: bool) -> str | None:  # noqa: ANN401, ARG002 - not there
        name, *inner = self._steps
        text = message.header(name)
        if inner:
            return _text(_follow(_read(text), inner)) if text is not None else None
        if text is None and isinstance(message, RabbitMessage) and name in CORRELATION_IDS:
            return message.correlation_id  # the property, which clients set instead
        return text


class PayloadValue(Expression):
    """The payload, or what is inside it."""

    def find(self, message: Message, body: bytes | None, payload: Any, *, is_envelope: bool) -> str | None:  # noqa: ANN401, ARG002 - not there
        try:
            value = from_json(to_json(payload) if body is None else body)  # which keeps integers of any size
        except ValueError:  # bytes that are no text
            return None
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
