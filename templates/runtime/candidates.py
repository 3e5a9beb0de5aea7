"""The messages that a body may be: those that become events, that are left out, and that cannot be decoded."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, TypeAlias, TypeVar

from .bad_input import UnsupportedContent
from .envelope import absent, declared_identity, identity
from .events import Event
from .payload import Content, Reader

if TYPE_CHECKING:
    from .around import Around
    from .expressions import Expression
    from .message import Message

EventT_co = TypeVar("EventT_co", bound=Event[Any], covariant=True)

Rule: TypeAlias = tuple[str, tuple[str, ...]]
"""A header or a member of the payload, and the texts in it that name a message."""


@dataclass(frozen=True)
class Ignored:
    """A message that the channel declares and the operation leaves out."""

    name: str


class Candidate(ABC, Generic[EventT_co]):
    """A message that a channel declares, and how it is told apart from the others."""

    def __init__(
        self, name: str, content: Content | None, *, header: Rule | None, member: Rule | None, declares_envelope: bool
    ) -> None:
        self.name: Final = name
        self.content: Final = content
        """None for what cannot be decoded."""
        self.header: Final = header
        self.member: Final = member
        self.declares_envelope: Final = declares_envelope
        """Whether its schema describes python-cqrs' envelope, so that the whole body is the payload."""

    @abstractmethod
    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a payload is of any type
        """Give the payload that a body is; raises `BadInput`."""

    @abstractmethod
    def wrap(self, payload: Any, body: bytes, message: Message | None, address: str) -> EventT_co | Ignored:  # noqa: ANN401 - as above
        """Give the event around a payload that `read` gave."""

    @abstractmethod
    def unwrap(
        self, body: bytes, envelope: dict[str, object], message: Message | None, address: str
    ) -> EventT_co | Ignored:
        """Give the event that an envelope is; raises `BadInput`."""


class Known(Candidate[EventT_co]):
    """A message that becomes an event; `payload` is its type, any expression for one, or says how to read it."""

    def __init__(  # noqa: PLR0913 - all that tells a message from others, and what is around it
        self,
        event: type[EventT_co],
        payload: Any,  # noqa: ANN401 - as above
        *,
        header: Rule | None = None,
        member: Rule | None = None,
        correlation_id: Expression | None = None,
        reply_to: Expression | None = None,
        declares_envelope: bool = False,
    ) -> None:
        name: str = event.model_fields["event_name"].default
        self._payloads: Final = _read_as(payload)
        super().__init__(name, self._payloads, header=header, member=member, declares_envelope=declares_envelope)
        self._events: Final = Reader(event)
        self._build: Final = event.__pydantic_validator__.validate_python
        self._around: Final[tuple[Around[Any], ...]] = event.around
        self._correlation_id: Final = correlation_id
        self._reply_to: Final = reply_to
        self._has_surroundings: Final = bool(event.around or correlation_id or reply_to)

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - as above
        return self._payloads.read(body)

    def wrap(self, payload: Any, body: bytes, message: Message | None, address: str) -> EventT_co:  # noqa: ANN401 - as above
        if self._has_surroundings and message is not None:
            self._look_around(message, body if type(self._payloads) is Reader else None, payload)
        members = identity(message, address)
        members["payload"] = payload
        if self.declares_envelope:
            members |= declared_identity(body)
        event: EventT_co = self._build(members, strict=True)
        return event

    def unwrap(self, body: bytes, envelope: dict[str, object], message: Message | None, address: str) -> EventT_co:
        event: EventT_co = self._events.read(body)
        if self._has_surroundings and message is not None:
            self._look_around(message, body, event.payload, is_envelope=True)
        missing = absent(envelope, message, address)
        return event.model_copy(update=missing) if missing else event

    def _look_around(
        self,
        message: Message,
        body: bytes | None,
        payload: Any,  # noqa: ANN401 - as above
        *,
        is_envelope: bool = False,
    ) -> None:
        """Check what the contract says of headers and key; find correlation id and address. Raises `BadInput`.

        `body` is None where it is no JSON.
        """
        for reader in self._around:
            reader.check(message)
        if self._correlation_id is not None:
            message.correlation_id = self._correlation_id.find(message, body, payload, is_envelope=is_envelope)
        if self._reply_to is not None:
            found = self._reply_to.find(message, body, payload, is_envelope=is_envelope)
            message.reply_to = found or message.reply_to


class LeftOut(Candidate[NoReturn]):
    """A message that the channel declares and the operation leaves out."""

    def __init__(
        self,
        name: str,
        payload: Any,  # noqa: ANN401 - as above
        *,
        header: Rule | None = None,
        member: Rule | None = None,
        declares_envelope: bool = False,
    ) -> None:
        self._payloads: Final = _read_as(payload)
        super().__init__(name, self._payloads, header=header, member=member, declares_envelope=declares_envelope)

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - as above
        return self._payloads.read(body)

    def wrap(self, payload: Any, body: bytes, message: Message | None, address: str) -> Ignored:  # noqa: ANN401, ARG002 - as above
        return Ignored(self.name)

    def unwrap(self, body: bytes, envelope: dict[str, object], message: Message | None, address: str) -> Ignored:  # noqa: ARG002 - it is not looked into
        return Ignored(self.name)


class Unsupported(Candidate[NoReturn]):
    """A message that the channel declares and nobody here can decode."""

    def __init__(self, name: str, *, content_type: str, header: Rule | None = None, member: Rule | None = None) -> None:
        super().__init__(name, None, header=header, member=member, declares_envelope=False)
        self.content_type: Final = content_type

    def read(self, body: bytes) -> NoReturn:  # noqa: ARG002 - it cannot be
        raise UnsupportedContent(f"{self.name!r} is {self.content_type}, which cannot be decoded")

    def wrap(self, payload: Any, body: bytes, message: Message | None, address: str) -> NoReturn:  # noqa: ANN401, ARG002 - as above
        self.read(body)

    def unwrap(self, body: bytes, envelope: dict[str, object], message: Message | None, address: str) -> NoReturn:  # noqa: ARG002 - as above
        self.read(body)


def _read_as(payload: Any) -> Content:  # noqa: ANN401 - as above
    """Give how a payload is read: as it says itself, else as JSON."""
    return payload if isinstance(payload, Content) else Reader(payload)
