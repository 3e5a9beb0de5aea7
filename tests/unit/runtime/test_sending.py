"""What the bindings of the contract say of a message is in its properties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest
from runtime.publishing import NoAddress, Outgoing
from runtime.rabbit.sending import Sending

if TYPE_CHECKING:
    from aio_pika import Message

IDENTITY = uuid4()
MESSAGE = Outgoing("orders.eu", b"{}", "application/json", {"text": "a", "raw": b"\xff"}, None, "c-1", IDENTITY)


class Outbox:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[tuple[Message, str, str, bool]] = []

    async def publish(self, message: Message, routing_key: str, *, exchange: str, mandatory: bool) -> None:
        self.published.append((message, routing_key, exchange, mandatory))


async def sent(sending: Sending, message: Outgoing = MESSAGE) -> tuple[Message, str, str, bool]:
    outbox = Outbox()
    await sending.through(cast("Any", outbox))(message)
    [published] = outbox.published
    return published


async def test_without_bindings_a_message_lasts_and_has_to_arrive() -> None:
    message, routing_key, exchange, mandatory = await sent(Sending())
    assert (routing_key, exchange, mandatory) == ("orders.eu", "", True)
    assert (message.body, message.content_type, message.correlation_id) == (b"{}", "application/json", "c-1")
    assert (message.message_id, message.delivery_mode) == (str(IDENTITY), 2)
    assert message.headers == {"text": "a", "raw": bytearray(b"\xff")}
    assert (message.timestamp, message.expiration, message.priority, message.type) == (None, None, 0, None)


async def test_the_pseudo_queue_for_direct_replies_is_no_queue() -> None:
    reply = Outgoing("amq.rabbitmq.reply-to.g1h2", b"{}", "application/json", {}, None, None, None)
    *_, mandatory = await sent(Sending(), reply)
    assert not mandatory


@pytest.mark.parametrize("correlation_id", ["c" * 256, "\udcff", "a\nb"])
async def test_a_correlation_id_that_no_property_can_be_is_a_header(correlation_id: str) -> None:
    message, *_ = await sent(Sending(), replace(MESSAGE, correlation_id=correlation_id))
    assert message.correlation_id is None
    assert message.headers["correlation_id"] == correlation_id.replace("\udcff", "\\udcff")


@pytest.mark.parametrize("address", ["a" * 256, "\udcff", "a\x00"])
async def test_what_no_routing_key_can_be_is_refused(address: str) -> None:
    with pytest.raises(NoAddress):
        await sent(Sending(), replace(MESSAGE, address=address))


async def test_an_identity_is_made_up_where_none_is_given() -> None:
    anonymous = Outgoing("orders", b"{}", "application/json", {}, None, None, None)
    first, second = await sent(Sending(), anonymous), await sent(Sending(), anonymous)
    assert first[0].message_id
    assert first[0].message_id != second[0].message_id


@pytest.mark.parametrize(
    ("sending", "name", "value"),
    [
        (Sending(persistent=False), "delivery_mode", 1),
        (Sending(expiration=1500), "expiration", 1.5),
        (Sending(priority=3), "priority", 3),
        (Sending(user_id="guest"), "user_id", "guest"),
        (Sending(reply_to="answers"), "reply_to", "answers"),
        (Sending(content_encoding="utf-8"), "content_encoding", "utf-8"),
        (Sending(type="order"), "type", "order"),
    ],
)
async def test_each_binding_is_a_property(sending: Sending, name: str, value: object) -> None:
    message, *_ = await sent(sending)
    assert getattr(message, name) == value


async def test_a_time_is_there_when_it_is_asked_for() -> None:
    message, *_ = await sent(Sending(timestamp=True))
    assert message.timestamp is not None


async def test_further_queues_are_named_in_the_headers_that_rabbitmq_reads() -> None:
    message, *_ = await sent(Sending(exchange="x", mandatory=False, cc=("a", "b"), bcc=("c",)))
    assert (message.headers["CC"], message.headers["BCC"]) == (["a", "b"], ["c"])
