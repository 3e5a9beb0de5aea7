"""What tells the messages of a channel apart, in the order in which it is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.behaviour.bodies import ORDER_KEY, examples

if TYPE_CHECKING:
    from tests.generated import Generate, Package, Traffic


TOLD_APART = """
asyncapi: 3.0.0
info: {title: Told apart, version: 1.0.0}
channels:
  by-header:
    address: by-header
    messages:
      created: {headers: {properties: {__TypeId__: {const: Created}}}, payload: {$ref: '#/components/schemas/Thing'}}
      deleted: {headers: {properties: {__TypeId__: {enum: [Deleted]}}}, payload: {$ref: '#/components/schemas/Thing'}}
  by-header-of-some:
    address: by-header-of-some
    messages:
      started: {headers: {properties: {event: {const: started}}}, payload: {$ref: '#/components/schemas/Thing'}}
      ended: {headers: {properties: {event: {const: ended}}}, payload: {$ref: '#/components/schemas/Thing'}}
      paid: {payload: {type: object, required: [paid], properties: {paid: {type: integer}}}}
  by-member:
    address: by-member
    messages:
      opened: {payload: {allOf: [{$ref: '#/components/schemas/Thing'}, {properties: {kind: {const: opened}}}]}}
      closed: {payload: {allOf: [{$ref: '#/components/schemas/Thing'}, {properties: {kind: {enum: [closed]}}}]}}
  by-discriminator:
    address: by-discriminator
    messages:
      cat: {payload: {$ref: '#/components/schemas/Cat'}}
      dog: {payload: {$ref: '#/components/schemas/Dog'}}
  by-validity:
    address: by-validity
    messages:
      number: {payload: {type: number}}
      text: {payload: {type: string}}
      named: {payload: {type: object, required: [name], properties: {name: {type: string}}}}
      counted: {payload: {type: object, required: [count], properties: {count: {type: integer}}}}
  by-nothing:
    address: by-nothing
    messages:
      first: {payload: {type: object, properties: {a: {type: string}}}}
      second: {payload: {type: object, properties: {b: {type: string}}}}
  left-out:
    address: left-out
    messages:
      wanted: {payload: {type: object, required: [wanted], properties: {wanted: {type: integer}}}}
      unwanted: {payload: {type: object, required: [unwanted], properties: {unwanted: {type: integer}}}}
      encoded: {contentType: application/avro, payload: {type: object}}
operations:
  receiveByHeader: {action: receive, channel: {$ref: '#/channels/by-header'}}
  receiveByHeaderOfSome: {action: receive, channel: {$ref: '#/channels/by-header-of-some'}}
  receiveByMember: {action: receive, channel: {$ref: '#/channels/by-member'}}
  receiveByDiscriminator: {action: receive, channel: {$ref: '#/channels/by-discriminator'}}
  receiveByValidity: {action: receive, channel: {$ref: '#/channels/by-validity'}}
  receiveByNothing: {action: receive, channel: {$ref: '#/channels/by-nothing'}}
  receiveWanted:
    action: receive
    channel: {$ref: '#/channels/left-out'}
    messages: [{$ref: '#/channels/left-out/messages/wanted'}]
components:
  schemas:
    Thing: {type: object, required: [id], properties: {id: {type: string}}}
    Cat: {type: object, discriminator: species, required: [species], properties: {species: {type: string}}}
    Dog: {type: object, discriminator: species, required: [species], properties: {species: {type: string}}}
"""


@pytest.fixture(scope="module", params=["kafka", "rabbit"])
def protocol(request: pytest.FixtureRequest) -> str:
    """Do the same on both: what differs is said in the test."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def package(generate: Generate, protocol: str) -> Package:
    return generate(TOLD_APART, protocols=(protocol,))


async def become(package: Package, address: str, payload: Any, headers: dict[str, str] | None = None) -> list[str]:
    """Send a payload; gives the classes of the events that came of it and the kinds of errors in dead letters."""
    async with package.traffic() as traffic:
        await publish(traffic, address, json.dumps(payload).encode(), headers)
    return [*package.names, *(dead.headers["x-error-type"] for dead in traffic.dead)]


async def publish(traffic: Traffic, address: str, body: bytes, headers: dict[str, str] | None = None) -> None:
    await (traffic.kafka or traffic.rabbit).publish(body, address, headers=headers or {})


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"__TypeId__": "Created"}, ["Created"]),
        ({"__TypeId__": "Deleted"}, ["Deleted"]),
        ({"__TypeId__": "Other"}, ["UnknownMessage"]),
        ({"other": "Created"}, ["AmbiguousMessage"]),
        ({}, ["AmbiguousMessage"]),
    ],
)
async def test_a_header_names_the_message(package: Package, headers: dict[str, str], expected: list[str]) -> None:
    assert await become(package, "by-header", {"id": "1"}, headers) == expected


@pytest.mark.parametrize(
    ("payload", "headers", "expected"),
    [
        ({"id": "1"}, {"event": "started"}, ["Started"]),
        ({"id": "1"}, {"event": "ended"}, ["Ended"]),
        ({"id": "1"}, {}, ["AmbiguousMessage"]),
        ({"id": "1"}, {"event": "other"}, ["InvalidPayload"]),
        ({"paid": 1}, {}, ["Paid"]),
        ({"paid": 1}, {"event": "other"}, ["Paid"]),
        ({"paid": 1}, {"event": "started"}, ["InvalidPayload"]),
    ],
)
async def test_a_header_names_those_messages_that_have_it(
    package: Package, payload: Any, headers: dict[str, str], expected: list[str]
) -> None:
    assert await become(package, "by-header-of-some", payload, headers) == expected


async def test_what_a_header_names_must_be_valid(package: Package) -> None:
    assert await become(package, "by-header", {"id": 1}, {"__TypeId__": "Created"}) == ["InvalidPayload"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"id": "1", "kind": "opened"}, ["Opened"]),
        ({"id": "1", "kind": "closed"}, ["Closed"]),
        ({"id": "1", "kind": "other"}, ["UnknownMessage"]),
        ({"id": "1"}, ["AmbiguousMessage"]),
        ({"kind": "opened"}, ["InvalidPayload"]),
        ("opened", ["UnknownMessage"]),
    ],
)
async def test_a_member_names_the_message(package: Package, payload: Any, expected: list[str]) -> None:
    assert await become(package, "by-member", payload) == expected


async def test_a_discriminator_names_the_schema(package: Package) -> None:
    assert await become(package, "by-discriminator", {"species": "Cat"}) == ["Cat"]
    assert await become(package, "by-discriminator", {"species": "Dog"}) == ["Dog"]
    assert await become(package, "by-discriminator", {"species": "Cow"}) == ["UnknownMessage"]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (1, ["Number"]),
        (1.5, ["Number"]),
        ("1", ["Text"]),
        ({"name": "n"}, ["Named"]),
        ({"count": 1}, ["Counted"]),
        ({"count": 1.0}, ["Counted"]),  # an integer, for JSON Schema
        ({"count": "1", "name": "n"}, ["Named"]),
        ({"count": 1, "name": "n"}, ["AmbiguousMessage"]),
        ({}, ["UnknownMessage"]),
        (None, ["UnknownMessage"]),
    ],
)
async def test_a_payload_is_what_it_is_valid_as(package: Package, payload: Any, expected: list[str]) -> None:
    assert await become(package, "by-validity", payload) == expected


async def test_what_nothing_separates_is_warned_about_and_only_an_envelope_names_it(package: Package) -> None:
    warnings = [found for found in package.diagnostics.sorted() if found.rule.id == "indistinguishable-messages"]
    assert ["by-nothing" in found.message for found in warnings] == [True]
    assert await become(package, "by-nothing", {"a": "1"}) == ["AmbiguousMessage"]
    assert await become(package, "by-nothing", {"event_name": "first", "payload": {"a": "1"}}) == ["First"]
    assert await become(package, "by-nothing", {"a": 1}) == ["Second"]  # as the first it would be invalid


async def test_a_message_that_no_operation_receives(package: Package, protocol: str) -> None:
    """Others have their own copy of a record; a message of a queue would be destroyed."""
    assert await become(package, "left-out", {"wanted": 1}) == ["Wanted"]
    expected = [] if protocol == "kafka" else ["LeftOutMessage"]
    assert await become(package, "left-out", {"unwanted": 1}) == expected
    assert await become(package, "left-out", {"event_name": "unwanted", "payload": {"unwanted": 1}}) == expected


async def test_a_message_that_the_contract_does_not_know(package: Package) -> None:
    assert await become(package, "left-out", {"other": 1}) == ["UnsupportedContent"]  # the encoded one may be anything
    assert await become(package, "by-validity", {"event_name": "unknown", "payload": {}}) == ["UnknownMessage"]


async def test_a_message_that_cannot_be_decoded(package: Package) -> None:
    assert await become(package, "left-out", {"event_name": "encoded", "payload": {}}) == ["UnsupportedContent"]
    async with package.traffic() as traffic:
        await publish(traffic, "left-out", b"\x00Obj\x01", {"content-type": "application/avro"})
    assert [dead.headers["x-error-type"] for dead in traffic.dead] == ["UnsupportedContent"]
    assert package.handled == []


async def test_the_operation_of_a_message_is_known(orders: Package) -> None:
    async with orders.traffic() as traffic:
        await traffic.kafka.publish(json.dumps(examples("order-placed")["least"]).encode(), "orders.v1", key=ORDER_KEY)
        await traffic.kafka.publish(
            json.dumps(examples("order-returned")["one-of-two"]).encode(), "orders.v1", key=ORDER_KEY
        )
        await traffic.kafka.publish(
            json.dumps(examples("price-changed")["cheaper"]).encode(),
            "catalog.v1",
            headers={"event-type": "PriceChanged"},
        )
    assert [(type(event).__name__, message.operation) for event, message in orders.handled] == [
        ("OrderPlaced", "receiveOrders"),
        ("PriceChanged", "receiveCatalog"),
    ]
    assert traffic.dead == []


TWO_GROUPS = """
asyncapi: 3.0.0
info: {title: Two groups, version: 1.0.0}
channels:
  things:
    address: things
    bindings: {kafka: {}}
    messages:
      made: {payload: {type: object, required: [made], properties: {made: {type: integer}}}}
      lost: {payload: {type: object, required: [lost], properties: {lost: {type: integer}}}}
operations:
  receiveAll: {action: receive, channel: {$ref: '#/channels/things'}}
  receiveLost:
    action: receive
    channel: {$ref: '#/channels/things'}
    messages: [{$ref: '#/channels/things/messages/lost'}]
    bindings: {kafka: {groupId: {const: lost-and-found}}}
"""


async def test_a_message_of_two_groups_is_handled_once_for_each(generate: Generate) -> None:
    package = generate(TWO_GROUPS)
    async with package.traffic() as traffic:
        await traffic.kafka.publish(b'{"lost": 1}', "things")
        await traffic.kafka.publish(b'{"made": 1}', "things")
    assert sorted((type(event).__name__, message.operation) for event, message in package.handled) == [
        ("Lost", "receiveAll"),
        ("Lost", "receiveLost"),
        ("Made", "receiveAll"),
    ]
    assert traffic.dead == []
