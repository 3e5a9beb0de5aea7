"""What templates may see of deserializers: the messages of a place, and how each of them is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.plan.body_view import BodyView
    from cqrs_gen.plan.expressions import ExpressionView


@dataclass(frozen=True)
class DiscriminatorView:
    """A header or a payload member whose value tells a message from the others of its channel."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class MessageView:
    """A message as a deserializer knows it."""

    event: str | None
    """The class of its event; None where no operation of the source receives it."""
    event_name: str
    body: BodyView | None
    """None where it cannot be decoded."""
    content_type: str | None
    """Why it cannot be decoded."""
    header: DiscriminatorView | None
    member: DiscriminatorView | None
    correlation: ExpressionView | None
    """None where the contract does not say."""
    reply_to: ExpressionView | None
    """What finds the address for the reply; None where there is no reply, or the contract does not say."""
    declares_envelope: bool
    """Whether its own schema has members of the envelope, so that no envelope can be around it."""


@dataclass(frozen=True)
class ParameterView:
    """A parameter of an address."""

    name: str
    annotation: str
    """A Python type expression, made of checked literals."""


@dataclass(frozen=True)
class DeserializerView:
    """One deserializer."""

    name: str
    """Of the function; the object behind it has a `_` in front of its stem."""
    stem: str
    address: str
    envelope: str
    messages: tuple[MessageView, ...]
    parameters: tuple[ParameterView, ...]
    has_tombstones: bool
    """Whether records without a value become events."""

    @property
    def events(self) -> tuple[str, ...]:
        """The classes it can give."""
        return tuple(message.event for message in self.messages if message.event)

    @property
    def bodies(self) -> tuple[BodyView, ...]:
        """The bodies that it can read."""
        return tuple(message.body for message in self.messages if message.body is not None)

    @property
    def annotations(self) -> str:
        """All annotations of its parameters, for what has to be imported."""
        return " ".join(parameter.annotation for parameter in self.parameters)

    @property
    def has_untyped(self) -> bool:
        """Whether a payload of it is of any type."""
        return any(body.payload == "Any" for body in self.bodies)

    @property
    def contents(self) -> set[str]:
        """The modules of `runtime/contents` that its messages are read with; none where all are plain JSON."""
        return {content for body in self.bodies for content in body.contents}

    @property
    def has_left_out(self) -> bool:
        """Whether it knows messages that no operation receives."""
        return any(message.body and not message.event for message in self.messages)

    @property
    def has_unsupported(self) -> bool:
        """Whether it knows messages that cannot be decoded."""
        return any(message.body is None for message in self.messages)
