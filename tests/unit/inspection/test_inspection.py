"""What is told of a contract that is planned, also where nothing can be generated from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from cqrs_gen.config import Config
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.pipeline import inspect

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.inspection.model import Inspection

_HEAD = "asyncapi: 3.0.0\ninfo: {title: Shop, version: 1.2.3}\n"
_SERVERS = """\
servers:
  r: {host: 'rabbit:5672', protocol: amqps}
  k: {host: 'kafka-{where}', protocol: kafka, variables: {where: {default: a}}}
  w: {host: web, pathname: /ws, protocol: ws, security: [{type: userPassword}]}
"""
_PAYLOAD = "payload: {type: object}"


def inspected(folder: Path, text: str, *, protocols: tuple[str, ...] = ()) -> Inspection:
    """Inspect a document; the package is named after its title."""
    (folder / "asyncapi.yaml").write_text(_HEAD + text, encoding="utf-8")
    config = Config((folder / "asyncapi.yaml",), folder, None, "auto", protocols)
    found = inspect(config, Diagnostics(), cwd=folder)
    assert found is not None
    return found


def one_channel(
    folder: Path,
    *,
    channel: str = "",
    message: str = _PAYLOAD,
    operation: str = "",
    action: str = "receive",
    **options: Any,
) -> Inspection:
    """Inspect a document with one channel on Kafka and one operation."""
    text = (
        "servers: {k: {host: kafka, protocol: kafka}}\n"
        f"channels: {{orders: {{address: orders, {channel}messages: {{Placed: {{{message}}}}}}}}}\n"
        f"operations: {{handle: {{action: {action}, channel: {{$ref: '#/channels/orders'}}{operation}}}}}\n"
    )
    return inspected(folder, text, **options)


def test_servers_are_where_the_service_will_look_for_them(tmp_path: Path) -> None:
    found = inspected(tmp_path, _SERVERS + "channels: {}\n")
    assert [tuple(asdict(server).values()) for server in found.servers] == [
        ("k", "kafka", "kafka-{where}:9092", True, False, ("where",)),
        ("r", "amqps", "amqps://rabbit:5672/", True, True, ()),
        ("w", "ws", "web/ws", False, True, ()),
    ]


def test_the_contract_is_named(tmp_path: Path) -> None:
    found = inspected(tmp_path, "channels: {}\n")
    assert (found.title, found.version, found.asyncapi, found.package) == ("Shop", "1.2.3", "3.0.0", "shop")


class TestSubscriptions:
    """How a channel's messages come to the service."""

    def test_of_kafka_are_a_topic_and_a_group(self, tmp_path: Path) -> None:
        (channel,) = one_channel(tmp_path, channel="bindings: {kafka: {topic: shop.orders}}, ").channels
        (subscription,) = channel.subscriptions
        assert (channel.channel, channel.address, channel.servers) == ("orders", "orders", ("k",))
        assert (subscription.protocol, subscription.operation) == ("kafka", "handle")
        assert subscription.facts == {"topic": "shop.orders", "group": "shop.shop.orders"}

    def test_of_a_group_that_is_known_later_say_none(self, tmp_path: Path) -> None:
        (channel,) = one_channel(tmp_path, operation=", bindings: {kafka: {groupId: {pattern: a+}}}").channels
        assert [one.facts for one in channel.subscriptions] == [{"topic": "orders", "group": None}]

    @pytest.mark.parametrize(
        ("binding", "facts"),
        [
            ("{}", ("orders", None, None, "orders")),
            ("{is: queue, queue: {name: q}}", ("q", None, None, "q")),
            ("{exchange: {name: e, type: fanout}}", ("shop.orders", "e", "fanout", "orders")),
        ],
    )
    def test_of_rabbit_are_a_queue_and_how_it_is_bound(
        self, tmp_path: Path, binding: str, facts: tuple[str | None, ...]
    ) -> None:
        text = (
            "channels: {orders: {address: orders, bindings: {amqp: " + binding + "}, messages: {P: {payload: {}}}}}\n"
            "operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}\n"
        )
        (channel,) = inspected(tmp_path, text).channels
        keys = ("queue", "exchange", "exchange_type", "routing_key")
        assert [one.facts for one in channel.subscriptions] == [dict(zip(keys, facts, strict=True))]

    def test_of_a_queue_that_channels_share_are_each_ones_own(self, tmp_path: Path) -> None:
        binding = "bindings: {amqp: {queue: {name: all}, exchange: {name: e}}}"
        text = (
            f"channels:\n  a: {{address: a.b, {binding}, messages: {{A: {{payload: {{}}}}}}}}\n"
            f"  b: {{address: b.c, {binding}, messages: {{B: {{payload: {{}}}}}}}}\n"
            "operations:\n  onA: {action: receive, channel: {$ref: '#/channels/a'}}\n"
            "  onB: {action: receive, channel: {$ref: '#/channels/b'}}\n"
        )
        found = {channel.channel: channel.subscriptions for channel in inspected(tmp_path, text).channels}
        assert [one.facts["routing_key"] for one in found["a"]] == ["a.b"]
        assert [one.facts["routing_key"] for one in found["b"]] == ["b.c"]

    @pytest.mark.parametrize(
        ("binding", "facts"),
        [
            ("kafka: {}", {"topic": "users.{id}.seen", "group": "shop.users.id.seen"}),
            (
                "amqp: {exchange: {name: e}}",
                {
                    "queue": "shop.users.id.seen",
                    "exchange": "e",
                    "exchange_type": "topic",
                    "routing_key": "users.*.seen",
                },
            ),
        ],
    )
    def test_of_an_address_with_parameters_are_a_pattern(
        self, tmp_path: Path, binding: str, facts: dict[str, str]
    ) -> None:
        text = (
            "channels: {seen: {address: 'users.{id}.seen', parameters: {id: {}},"
            f" bindings: {{{binding}}}, messages: {{P: {{payload: {{}}}}}}}}}}\n"
            "operations: {handle: {action: receive, channel: {$ref: '#/channels/seen'}}}\n"
        )
        (channel,) = inspected(tmp_path, text).channels
        assert channel.parameters == ("id",)
        assert [one.facts for one in channel.subscriptions] == [facts]

    def test_over_two_protocols_are_two(self, tmp_path: Path) -> None:
        channel = "bindings: {kafka: {}, amqp: {}}, "
        text = (
            f"channels: {{orders: {{address: orders, {channel}messages: {{P: {{payload: {{}}}}}}}}}}\n"
            "operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}\n"
        )
        found = inspected(tmp_path, text)
        assert [one.protocol for one in found.channels[0].subscriptions] == ["kafka", "rabbit"]
        assert found.operations[0].protocols == ("kafka", "rabbit")


class TestOperations:
    """What is served, and why the rest is not."""

    def test_that_receive_are_served(self, tmp_path: Path) -> None:
        (operation,) = one_channel(tmp_path).operations
        assert (operation.action, operation.channel, operation.messages) == ("receive", "orders", ("Placed",))
        assert (operation.served, operation.protocols, operation.reason) == (True, ("kafka",), None)

    @pytest.mark.parametrize(
        ("options", "reason"),
        [
            ({"action": "send", "operation": ", messages: []"}, "sends no message"),
            ({"operation": ", messages: []"}, "receives no message"),
            (
                {"message": "contentType: text/xml, payload: {}"},
                "receives no message of a content type that can be decoded",
            ),
            ({"channel": "bindings: {kafka: {topic: a/b}}, "}, "has a channel that cannot be subscribed to"),
            ({"protocols": ("rabbit",)}, "is on Kafka, which was not asked for"),
        ],
    )
    def test_that_are_not_served_say_why(self, tmp_path: Path, options: dict[str, Any], reason: str) -> None:
        found = one_channel(tmp_path, **options)
        (operation,) = found.operations
        assert (operation.served, operation.protocols, operation.reason) == (False, (), reason)
        assert found.channels[0].subscriptions == ()
        assert [message.event for message in found.messages] == [None]


class TestMessages:
    """The event that is made of each, and how it is recognised."""

    def test_have_an_event_and_its_handler(self, tmp_path: Path) -> None:
        (message,) = one_channel(tmp_path, message=f"name: order.placed, {_PAYLOAD}").messages
        assert (message.message, message.event) == ("order.placed", "OrderPlaced")
        assert message.handler == "handlers/order_placed.py"
        assert message.place == "asyncapi.yaml#/channels/orders/messages/Placed"
        assert (message.channels, message.content_type, message.decoded) == (("orders",), "application/json", True)

    def test_that_are_not_decoded_have_none(self, tmp_path: Path) -> None:
        (message,) = one_channel(tmp_path, message="contentType: text/xml, payload: {}").messages
        assert (message.content_type, message.decoded, message.event, message.handler) == (
            "text/xml",
            False,
            None,
            None,
        )
        assert message.told_apart == ()

    @pytest.mark.parametrize(
        ("messages", "told"),
        [
            ("A: {payload: {type: object}}", [("alone", None, ())]),
            (
                "A: {payload: {properties: {kind: {const: a}}}}, B: {payload: {properties: {kind: {const: b}}}}",
                [("member", "kind", ("a",)), ("member", "kind", ("b",))],
            ),
            (
                "A: {headers: {properties: {t: {const: a}}}}, B: {headers: {properties: {t: {const: b}}}}",
                [("header", "t", ("a",)), ("header", "t", ("b",))],
            ),
            (
                "A: {payload: {type: object}}, B: {payload: {type: string}}",
                [("validity", None, ()), ("validity", None, ())],
            ),
            ("A: {payload: {}}, B: {contentType: text/xml, payload: {}}", [("alone", None, ())]),
        ],
    )
    def test_are_told_apart(self, tmp_path: Path, messages: str, told: list[Any]) -> None:
        text = (
            f"channels: {{orders: {{address: orders.v1, messages: {{{messages}}}}}}}\n"
            "operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}\n"
        )
        found = inspected(tmp_path, text, protocols=("kafka",))
        said = [one for message in found.messages for one in message.told_apart]
        assert [(one.by, one.name, one.values) for one in said] == told
        assert {one.address for one in said} == {"orders.v1"}


class TestBindings:
    """Which fields do something."""

    def test_are_sorted_by_what_becomes_of_them(self, tmp_path: Path) -> None:
        settings = "topicConfiguration: {cleanup.policy: compact, confluent.key.schema.validation: true, retention: 1}"
        channel = f"bindings: {{kafka: {{topic: orders, {settings}, replica: 1, bindingVersion: 1, x-a: 1}}}}, "
        (binding,) = one_channel(tmp_path, channel=channel).bindings
        assert (binding.object, binding.name, binding.binding) == ("channel", "orders", "kafka")
        assert binding.used == ("topic", "topicConfiguration.cleanup.policy")
        assert binding.unused == ("topicConfiguration.confluent.key.schema.validation",)
        assert binding.unknown == ("replica", "topicConfiguration.retention")

    def test_in_bindings_have_a_path(self, tmp_path: Path) -> None:
        binding = "{is: queue, queue: {name: q, vhost: /, durabel: true}, exchange: {type: topic}}"
        text = (
            f"channels: {{o: {{address: o, bindings: {{amqp: {binding}}}, messages: {{P: {{payload: {{}}}}}}}}}}\n"
            "operations: {handle: {action: receive, channel: {$ref: '#/channels/o'}}}\n"
        )
        (found,) = inspected(tmp_path, text).bindings
        assert found.used == ("exchange.type", "is", "queue.name", "queue.vhost")
        assert (found.unused, found.unknown) == ((), ("queue.durabel",))

    def test_have_no_effect_where_nothing_is_served_over_their_protocol(self, tmp_path: Path) -> None:
        bindings = "bindings: {kafka: {topic: orders}, amqp: {is: queue}, mqtt: {qos: 1}}, "
        channel = "servers: [{$ref: '#/servers/k'}], " + bindings
        found = one_channel(tmp_path, channel=channel).bindings
        assert [(one.binding, one.used, one.unused) for one in found] == [
            ("amqp", (), ("is",)),
            ("kafka", ("topic",), ()),
            ("mqtt", (), ("qos",)),
        ]
        nothing = {"channel": "bindings: {kafka: {topic: orders}}, ", "operation": ", messages: []"}
        (unserved,) = one_channel(tmp_path, **nothing).bindings
        assert (unserved.used, unserved.unused) == ((), ("topic",))

    def test_have_an_effect_on_what_is_sent_or_on_what_is_received(self, tmp_path: Path) -> None:
        text = (
            "servers: {r: {host: rabbit, protocol: amqp}}\n"
            "channels: {orders: {address: orders, messages: {Placed: {payload: {}}}}}\n"
            "operations:\n"
            "  get: {action: receive, channel: {$ref: '#/channels/orders'}, bindings: {amqp: {priority: 1}}}\n"
            "  put: {action: send, channel: {$ref: '#/channels/orders'}, bindings: {amqp: {priority: 1, ack: true}}}\n"
        )
        received, sent = inspected(tmp_path, text).bindings
        assert (received.used, received.unused) == ((), ("priority",))
        assert (sent.used, sent.unused) == (("priority",), ("ack",))

    def test_are_those_of_every_object(self, tmp_path: Path) -> None:
        text = (
            "servers: {k: {host: kafka, protocol: kafka, bindings: {kafka: {schemaRegistryUrl: u}}}}\n"
            "channels: {c: {address: c, bindings: {kafka: {}},"
            " messages: {m: {payload: {}, bindings: {kafka: {key: {}}}}}}}\n"
            "operations: {o: {action: receive, channel: {$ref: '#/channels/c'}, bindings: {kafka: {groupId: g}}}}\n"
        )
        found = inspected(tmp_path, text).bindings
        assert [(one.object, one.name, *one.used, *one.unused) for one in found] == [
            ("channel", "c"),
            ("message", "m", "key"),
            ("operation", "o", "groupId"),
            ("server", "k", "schemaRegistryUrl"),
        ]
