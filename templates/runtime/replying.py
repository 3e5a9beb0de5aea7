"""Requests: a handler gives the reply, which goes where the contract or the request says, with its correlation id."""

from __future__ import annotations

import json
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, cast

import cqrs

from .events import Event
from .message import Message, RabbitMessage, RejectMessage, current_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .publishing import Publisher

EventT = TypeVar("EventT", bound=Event[Any])
ReplyT = TypeVar("ReplyT")

_HEADER: Final = "$message.header#/"
_PAYLOAD: Final = "$message.payload#/"


@dataclass(frozen=True, slots=True)
class Reply:
    """How one operation replies.

    `location` is a runtime expression that says where the request has the address (AsyncAPI 3.0, Operation Reply
    Address Object); AMQP has a property for it, too. `direct` sends to such an address, `fixed` to the one of the
    contract, where the request has none.
    """

    location: str = ""
    direct: Publisher | None = None
    fixed: Publisher | None = None

    def address(self, request: Message) -> str | None:
        """Give the address that a request asks for the reply at; None where it has none."""
        if self.location.startswith(_HEADER):
            asked = request.header(_unescaped(self.location.removeprefix(_HEADER)))
        elif self.location.startswith(_PAYLOAD):
            asked = _found(request.body, self.location.removeprefix(_PAYLOAD))
        else:
            asked = None
        return asked or (request.reply_to if isinstance(request, RabbitMessage) else None) or None

    async def send(self, payload: Any, request: Message) -> None:  # noqa: ANN401 - of the type that the contract has
        """Send the reply to a request; returns when the broker has it."""
        address = self.address(request)
        if address is not None and self.direct is not None:
            await self.direct.publish(payload, to=address)
        elif self.fixed is not None:
            await self.fixed.publish(payload)

    def check(self, request: Message) -> None:
        """Raise RejectMessage when nothing says where the reply to a request goes."""
        if self.fixed is None and (self.direct is None or self.address(request) is None):
            raise RejectMessage("the request does not say where its reply goes")


class RequestHandler(cqrs.EventHandler[EventT], Generic[EventT, ReplyT]):
    """Handles an event by giving the reply to it.

    The request is finished when the broker has the reply: when that fails the handler is tried again, as ever.
    """

    replies: ClassVar[Mapping[str, Reply]]
    """By the operation of the contract that receives the event."""

    @abstractmethod
    async def answer(self, event: EventT) -> ReplyT:
        """Give the reply."""

    async def handle(self, event: EventT) -> None:
        """Have the event answered and send the reply; an operation that has none gets none."""
        request = current_message()
        reply = self.replies.get(request.operation)
        if reply is not None:
            reply.check(request)
        payload = await self.answer(event)
        if reply is not None:
            await reply.send(payload, request)


def _found(body: bytes | None, pointer: str) -> str | None:
    """Give the text that a JSON Pointer (RFC 6901) leads to."""
    value: Any = json.loads(body or b"null")
    for step in pointer.split("/"):
        value = cast("dict[str, Any]", value).get(_unescaped(step)) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")
