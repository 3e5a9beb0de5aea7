"""RabbitMQ: what bindings say of messages that are sent (AMQP operation and message bindings 0.3.0)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cqrs_gen.protocols.bindings import flag, integer, text, texts, warn_unused
from cqrs_gen.rules import INVALID_BINDING

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Message
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report

OPERATION_FIELDS: Final = frozenset(
    {
        *("expiration", "userId", "cc", "priority", "deliveryMode", "mandatory", "bcc", "replyTo", "timestamp"),
        "ack",
    }
)
SENDING_EFFECTS: Final = OPERATION_FIELDS - {"ack"}
"""What has an effect on messages that are sent; `ack` is about receiving."""
MESSAGE_FIELDS: Final = frozenset({"contentEncoding", "messageType"})

_PERSISTENT: Final = 2
_BYTE: Final = 255
_LONGEST: Final = 2**32 - 1


@dataclass(frozen=True)
class SendingOptions:
    """How each message of an operation is sent; None and empty where the contract does not say."""

    mandatory: bool = True
    """Whether the broker refuses a message that it has no queue for."""
    persistent: bool = True
    expiration: int | None = None
    """Milliseconds after which a message is dropped."""
    priority: int | None = None
    user_id: str | None = None
    reply_to: str | None = None
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    timestamp: bool = False


@dataclass(frozen=True)
class MessageProperties:
    """What every message of one kind has beside its body."""

    content_encoding: str | None
    type: str | None


def sending_options(binding: Node | None, report: Report, *, mandatory: bool) -> SendingOptions:
    """Read the binding of an operation that sends; `mandatory` is what holds where the binding does not say."""
    warn_unused(binding, SENDING_EFFECTS, OPERATION_FIELDS, report)
    return SendingOptions(
        mandatory=flag(binding, "mandatory", report, default=mandatory),
        persistent=_delivery_mode(binding, report) == _PERSISTENT,
        expiration=integer(binding, "expiration", range(_LONGEST + 1), report),
        priority=integer(binding, "priority", range(_BYTE + 1), report),
        user_id=text(binding, "userId", report),
        reply_to=text(binding, "replyTo", report),
        cc=texts(binding, "cc", report),
        bcc=texts(binding, "bcc", report),
        timestamp=flag(binding, "timestamp", report, default=False),
    )


def message_properties(message: Message, report: Report) -> MessageProperties:
    """Read the binding of a message that is sent."""
    binding = message.bindings.get("amqp")
    warn_unused(binding, MESSAGE_FIELDS, MESSAGE_FIELDS, report)
    return MessageProperties(text(binding, "contentEncoding", report), text(binding, "messageType", report))


def _delivery_mode(binding: Node | None, report: Report) -> int:
    mode = integer(binding, "deliveryMode", range(256), report)
    if mode in {None, 1, _PERSISTENT}:
        return mode or _PERSISTENT
    if binding is not None:
        hint = "1 is transient, 2 is persistent"
        report(INVALID_BINDING, binding.child("deliveryMode"), f"binding 'deliveryMode' cannot be {mode}", hint=hint)
    return _PERSISTENT
