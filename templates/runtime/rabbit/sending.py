"""What the service publishes, as AMQP messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from aio_pika import Message as OutgoingMessage
from aio_pika.abc import DeliveryMode

from ..message import CORRELATION_ID
from ..publishing import NoAddress
from ..writable import writable

if TYPE_CHECKING:
    from aio_pika.abc import HeadersType

    from ..publishing import Outgoing, Send
    from .outbox import Outbox

_DIRECT_REPLY_TO: Final = "amq.rabbitmq.reply-to."
_SHORT: Final = 255
"""How many bytes a property and a routing key may have (AMQP 0-9-1, short string)."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Where messages go and how, as the contract's bindings have it.

    `expiration` is in milliseconds; with `mandatory` the broker refuses a message that no queue gets.
    """

    exchange: str = ""
    mandatory: bool = True
    persistent: bool = True
    expiration: int | None = None
    priority: int | None = None
    user_id: str | None = None
    reply_to: str | None = None
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    timestamp: bool = False
    content_encoding: str | None = None
    type: str | None = None

    def through(self, outbox: Outbox) -> Send:
        """Give what sends messages like this."""
        return partial(_send, outbox, self)


def _fits(text: str) -> bool:
    """Whether a text can be a property or a routing key."""
    return len(text.encode(errors="backslashreplace")) <= _SHORT and text.isprintable()


async def _send(outbox: Outbox, sending: Sending, message: Outgoing) -> None:
    headers: HeadersType = {
        name: value if isinstance(value, str) else bytearray(value) for name, value in message.headers.items()
    }
    correlation_id = message.correlation_id
    if correlation_id is not None and not _fits(correlation_id):  # a header takes what the property cannot
        headers.setdefault(CORRELATION_ID, writable(correlation_id))
        correlation_id = None
    if not _fits(message.address):
        raise NoAddress("what it would be sent to cannot be a routing key")
    for name, keys in (("CC", sending.cc), ("BCC", sending.bcc)):  # RabbitMQ, Sender-Selected Distribution
        if keys:
            headers[name] = list(keys)
    written = OutgoingMessage(
        message.body,
        headers=headers,
        content_type=message.content_type,
        content_encoding=sending.content_encoding,
        correlation_id=correlation_id,
        # an identity that lasts, which AMQP has only if its sender gives one
        message_id=str(message.event_id or uuid4()),
        delivery_mode=DeliveryMode.PERSISTENT if sending.persistent else DeliveryMode.NOT_PERSISTENT,
        expiration=None if sending.expiration is None else sending.expiration / 1000,
        priority=sending.priority,
        reply_to=message.reply_to or sending.reply_to,
        timestamp=datetime.now(timezone.utc) if sending.timestamp else None,
        type=sending.type,
        user_id=sending.user_id,
    )
    # RabbitMQ delivers replies to this pseudo-queue and says of each that no queue gets it
    is_direct_reply = message.address.startswith(_DIRECT_REPLY_TO)
    is_mandatory = sending.mandatory and not is_direct_reply
    await outbox.publish(written, message.address, exchange=sending.exchange, mandatory=is_mandatory)
