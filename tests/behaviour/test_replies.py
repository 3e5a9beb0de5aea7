"""What a handler gives back goes to whoever asked, with the correlation id of the request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.generated import Generate, Package

CONTRACT = """
asyncapi: 3.0.0
info: {title: Prices, version: 1.0.0}
servers:
  kafka: {host: localhost, protocol: kafka}
  rabbit: {host: localhost, protocol: amqp}
channels:
  sums:
    address: sums
    servers: [{$ref: '#/servers/rabbit'}]
    messages: {sum: {name: Sum, payload: {type: array, items: {type: integer}}}}
  totals:
    address: null
    servers: [{$ref: '#/servers/rabbit'}]
    messages: {total: {name: Total, payload: {type: object, required: [total], properties: {total: {type: integer}}}}}
  questions:
    address: questions
    servers: [{$ref: '#/servers/kafka'}]
    messages:
      asked:
        name: Asked
        correlationId: {location: $message.header#/trace}
        payload: {type: object, required: [item], properties: {item: {type: string}, to: {type: string}}}
  prices:
    address: prices
    servers: [{$ref: '#/servers/kafka'}]
    messages:
      told:
        name: Told
        correlationId: {location: $message.header#/trace}
        payload: {type: object, required: [price], properties: {price: {type: integer, minimum: 0}}}
operations:
  add:
    action: receive
    channel: {$ref: '#/channels/sums'}
    reply: {address: {location: $message.header#/replyTo}, channel: {$ref: '#/channels/totals'}}
  ask:
    action: receive
    channel: {$ref: '#/channels/questions'}
    reply: {address: {location: $message.payload#/to}, channel: {$ref: '#/channels/prices'}}
"""
HANDLER = """
from ..contract import models
from ..contract.events import {event}
from ..contract.replies import {event}Replies


class {event}Handler({event}Replies):
    async def answer(self, event: {event}) -> object:
        return {answer}
"""
QUESTION = {"item": "tea"}


@pytest.fixture(scope="module")
def server(generate: Generate) -> Package:
    package = generate(CONTRACT, record=("recorder",), settings={"RETRY_DELAY": "0.001"})
    total = "models.TotalPayload(total=sum(event.payload))"
    package.write("handlers/sum_.py", HANDLER.format(event="Sum", answer=total))
    price = "models.ToldPayload.model_construct(price=len(event.payload.item) - 1)"
    package.write("handlers/asked.py", HANDLER.format(event="Asked", answer=price))
    return package


@pytest.fixture(scope="module")
def replies(server: Package) -> list[tuple[str, bytes, dict[str, Any], str | None]]:
    """Keep what comes to the addresses that replies may go to: where, the body, the headers, the correlation id."""
    found: list[tuple[str, bytes, dict[str, Any], str | None]] = []

    def listen(protocol: str, address: str) -> None:
        async def on_reply(message: Any) -> None:
            found.append((address, message.body, message.headers, message.correlation_id))

        async def undecoded(message: Any) -> Any:
            return message

        server.adapters[protocol].broker.subscriber(address, decoder=undecoded)(on_reply)

    for protocol, address in (("kafka", "prices"), ("kafka", "elsewhere"), ("rabbit", "mine")):
        listen(protocol, address)
    return found


@pytest.fixture(autouse=True)
def nothing_yet(replies: list[Any]) -> None:
    """Forget the replies of earlier tests."""
    replies.clear()


async def test_to_the_property_of_the_request(server: Package, replies: list[Any]) -> None:
    async with server.traffic() as traffic:
        await traffic.rabbit.publish(b"[1, 2]", "sums", reply_to="mine", correlation_id="c-1")
    [(address, body, _, correlation_id)] = replies
    assert (address, json.loads(body), correlation_id) == ("mine", {"total": 3}, "c-1")
    assert traffic.dead == []


async def test_to_the_header_that_the_contract_names(server: Package, replies: list[Any]) -> None:
    async with server.traffic() as traffic:
        await traffic.rabbit.publish(b"[1]", "sums", headers={"replyTo": "mine"})
    assert [address for address, *_ in replies] == ["mine"]


async def test_a_request_that_names_no_address_is_dead_lettered_before_it_is_handled(
    server: Package, replies: list[Any]
) -> None:
    async with server.traffic() as traffic:
        await traffic.rabbit.publish(b"[1, 2]", "sums")
    [dead] = traffic.dead
    assert (dead.headers["x-error"], dead.headers["x-attempts"]) == (
        "the request does not say where its reply goes",
        "1",
    )
    assert replies == []


async def test_to_the_address_of_the_contract(server: Package, replies: list[Any]) -> None:
    async with server.traffic() as traffic:
        await traffic.kafka.publish(json.dumps(QUESTION).encode(), "questions", headers={"trace": "c-2"})
    [(address, body, headers, _)] = replies
    assert (address, json.loads(body)) == ("prices", {"price": 2})
    assert (headers["trace"], headers["correlation_id"]) == ("c-2", "c-2")


async def test_to_the_address_in_the_payload(server: Package, replies: list[Any]) -> None:
    async with server.traffic() as traffic:
        await traffic.kafka.publish(json.dumps({**QUESTION, "to": "elsewhere"}).encode(), "questions")
    assert [address for address, *_ in replies] == ["elsewhere"]


async def test_to_an_address_that_is_none_is_not_tried_again(server: Package, replies: list[Any]) -> None:
    async with server.traffic() as traffic:
        await traffic.rabbit.publish(b"[1]", "sums", headers={"replyTo": "a" * 256})
    [dead] = traffic.dead
    assert (dead.headers["x-error-type"], dead.headers["x-attempts"]) == ("RejectMessage", "1")
    assert replies == []


async def test_to_the_address_in_the_payload_of_an_envelope(server: Package, replies: list[Any]) -> None:
    envelope = {"event_name": "Asked", "payload": {**QUESTION, "to": "elsewhere"}}
    async with server.traffic() as traffic:
        await traffic.kafka.publish(json.dumps(envelope).encode(), "questions")
    assert traffic.dead == []
    assert [address for address, *_ in replies] == ["elsewhere"]


async def test_a_reply_that_the_contract_forbids_is_not_sent(server: Package, replies: list[Any]) -> None:
    async with server.traffic() as traffic:
        await traffic.kafka.publish(json.dumps({"item": ""}).encode(), "questions")
    [dead] = traffic.dead
    assert (dead.headers["x-error-type"], dead.headers["x-attempts"]) == ("InvalidPayload", "3")
    assert replies == []


def test_a_stub_keeps_its_subscriber_from_starting(generate: Generate) -> None:
    package = generate(CONTRACT, record=False)
    assert package.adapters["rabbit"].idle == [f"sums: Sum has no handler yet: {package.name}/handlers/sum_.py"]


def test_a_client_sends_the_request_and_receives_the_reply(generate: Generate) -> None:
    package = generate(CONTRACT, role="client")
    assert [publisher.name for publisher in package.view.publishers] == ["publish_asked", "publish_sum"]
    assert [event.name for event in package.view.events] == ["Told"]
    assert package.view.publishers[0].reply_to == "prices"
