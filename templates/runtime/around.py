"""What is around a payload and is described by the contract: read once for a message, and typed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, get_args, get_origin

if TYPE_CHECKING:
    from .message import Message

ValueT = TypeVar("ValueT")


class Around(ABC, Generic[ValueT]):
    """Reads one thing around a payload."""

    def read(self, message: Message) -> ValueT:
        """Give what a message has; raises `BadInput` when that is not what the contract describes."""
        if message.typed is None:
            message.typed = {}
        if self not in message.typed:
            message.typed[self] = self._read(message)
        return cast("ValueT", message.typed[self])

    def check(self, message: Message) -> None:
        """Read it before the handler asks, so that a message without it never comes to one."""
        self.read(message)

    @abstractmethod
    def _read(self, message: Message) -> ValueT: ...


def reader_of(event: type[Any], kind: type[Any]) -> Any:  # noqa: ANN401 - one of that kind
    """Give what reads one kind of thing around the messages of an event. TypeError when nothing does."""
    for reader in getattr(event, "around", ()):
        if isinstance(reader, kind):
            return reader
    raise TypeError(f"{event.__name__}: the contract does not describe what is asked for")


def argument_of(class_: type[Any], base: type[Any]) -> Any:  # noqa: ANN401 - a type
    """Give `X` for a class that is written with the base `base[X]`."""
    bases = class_.__dict__["__orig_bases__"]
    return next(get_args(written)[0] for written in bases if get_origin(written) is base)
