"""Requests: a handler gives the reply, which goes where the contract or the request says, with its correlation id."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import cqrs

from .events import Event
from .message import Message, RejectMessage, current_message
from .publishing import NoAddress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from .publishing import Publisher

EventT = TypeVar("EventT", bound=Event[Any])
ReplyT = TypeVar("ReplyT")


@dataclass(frozen=True, slots=True)
class Reply:
    """How one operation replies.

    `direct` sends to the address that a request has (AsyncAPI 3.0, Operation Reply Address Object; AMQP's property),
    `fixed` to the one of the contract, where the request has none.
    """

    direct: Publisher | None = None
    fixed: Publisher | None = None

    def sender(self, request: Message) -> Callable[[Any], Awaitable[None]]:
        """Give what sends the reply to a request and returns when the broker has it.

        Raises RejectMessage when nothing says where it goes.
        """
        address = request.reply_to
        if address and self.direct is not None:
            return partial(_send, self.direct, address)
        if self.fixed is None:
            raise RejectMessage("the request does not say where its reply goes")
        return self.fixed.publish


async def _send(direct: Publisher, address: str, payload: Any) -> None:  # noqa: ANN401 - as the publisher has it
    """Send to an address that somebody asked for: where that is none, to try again would be in vain."""
    try:
        await direct.publish(payload, to=address)
    except NoAddress as error:
        raise RejectMessage(f"the reply cannot be sent: {error}") from error


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
        send = reply.sender(request) if reply is not None else None
        answer = await self.answer(event)
        if send is not None:
            await send(answer)
