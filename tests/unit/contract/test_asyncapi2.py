"""What documents of AsyncAPI 2.6 mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cqrs_gen.contract.addresses import split_url
from cqrs_gen.contract.model import Action
from tests.unit.contract.conftest import HEAD2

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.contract.conftest import Outcome


def test_the_application_receives_what_others_publish(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        """
        channels:
          orders/{region}:
            parameters: {region: {schema: {type: string}}}
            publish: {operationId: takeOrder, message: {$ref: '#/components/messages/OrderPlaced'}}
            subscribe: {message: {name: order.taken}, summary: Says so.}
        components: {messages: {OrderPlaced: {}}}
        """,
        HEAD2,
    )
    assert outcome.found == []
    assert {key: operation.action for key, operation in outcome.operations.items()} == {
        "takeOrder": Action.RECEIVE,
        "orders/{region}_subscribe": Action.SEND,
    }
    operation = outcome.operations["orders/{region}_subscribe"]
    assert (operation.channel.address, [one.name for one in operation.channel.parameters]) == (
        "orders/{region}",
        ["region"],
    )
    assert (operation.summary, operation.reply) == ("Says so.", None)
    assert [message.key for message in operation.channel.messages] == ["OrderPlaced", "orders/{region}"]
    assert [message.name for message in operation.messages] == ["order.taken"]


@pytest.mark.parametrize(
    ("operation", "keys"),
    [
        ("{}", []),
        ("{message: {}}", ["orders"]),
        ("{operationId: take, message: {}}", ["take"]),
        ("{operationId: take, message: {messageId: placed}}", ["placed"]),
        ("{message: {$ref: alone.yaml}}", ["orders"]),
        ("{message: {$ref: '#/components/messages/Placed'}}", ["Placed"]),
        ("{message: {$ref: '#/components/messages/Any'}}", ["Placed", "orders_2"]),
        (
            "{message: {oneOf: [{}, {$ref: '#/components/messages/Placed'}, {messageId: x}]}}",
            ["orders_1", "Placed", "x"],
        ),
    ],
)
def test_what_messages_are_called(operation: str, keys: list[str], read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        f"""
        channels: {{orders: {{publish: {operation}}}}}
        components:
          messages: {{Placed: {{messageId: p}}, Any: {{oneOf: [{{$ref: '#/components/messages/Placed'}}, {{}}]}}}}
        """,
        HEAD2,
        alone="title: Alone",
    )
    assert outcome.found == []
    (receive,) = outcome.operations.values()
    assert [message.key for message in receive.messages] == keys


@pytest.mark.parametrize(
    ("schema_format", "expected"),
    [
        ("application/vnd.aai.asyncapi;version=2.6.0", None),
        ("application/schema+yaml;version=draft-07", None),
        ("application/vnd.oai.openapi+json;version=3.0.0", None),
        ("application/vnd.apache.avro;version=1.9.0", "application/vnd.apache.avro;version=1.9.0"),
    ],
)
def test_payload_and_schema_format(schema_format: str, expected: str | None, read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        f"""
        defaultContentType: application/json
        channels:
          a:
            publish:
              message: {{schemaFormat: '{schema_format}', payload: {{type: string}}, contentType: text/plain}}
        """,
        HEAD2,
    )
    assert outcome.found == []
    assert (outcome.message.schema_format, outcome.message.content_type) == (expected, "text/plain")
    assert outcome.message.payload is not None
    assert outcome.message.payload.value == {"type": "string"}


@pytest.mark.parametrize(
    ("url", "host", "pathname"),
    [
        ("broker:9092", "broker:9092", ""),
        ("amqp://{user}@{host}:{port}/orders/v1", "{user}@{host}:{port}", "/orders/v1"),
        ("kafka-secure://a:1,b:2", "a:1,b:2", ""),
        ("broker/", "broker", "/"),
        ("", "", ""),
    ],
)
def test_urls_are_split(url: str, host: str, pathname: str) -> None:
    assert split_url(url) == (host, pathname)


def test_servers(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        """
        servers:
          prod: {url: 'amqp://{host}/orders', protocol: AMQP, variables: {host: {default: rabbit}}}
          test: {url: 'kafka:{port}', protocol: kafka, security: [{user: []}]}
        channels:
          one: {servers: [test]}
          all: {servers: []}
          none: {servers: [prod, missing]}
        components:
          securitySchemes: {user: {type: userPassword}}
        """,
        HEAD2,
    )
    assert outcome.found == ["5:15 undescribed-variable", "9:26 unknown-server"]
    assert outcome.contract is not None
    prod, test = outcome.contract.servers
    assert (prod.protocol, prod.host, prod.pathname, prod.security) == ("amqp", "{host}", "/orders", None)
    assert [variable.default for variable in prod.variables] == ["rabbit"]
    assert test.security is not None
    assert [channel.servers for channel in outcome.contract.channels] == [(test,), (prod, test), (prod,)]
    assert [channel.names_servers for channel in outcome.contract.channels] == [True, False, True]


def test_two_operations_of_one_id(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        """
        channels:
          a: {publish: {operationId: take}}
          b:
            publish:
              operationId: take
        """,
        HEAD2,
    )
    assert outcome.found == ["7:20 duplicate-operation-id"]
    assert outcome.messages == ["operation 'take' exists already at asyncapi.yaml:4:16"]
    assert list(outcome.operations) == ["take"]


def test_channels_in_other_files(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        "channels: {orders: {$ref: 'channels.yaml#/orders'}}",
        HEAD2,
        channels="""
            orders:
              publish: {operationId: take, message: {$ref: '#/messages/Order'}, bindings: {kafka: {groupId: g}}}
            messages: {Order: {payload: {}}}
            """,
    )
    assert outcome.found == []
    operation = outcome.operations["take"]
    assert [message.id for message in operation.messages] == ["channels.yaml#/messages/Order"]
    assert operation.bindings["kafka"].value == {"groupId": "g"}
    assert str(operation.node.location).startswith("channels.yaml:3")
