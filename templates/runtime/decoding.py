"""From the body of a message to its event; one deserializer per channel.

What decides is what is on the wire: a python-cqrs envelope, a header, a member of the payload, and only then the
schemas, of which exactly one must fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeAlias, TypeVar, cast

from cqrs.deserializers import DeserializeJsonError

from .address import Address
from .bad_input import AmbiguousMessage, BadInput, NotJson, UnknownMessage, UnsupportedContent
from .candidates import Candidate, Ignored, Known, LeftOut, Rule, Unsupported
from .envelope import named_by
from .events import Event
from .json_body import is_json, parse
from .parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .message import Message

__all__ = ["ENVELOPES", "Deserializer", "Ignored", "Known", "LeftOut", "Unsupported", "UnsupportedContent"]

EventT = TypeVar("EventT", bound=Event[Any])

Envelopes: TypeAlias = Literal["auto", "cqrs", "none"]
ENVELOPES: Final[tuple[Envelopes, ...]] = ("auto", "cqrs", "none")
"""Whether bodies are python-cqrs envelopes: seen in each body; always; never."""


_HEADER: Final[Callable[[Candidate[Event[Any]]], Rule | None]] = attrgetter("header")
_MEMBER: Final[Callable[[Candidate[Event[Any]]], Rule | None]] = attrgetter("member")


class Deserializer(Generic[EventT]):
    """Reads the messages of one channel, as python-cqrs' `JsonDeserializer` does those of one event."""

    def __init__(
        self,
        address: str,
        *,
        envelope: Envelopes,
        messages: Sequence[Candidate[EventT]],
        parameters: Mapping[str, Any] | None = None,
        tombstone: Callable[[Message, str], EventT] | None = None,
    ) -> None:
        self._address = address
        self._parameters = Parameters(Address(address), parameters) if parameters else None
        self._envelope = envelope
        self._messages = messages
        self._tombstone = tombstone
        self._by_name = {message.name: message for message in messages}
        self._choice = ", ".join(f"{message.name!r}" for message in messages)
        self._has_headers = any(message.header for message in messages)
        self._is_told_apart = len(messages) > 1 or self._has_headers

    def __call__(
        self, body: bytes | None, message: Message | None = None
    ) -> EventT | Ignored | DeserializeJsonError | None:
        """Give the event of a body, an error as a value, or None for a tombstone that is to be skipped; never raises.

        `message` gives the headers, and the identity of an event whose body brings none; without it the event gets
        a new one. The text of an error never repeats what the body holds.
        """
        try:
            if body is None:
                return self._decode_tombstone(message)
            return self.decode(body, message, self._came_by(message) if self._parameters else self._address)
        except BadInput as error:
            return DeserializeJsonError(error_message=str(error), error_type=type(error), message_data=body)

    def _decode_tombstone(self, message: Message | None) -> EventT | None:
        if self._tombstone is None or message is None:
            return None
        return self._tombstone(message, self._came_by(message))

    def _came_by(self, message: Message | None) -> str:
        """Give the address of a message, whose parameters are read, where it has any; raises `BadInput`."""
        if self._parameters is None or message is None:
            return self._address
        message.parameters = self._parameters.read(message)
        return message.address

    def decode(self, body: bytes, message: Message | None, address: str) -> EventT | Ignored:
        """Give the event of a body that came from an address; raises `BadInput`."""
        content_type = message.content_type if message else None
        if content_type and not is_json(content_type):
            raise UnsupportedContent(f"content type {content_type[:100]!r} cannot be decoded")
        try:
            value = parse(body)
        except NotJson:
            self._refuse_unsupported(body, message)
            raise
        name = None
        if self._envelope != "none":
            name = named_by(value)
            named = self._by_name.get(name or "")
            if named is not None and not named.declares_envelope:
                return named.unwrap(body, cast("dict[str, object]", value), message, address)
            if named is not None:
                return named.wrap(named.read(body), body, message, address)
            if self._envelope == "cqrs":
                raise UnknownMessage(f"no envelope with a payload and an event_name among {self._choice}")
        try:
            return self._decode_payload(body, value, message, address)
        except BadInput as refusal:
            if name is None:
                raise
            raise UnknownMessage(f"as an envelope it names none of {self._choice}; as a payload: {refusal}") from None

    def _decode_payload(self, body: bytes, value: object, message: Message | None, address: str) -> EventT | Ignored:
        candidates = self._candidates(value, message) if self._is_told_apart else self._messages
        if len(candidates) == 1:
            candidate = candidates[0]
            return candidate.wrap(candidate.read(body), body, message, address)
        return self._read_the_valid_one(candidates, body, message, address)

    def _refuse_unsupported(self, body: bytes, message: Message | None) -> None:
        """Say so, when what is no JSON may be a message that cannot be decoded at all."""
        for candidate in self._by_header(message):
            if isinstance(candidate, Unsupported):
                candidate.read(body)

    def _candidates(self, value: object, message: Message | None) -> Sequence[Candidate[EventT]]:
        """Give the messages that a body may be, going by its headers and by the members that tell them apart."""
        candidates = self._by_header(message)
        if isinstance(value, dict):
            candidates = _fitting(candidates, _MEMBER, cast("dict[str, object]", value))
        if not candidates:
            raise UnknownMessage(_none_named("member", _MEMBER, self._messages))
        return candidates

    def _by_header(self, message: Message | None) -> Sequence[Candidate[EventT]]:
        if message is None or not self._has_headers:
            return self._messages
        headers = {rule[0]: message.header(rule[0]) for one in self._messages if (rule := one.header)}
        texts = {name: text for name, text in headers.items() if text is not None}
        candidates = _fitting(self._messages, _HEADER, texts)
        if not candidates:
            raise UnknownMessage(_none_named("header", _HEADER, self._messages))
        return candidates

    def _read_the_valid_one(
        self, candidates: Sequence[Candidate[EventT]], body: bytes, message: Message | None, address: str
    ) -> EventT | Ignored:
        answers = [(candidate, _try(candidate, body)) for candidate in candidates]
        valid = [(candidate, answer.payload) for candidate, answer in answers if isinstance(answer, _Valid)]
        refusals = [(candidate, answer) for candidate, answer in answers if isinstance(answer, BadInput)]
        if len(valid) == 1:
            [(candidate, payload)] = valid
            return candidate.wrap(payload, body, message, address)
        if valid:
            raise AmbiguousMessage(f"valid as each of {', '.join(candidate.name for candidate, _ in valid)}")
        is_unsupported = any(isinstance(refusal, UnsupportedContent) for _, refusal in refusals)
        reasons = " | ".join(f"{candidate.name}: {refusal}" for candidate, refusal in refusals)
        raise (UnsupportedContent if is_unsupported else UnknownMessage)(f"valid as none of {reasons}")


@dataclass(frozen=True)
class _Valid:
    payload: Any


def _try(candidate: Candidate[EventT], body: bytes) -> _Valid | BadInput:
    try:
        return _Valid(candidate.read(body))
    except BadInput as refusal:
        return refusal


def _none_named(
    what: str,
    rule_of: Callable[[Candidate[Event[Any]]], Rule | None],
    messages: Sequence[Candidate[EventT]],
) -> str:
    """Say which values a header or a member would need to name a message."""
    rules = [rule for message in messages if (rule := rule_of(message))]
    wanted = {name: [repr(value) for other, values in rules if other == name for value in values] for name, _ in rules}
    return "; ".join(f"{what} {name!r} is none of {', '.join(values)}" for name, values in wanted.items())


def _fitting(
    candidates: Sequence[Candidate[EventT]],
    rule_of: Callable[[Candidate[Event[Any]]], Rule | None],
    texts: Mapping[str, object],
) -> Sequence[Candidate[EventT]]:
    """Give the messages that are named, or when none is those that are not ruled out."""
    named: list[Candidate[EventT]] = []
    possible: list[Candidate[EventT]] = []
    for candidate in candidates:
        rule = rule_of(candidate)
        if rule is None or rule[0] not in texts:
            possible.append(candidate)
        elif texts[rule[0]] in rule[1]:
            named.append(candidate)
    return named or possible
