"""What a package sends is what the contract describes, and comes back to a subscriber of the same contract."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.generated import Generate, Package

CONTRACT = """
asyncapi: 3.0.0
info: {title: Payments, version: 1.0.0}
servers:
  kafka: {host: localhost, protocol: kafka}
  rabbit: {host: localhost, protocol: amqp}
channels:
  payments:
    address: payments.{region}
    servers: [{$ref: '#/servers/kafka'}]
    parameters: {region: {enum: [eu, us]}}
    messages:
      taken: {$ref: '#/components/messages/taken'}
  refunds:
    address: refunds
    servers: [{$ref: '#/servers/rabbit'}]
    bindings: {amqp: {is: routingKey, exchange: {name: money, type: topic}}}
    messages:
      refunded:
        name: Refunded
        payload: {type: array, items: {type: integer}}
        bindings: {amqp: {messageType: refund, contentEncoding: utf-8}}
  notes:
    address: notes
    servers: [{$ref: '#/servers/kafka'}]
    messages:
      note:
        name: Note
        contentType: text/plain
        payload: {type: string, maxLength: 5}
        headers: {type: object, required: [tenant, tries], properties: {tenant: {type: string}, tries: {type: integer}}}
        bindings: {kafka: {key: {type: integer}}}
  files:
    address: files
    servers: [{$ref: '#/servers/rabbit'}]
    messages: {file: {name: File, contentType: application/octet-stream}}
  commands:
    address: ignored
    servers: [{$ref: '#/servers/rabbit'}]
    bindings: {amqp: {is: queue, queue: {name: commands}}}
    messages:
      pay: {payload: {type: object, required: [id], properties: {id: {type: integer}}}}
operations:
  receiveTaken: {action: receive, channel: {$ref: '#/channels/payments'}}
  sendTaken: {action: send, channel: {$ref: '#/channels/payments'}}
  receiveRefunds: {action: receive, channel: {$ref: '#/channels/refunds'}}
  sendRefunds:
    action: send
    channel: {$ref: '#/channels/refunds'}
    bindings:
      amqp:
        {expiration: 60000, userId: guest, cc: [copies], bcc: [hidden], priority: 3, deliveryMode: 1, replyTo: answers,
         timestamp: true}
  receiveNotes: {action: receive, channel: {$ref: '#/channels/notes'}}
  sendNotes: {action: send, channel: {$ref: '#/channels/notes'}}
  receiveFiles: {action: receive, channel: {$ref: '#/channels/files'}}
  sendFiles: {action: send, channel: {$ref: '#/channels/files'}}
  receivePay: {action: receive, channel: {$ref: '#/channels/commands'}}
  sendPay: {action: send, channel: {$ref: '#/channels/commands'}}
components:
  messages:
    taken:
      name: payment.taken
      title: PaymentTaken
      headers: {type: object, properties: {kind: {const: taken}}}
      correlationId: {location: $message.header#/trace}
      payload:
        type: object
        required: [paymentId]
        properties: {paymentId: {type: string, minLength: 1}, note: {type: string}}
"""
WRITTEN = {"paymentId": "p-1"}


@pytest.fixture(scope="module")
def payments(generate: Generate) -> Package:
    return generate(CONTRACT)


@pytest.fixture
def acting(payments: Package) -> Iterator[Any]:
    """Give the module in which `act` is what handlers do beside recording."""
    recorder = payments.module("handlers.recorder")
    yield recorder
    recorder.act = None


async def test_to_a_topic_with_parameters(payments: Package) -> None:
    publishers, models = payments.module("contract.publishers"), payments.module("contract.models")
    identity = uuid4()
    async with payments.traffic():
        await publishers.publish_payment_taken(
            models.PaymentTakenPayload(payment_id="p-1"),
            region="eu",
            key="p-1",
            headers={"extra": "1", "raw": b"\x00"},
            correlation_id="c-1",
            event_id=identity,
        )
    [(event, message)] = payments.handled
    assert json.loads(message.body) == WRITTEN, "names of the contract, and no member that was not given"
    assert (message.topic, message.key, event.event_id) == ("payments.eu", b"p-1", identity)
    headers = dict(message.headers)
    assert headers == {
        "content-type": b"application/json",
        "kind": b"taken",
        "extra": b"1",
        "raw": b"\x00",
        "trace": b"c-1",
        "correlation_id": b"c-1",
        "x-event-id": str(identity).encode(),
    }


async def test_to_an_exchange_with_the_properties_of_the_bindings(payments: Package) -> None:
    publishers = payments.module("contract.publishers")
    async with payments.traffic():
        await publishers.publish_refunded([1, 2], headers={"a": "b"}, correlation_id="c-2")
    [(event, message)] = payments.handled
    assert (event.payload, message.exchange, message.routing_key) == ([1, 2], "money", "refunds")
    assert message.amqp_headers == {"a": "b", "CC": ["copies"], "BCC": ["hidden"]}
    assert (message.correlation_id, message.content_type) == ("c-2", "application/json")
    assert event.event_id == UUID(message.message_id), "an identity that lasts"


async def test_to_a_queue(payments: Package) -> None:
    publishers, models = payments.module("contract.publishers"), payments.module("contract.models")
    async with payments.traffic():
        await publishers.publish_pay(models.PayPayload(id=3))
    [(_, message)] = payments.handled
    assert (message.queue, message.exchange) == ("commands", "")


@pytest.mark.parametrize("as_model", [True, False])
async def test_a_text_with_headers_and_a_key_of_the_contract(payments: Package, *, as_model: bool) -> None:
    publishers, models = payments.module("contract.publishers"), payments.module("contract.models")
    headers = models.NoteHeaders(tenant="t", tries=3) if as_model else {"tenant": "t", "tries": "3"}
    async with payments.traffic() as traffic:
        await publishers.publish_note("hello", headers=headers, key="7")
    assert traffic.dead == []
    [(event, message)] = payments.handled
    assert (event.payload, message.body, message.key) == ("hello", b"hello", b"7")
    assert {"tenant": b"t", "tries": b"3", "content-type": b"text/plain"}.items() <= dict(message.headers).items()


@pytest.mark.parametrize(
    ("payload", "headers", "key", "error"),
    [
        ("longer", {"tenant": "t", "tries": "3"}, "7", "InvalidPayload"),
        (b"bytes", {"tenant": "t", "tries": "3"}, "7", "InvalidPayload"),
        ("hello", {"tenant": "t"}, "7", "InvalidHeaders"),
        ("hello", {"tenant": "t", "tries": "x"}, "7", "InvalidHeaders"),
        ("hello", {"tenant": b"\xff", "tries": "3"}, "7", "InvalidHeaders"),
        ("hello", None, "7", "InvalidHeaders"),
        ("hello", {"tenant": "t", "tries": "3"}, "seven", "InvalidKey"),
        ("hello", {"tenant": "t", "tries": "3"}, None, "InvalidKey"),
    ],
)
async def test_headers_and_keys_are_checked_before_anything_is_sent(
    payments: Package, payload: object, headers: Any, key: str | None, error: str
) -> None:
    publishers = payments.module("contract.publishers")
    async with payments.traffic() as traffic:
        with pytest.raises(ValueError) as raised:  # noqa: PT011 - its class is looked at
            await publishers.publish_note(payload, headers=headers, key=key)
    assert (type(raised.value).__name__, payments.handled, traffic.dead) == (error, [], [])


async def test_bytes_are_sent_as_they_are(payments: Package) -> None:
    publishers = payments.module("contract.publishers")
    async with payments.traffic():
        await publishers.publish_file(b"\x00\xff")
        with pytest.raises(ValueError, match="not bytes"):
            await publishers.publish_file("text")
    [(event, message)] = payments.handled
    assert (event.payload, message.body, message.content_type) == (
        b"\x00\xff",
        b"\x00\xff",
        "application/octet-stream",
    )


async def test_in_a_handler_the_correlation_is_carried_over(payments: Package, acting: Any) -> None:
    publishers = payments.module("contract.publishers")

    async def refund(event: Any) -> None:
        if type(event).__name__ == "PaymentTaken":
            await publishers.publish_refunded([3])

    acting.act = refund
    async with payments.traffic() as traffic:
        await traffic.kafka.publish(json.dumps(WRITTEN).encode(), "payments.us", headers={"trace": "c-3"})
    [_, (_, refunded)] = payments.handled
    assert refunded.correlation_id == "c-3"


async def test_what_the_contract_does_not_allow_is_not_sent(payments: Package) -> None:
    publishers, models = payments.module("contract.publishers"), payments.module("contract.models")
    unchecked = models.PaymentTakenPayload.model_construct(payment_id="")
    async with payments.traffic():
        with pytest.raises(ValueError, match="paymentId: String should have at least 1 character"):
            await publishers.publish_payment_taken(unchecked, region="eu")
        with pytest.raises(ValueError, match="another type"):
            await publishers.publish_payment_taken({"paymentId": 3}, region="eu")
        for region in ("asia", "eu.dead", ""):
            with pytest.raises(ValueError, match="region"):
                await publishers.publish_payment_taken(models.PaymentTakenPayload(payment_id="p"), region=region)
    assert payments.handled == []


WHOSE = """
asyncapi: 3.0.0
info: {title: Whose, version: 1.0.0}
servers:
  kafka: {host: localhost, protocol: kafka}
  rabbit: {host: localhost, protocol: amqp}
channels:
  users:
    address: users.{who}
    servers: [{$ref: '#/servers/kafka'}]
    parameters: {who: {}}
    messages: {user: {name: User, payload: {type: object, properties: {id: {type: integer}}}}}
  accounts:
    address: accounts.{who}
    servers: [{$ref: '#/servers/rabbit'}]
    parameters: {who: {}}
    bindings: {amqp: {is: routingKey, exchange: {name: accounts, type: topic}}}
    messages:
      account: {name: Account, payload: {type: object, properties: {event_name: {type: string}, payload: {}}}}
operations:
  receiveUsers: {action: receive, channel: {$ref: '#/channels/users'}}
  sendUsers: {action: send, channel: {$ref: '#/channels/users'}}
  receiveAccounts: {action: receive, channel: {$ref: '#/channels/accounts'}}
  sendAccounts: {action: send, channel: {$ref: '#/channels/accounts'}}
"""


@pytest.mark.parametrize("envelope", ["auto", "none", "cqrs"])
async def test_a_payload_arrives_as_itself_when_it_looks_like_an_envelope(generate: Generate, envelope: str) -> None:
    package = generate(WHOSE, envelope=envelope)
    publishers, models = package.module("contract.publishers"), package.module("contract.models")
    user = models.UserPayload.model_validate({"id": 1, "event_name": "User", "payload": {"id": 2}})
    account = models.AccountPayload(event_name="Account", payload={"event_name": "x"})
    async with package.traffic() as traffic:
        if envelope == "auto":
            with pytest.raises(ValueError, match="python-cqrs' envelope"):
                await publishers.publish_user(user, who="1")
        else:
            await publishers.publish_user(user, who="1")
        await publishers.publish_account(account, who="1")
    expected = [account] if envelope == "auto" else [user, account]
    assert ([event.payload for event, _ in package.handled], traffic.dead) == (expected, [])


async def test_parameters_are_what_the_protocol_takes(generate: Generate) -> None:
    package = generate(WHOSE)
    publishers, models = package.module("contract.publishers"), package.module("contract.models")
    async with package.traffic():
        with pytest.raises(ValueError, match="parameter 'who'"):
            await publishers.publish_user(models.UserPayload(id=1), who="a b")
        with pytest.raises(ValueError, match="parameter 'who'"):
            await publishers.publish_account(models.AccountPayload(), who="*")
        await publishers.publish_account(models.AccountPayload(), who="a b")
    [(_, message)] = package.handled
    assert message.routing_key == "accounts.a b"


async def test_in_the_envelope_when_that_is_asked_for(generate: Generate) -> None:
    package = generate(CONTRACT, envelope="cqrs")
    publishers, models = package.module("contract.publishers"), package.module("contract.models")
    identity = uuid4()
    async with package.traffic() as traffic:
        await publishers.publish_payment_taken(
            models.PaymentTakenPayload(payment_id="p-1"), region="eu", event_id=identity
        )
    [(event, message)] = package.handled
    written = json.loads(message.body)
    assert written.pop("event_timestamp")
    assert written == {
        "event_id": str(identity),
        "event_name": "payment.taken",
        "topic": "payments.eu",
        "payload": WRITTEN,
    }
    assert event.event_id == identity
    assert traffic.dead == []


async def test_outside_a_service_that_runs_nothing_is_sent(payments: Package) -> None:
    publishers = payments.module("contract.publishers")
    with pytest.raises(RuntimeError, match="not connected"):
        await publishers.publish_refunded([1])
