"""What documents of AsyncAPI 3 mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cqrs_gen.contract.expressions import Expression
from cqrs_gen.contract.model import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.contract.conftest import Outcome

CHANNELS = """\
channels:
  orders:
    address: orders.{region}
    parameters: {region: {enum: [eu]}}
    messages:
      placed: {$ref: '#/components/messages/OrderPlaced'}
      inline: {name: order.cancelled}
  alias: {$ref: '#/components/channels/elsewhere'}
components:
  messages: {OrderPlaced: {}, Stranger: {}}
  channels: {elsewhere: {address: null}, only: {}}
operations:
"""
"""Lines 3 to 13; operations follow, indented."""


def test_operations_channels_and_messages(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        CHANNELS
        + "  receive: {action: receive, channel: {$ref: '#/channels/orders'}, summary: Takes orders.}\n"
        + "  send: {action: send, channel: {$ref: '#/channels/alias'}}"
    )
    assert outcome.found == []
    receive, send = outcome.operations["receive"], outcome.operations["send"]
    assert (receive.action, send.action) == (Action.RECEIVE, Action.SEND)
    assert (receive.channel.key, receive.channel.address) == ("orders", "orders.{region}")
    assert [parameter.name for parameter in receive.channel.parameters] == ["region"]
    assert receive.summary == "Takes orders."
    assert (send.channel.key, send.channel.address, send.messages) == ("alias", None, ())
    assert [(message.id, message.key, message.name) for message in receive.messages] == [
        ("asyncapi.yaml#/components/messages/OrderPlaced", "OrderPlaced", None),
        ("asyncapi.yaml#/channels/orders/messages/inline", "inline", "order.cancelled"),
    ]


@pytest.mark.parametrize(
    ("messages", "keys"),
    [
        ("[]", []),
        ("[{$ref: '#/channels/orders/messages/inline'}]", ["inline"]),
        ("[{$ref: '#/channels/orders/messages/placed'}]", ["OrderPlaced"]),
        ("[{$ref: '#/components/messages/OrderPlaced'}]", ["OrderPlaced"]),
    ],
)
def test_operations_choose_messages_of_their_channel(
    messages: str, keys: list[str], read_text: Callable[..., Outcome]
) -> None:
    operation = f"a: {{action: receive, channel: {{$ref: '#/channels/orders'}}, messages: {messages}}}"
    outcome = read_text(CHANNELS + "  " + operation)
    assert outcome.found == []
    assert [message.key for message in outcome.operations["a"].messages] == keys


def test_messages_that_the_channel_does_not_have(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        CHANNELS
        + """\
  a:
    action: receive
    channel: {$ref: '#/channels/orders'}
    messages:
      - {$ref: '#/components/messages/Stranger'}
      - {$ref: '#/components/messages/OrderPlaced'}
    reply:
      channel: {$ref: '#/channels/alias'}
      messages: [{$ref: '#/components/messages/OrderPlaced'}]
"""
    )
    assert outcome.found == ["19:16 message-not-in-channel", "23:25 message-not-in-channel"]
    assert outcome.messages == [
        "operation 'a' has message 'Stranger', which channel 'orders' does not have",
        "the reply of operation 'a' has message 'OrderPlaced', which channel 'alias' does not have",
    ]
    assert outcome.hints[0] == "add it to the 'messages' of the channel, which are 'OrderPlaced', 'inline'"
    assert [message.key for message in outcome.operations["a"].messages] == ["OrderPlaced"]
    assert outcome.operations["a"].reply is not None


def test_a_channel_of_components_counts_as_one_of_the_document(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(CHANNELS + "  a: {action: receive, channel: {$ref: '#/components/channels/only'}}")
    assert outcome.found == []
    assert outcome.contract is not None
    assert [channel.key for channel in outcome.contract.channels] == ["orders", "alias", "only"]


def test_one_message_object_is_one_message(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        channels:
          a: {messages: {x: {$ref: 'messages.yaml#/Order'}}}
          b: {messages: {y: {$ref: '#/components/messages/Order'}}}
        components: {messages: {Order: {$ref: 'messages.yaml#/Order'}}}
        """, messages="Order: {payload: {$ref: 'schemas.yaml'}}", schemas="type: object")  # fmt: skip
    assert outcome.found == []
    assert outcome.contract is not None
    (first,), (second,) = (channel.messages for channel in outcome.contract.channels)
    assert first is second
    assert (first.id, first.key) == ("messages.yaml#/Order", "Order")
    assert first.payload is not None
    assert (first.payload.id, first.payload.value) == ("messages.yaml#/Order/payload", {"$ref": "schemas.yaml"})


def test_a_message_alone_in_its_file_is_named_by_the_channel(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("channels: {a: {messages: {order: {$ref: other.yaml}}}}", other="title: Order")
    assert (outcome.found, outcome.message.key, outcome.message.id) == ([], "order", "other.yaml#")


@pytest.mark.parametrize(
    ("payload", "schema_format", "pointer"),
    [
        ("{type: string}", None, "payload"),
        ("{$ref: '#/components/schemas/Order'}", None, "payload"),
        ("{schema: {type: string}}", None, "payload/schema"),
        ("{schemaFormat: 'application/vnd.aai.asyncapi+yaml;version=3.0.0', schema: {}}", None, "payload/schema"),
        ("{schemaFormat: 'application/schema+json;version=draft-07', schema: {}}", None, "payload/schema"),
        ("{schemaFormat: application/vnd.apache.avro, schema: a}", "application/vnd.apache.avro", "payload/schema"),
    ],
)
def test_schemas_are_taken_out_of_their_wrapper(
    payload: str, schema_format: str | None, pointer: str, read_text: Callable[..., Outcome]
) -> None:
    outcome = read_text(f"""
        channels: {{a: {{messages: {{m: {{payload: {payload}}}}}}}}}
        components: {{schemas: {{Order: {{type: object}}}}}}
        """)
    assert outcome.found == []
    assert outcome.message.schema_format == schema_format
    assert outcome.message.payload is not None
    assert outcome.message.payload.pointer == f"/channels/a/messages/m/{pointer}"


def test_a_reference_to_a_wrapped_schema_gives_the_schema(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        channels: {a: {messages: {m: {payload: {$ref: '#/components/schemas/Order'}}}}}
        components: {schemas: {Order: {schemaFormat: application/vnd.google.protobuf, schema: text}}}
        """)
    assert outcome.message.schema_format == "application/vnd.google.protobuf"
    assert outcome.message.payload is not None
    assert outcome.message.payload.pointer == "/components/schemas/Order/schema"


def test_everything_that_a_message_says(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        defaultContentType: application/json
        channels:
          a:
            messages:
              m:
                name: order.placed
                title: Order placed
                summary: Somebody ordered.
                description: Longer.
                headers: {type: object}
                correlationId: {$ref: '#/components/correlationIds/id'}
                x-python-name: Ordered
                examples: [{name: one, payload: {}}]
                bindings: {$ref: '#/components/messageBindings/both'}
        components:
          correlationIds: {id: {location: $message.header#/id}}
          messageBindings: {both: {kafka: {$ref: 'kafka.yaml'}, amqp: {}, x-own: {}}}
        """, kafka="key: {type: string}")  # fmt: skip
    message = outcome.message
    assert outcome.found == []
    assert (message.name, message.title, message.summary) == ("order.placed", "Order placed", "Somebody ordered.")
    assert (message.description, message.content_type) == ("Longer.", "application/json")
    assert (message.python_name, message.payload, message.schema_format) == ("Ordered", None, None)
    assert message.headers is not None
    assert message.correlation_id is not None
    assert message.correlation_id.node.pointer == "/components/correlationIds/id"
    assert message.correlation_id.location == Expression(is_header=True, steps=("id",))
    assert [example.value["name"] for example in message.examples] == ["one"]
    assert {protocol: node.id for protocol, node in message.bindings.items()} == {
        "kafka": "kafka.yaml#",
        "amqp": "asyncapi.yaml#/components/messageBindings/both/amqp",
    }
    assert message.node.id == message.id


def test_servers(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        servers:
          prod: {$ref: '#/components/servers/rabbit'}
          test:
            host: '{name}.example.com:{port}'
            protocol: ':Kafka'
            variables: {name: {enum: [a, b], default: a, description: Which.}}
            security: []
        channels:
          one: {servers: [{$ref: '#/components/servers/rabbit'}]}
          all: {}
          other: {servers: [{$ref: '#/components/servers/spare'}, {$ref: '#/servers/test'}]}
        components:
          servers:
            rabbit: {host: rabbit, protocol: amqp, pathname: /orders, security: [{type: userPassword}]}
            spare: {host: spare, protocol: amqp}
        """)
    assert outcome.found == ["6:11 undescribed-variable", "13:28 unknown-server"]
    assert outcome.contract is not None
    prod, test = outcome.contract.servers
    assert (prod.key, prod.protocol, prod.host, prod.pathname) == ("prod", "amqp", "rabbit", "/orders")
    assert prod.security is not None
    assert (test.protocol, test.host, test.pathname, test.security) == ("kafka", "{name}.example.com:{port}", "", None)
    assert [(each.name, each.enum, each.default, each.description) for each in test.variables] == [
        ("name", ("a", "b"), "a", "Which.")
    ]
    one, all_, other = outcome.contract.channels
    assert (one.servers, one.names_servers) == ((prod,), True)
    assert (all_.servers, all_.names_servers) == ((prod, test), False)
    assert (other.servers, other.names_servers) == ((test,), True)


def test_where_a_contract_begins(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("channels: {a: {}}\noperations: {}")
    assert outcome.contract is not None
    assert str(outcome.contract.location) == "asyncapi.yaml:4:1"
    outcome = read_text("channels: {a: {}}")
    assert outcome.contract is not None
    assert str(outcome.contract.location) == "asyncapi.yaml:1:1"
