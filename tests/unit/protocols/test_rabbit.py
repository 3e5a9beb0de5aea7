"""Queues, exchanges and routing keys."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.planning import Planned, plan_bound, plan_text

if TYPE_CHECKING:
    from pathlib import Path

_EXCHANGE = "exchange: {name: events, type: topic, durable: true, autoDelete: false}"
_TOPIC = ("events", "topic", True, False)


def plan(folder: Path, **channels: str) -> Planned:
    """Plan channels, each with the members given, one message and an operation that receives it."""
    lines = [
        f"{key}: {{{channel}, messages: {{{key}Sent: {{payload: {{type: object}}}}}}}}"
        for key, channel in channels.items()
    ]
    text = "servers:\n  r: {host: 'rabbit:5672', protocol: amqp}\nchannels:\n" + indent("\n".join(lines), "  ")
    lines = [f"{key}In: {{action: receive, channel: {{$ref: '#/channels/{key}'}}}}" for key in channels]
    return plan_text(folder, text + "\noperations:\n" + indent("\n".join(lines), "  ") + "\n")


def described(details: Any) -> tuple[Any, ...]:
    """Give a queue as (name, durable, exclusive, auto-delete), followed by its bindings."""
    bindings = [
        ((one.exchange.name, one.exchange.type, one.exchange.durable, one.exchange.auto_delete), one.routing_key)
        for one in details.bindings
    ]
    return (details.queue, details.durable, details.exclusive, details.auto_delete, *bindings)


def rules(planned: Planned) -> list[str]:
    return [each.partition(" ")[2] for each in planned.found]


@pytest.mark.parametrize(
    ("binding", "expected"),
    [
        ("", ("order.placed", True, False, False)),
        ("bindings: {amqp: {}}", ("order.placed", True, False, False)),
        ("bindings: {amqp: {is: queue}}", ("order.placed", True, False, False)),
        ("bindings: {amqp: {is: queue, queue: {name: orders}}}", ("orders", True, False, False)),
        (
            "bindings: {amqp: {is: queue, queue: {name: orders, durable: false, exclusive: true, autoDelete: true}}}",
            ("orders", False, True, True),
        ),
        (f"bindings: {{amqp: {{is: queue, queue: {{name: orders}}, {_EXCHANGE}}}}}", ("orders", True, False, False)),
        (
            f"bindings: {{amqp: {{is: routingKey, {_EXCHANGE}}}}}",
            ("shop.order.placed", True, False, False, (_TOPIC, "order.placed")),
        ),
        (
            f"bindings: {{amqp: {{{_EXCHANGE}}}}}",  # a routing key is the default
            ("shop.order.placed", True, False, False, (_TOPIC, "order.placed")),
        ),
        (
            f"bindings: {{amqp: {{is: ':routing_key', {_EXCHANGE}}}}}",  # as Ruby writes it
            ("shop.order.placed", True, False, False, (_TOPIC, "order.placed")),
        ),
        (
            f"bindings: {{amqp: {{is: routingKey, queue: {{name: mine, durable: false}}, {_EXCHANGE}}}}}",
            ("mine", False, False, False, (_TOPIC, "order.placed")),
        ),
        (
            "bindings: {amqp: {is: routingKey, exchange: {name: e, type: fanout, durable: false, autoDelete: true}}}",
            ("shop.order.placed", True, False, False, (("e", "fanout", False, True), "order.placed")),
        ),
        (
            "bindings: {amqp: {is: routingKey, exchange: {name: events}}}",
            ("shop.order.placed", True, False, False, (_TOPIC, "order.placed")),
        ),
        ("bindings: {amqp: {is: routingKey, exchange: {type: topic}}}", ("order.placed", True, False, False)),
        ("bindings: {amqp: {is: routingKey, exchange: {name: ''}}}", ("order.placed", True, False, False)),
        (
            "bindings: {amqp: {is: routingKey, exchange: {name: any, type: default}}}",
            ("order.placed", True, False, False),
        ),
    ],
)
def test_a_channel_is_a_queue_and_what_is_bound_to_it(tmp_path: Path, binding: str, expected: tuple[Any, ...]) -> None:
    planned = plan(tmp_path, orders=", ".join(filter(None, ["address: order.placed", binding])))
    assert [described(details) for details in planned.details] == [expected]
    assert planned.found == []


@pytest.mark.parametrize(
    ("binding", "message"),
    [
        ("is: topic", "binding 'is' cannot be 'topic'"),
        ("is: 1", "binding 'is' must be a string"),
        ("is: queue, queue: {name: 1}", "binding 'name' must be a string"),
        ("is: queue, queue: {durable: 'yes'}", "binding 'durable' must be true or false"),
        ("exchange: {name: e, type: ring}", "binding 'type' cannot be 'ring'"),
    ],
)
def test_a_wrong_value_is_an_error(tmp_path: Path, binding: str, message: str) -> None:
    planned = plan(tmp_path, orders=f"address: orders, bindings: {{amqp: {{{binding}}}}}")
    assert planned.text("invalid-binding") == message


@pytest.mark.parametrize(
    ("channel", "rule"),
    [
        ("address: null", "unknown-address"),
        ("address: ''", "invalid-address"),
        ("address: amq.mine", "invalid-address"),
        (f"address: {'o' * 256}", "invalid-address"),
        ("address: 'orders.{id}', parameters: {id: {}}", "unsupported-parameters"),
    ],
)
def test_an_address_cannot_be_everything(tmp_path: Path, channel: str, rule: str) -> None:
    assert rules(plan(tmp_path, orders=channel)) == [rule, "nothing-to-generate"]


def test_a_named_queue_needs_no_address(tmp_path: Path) -> None:
    planned = plan(tmp_path, orders="address: null, bindings: {amqp: {is: queue, queue: {name: orders}}}")
    assert [described(details) for details in planned.details] == [("orders", True, False, False)]
    assert [source.address for source in planned.subscribers[0].sources] == ["orders"]


def test_wildcards_are_left_to_the_exchange(tmp_path: Path) -> None:
    planned = plan(tmp_path, orders=f"address: 'order.*.#', bindings: {{amqp: {{{_EXCHANGE}}}}}")
    assert [described(details) for details in planned.details] == [
        ("shop.order.*.#", True, False, False, (_TOPIC, "order.*.#"))
    ]


class TestSharedQueue:
    """Operations that share a queue are one subscriber."""

    def test_has_the_bindings_of_all(self, tmp_path: Path) -> None:
        queue = "queue: {name: all}"
        planned = plan(
            tmp_path,
            orders=f"address: order.placed, bindings: {{amqp: {{{queue}, {_EXCHANGE}}}}}",
            bets=f"address: bet.placed, bindings: {{amqp: {{{queue}, {_EXCHANGE}}}}}",
        )
        (subscriber,) = planned.subscribers
        assert described(subscriber.details) == (
            "all",
            True,
            False,
            False,
            (_TOPIC, "order.placed"),
            (_TOPIC, "bet.placed"),
        )
        assert dict(subscriber.sources[0].operations) == {"OrdersSent": "ordersIn", "BetsSent": "betsIn"}

    def test_must_have_the_same_flags(self, tmp_path: Path) -> None:
        planned = plan(
            tmp_path,
            orders="address: a, bindings: {amqp: {is: queue, queue: {name: all}}}",
            bets="address: b, bindings: {amqp: {is: queue, queue: {name: all, durable: false}}}",
        )
        assert planned.text("conflicting-bindings") == "queue 'all' has other flags here than in channel 'orders'"


@pytest.mark.parametrize(
    ("binding", "message"),
    [
        ("queue: {name: q, vhost: /, durabel: true}", "the binding has no field 'durabel'"),
        ("expiration: 3, bindingVersion: 0.3.0", "the binding has no field 'expiration'"),
    ],
)
def test_what_has_no_effect_is_said(tmp_path: Path, binding: str, message: str) -> None:
    planned = plan(tmp_path, orders=f"address: orders, bindings: {{amqp: {{{binding}}}}}")
    rule = "unsupported-binding" if "no effect" in message else "unknown-binding"
    assert planned.text(rule) == message


class TestVirtualHost:
    """That of the queue or the exchange; `/` leaves it to the address of the server."""

    @pytest.mark.parametrize(
        ("binding", "address"),
        [
            ("queue: {name: q, vhost: billing}", "amqp://rabbit:5672/billing"),
            ("exchange: {name: e, vhost: /billing}", "amqp://rabbit:5672/%2Fbilling"),
            ("exchange: {name: e, vhost: b}, queue: {name: q, vhost: b}", "amqp://rabbit:5672/b"),
            ("queue: {name: q, vhost: /}", "amqp://rabbit:5672/"),
            ("exchange: {name: e, vhost: /}", "amqp://rabbit:5672/"),
            ("exchange: {name: e, vhost: ''}", "amqp://rabbit:5672/"),
        ],
    )
    def test_is_what_the_binding_says(self, tmp_path: Path, binding: str, address: str) -> None:
        planned = plan(tmp_path, orders=f"address: orders, bindings: {{amqp: {{{binding}}}}}")
        assert (planned.found, planned.plan.view.servers[0].default) == ([], address)

    def test_takes_the_place_of_that_of_the_server(self, tmp_path: Path) -> None:
        text = """
            servers: {r: {host: rabbit, pathname: /shop, protocol: amqp}}
            channels:
              orders:
                address: orders
                messages: {Placed: {payload: {type: object}}}
                bindings: {amqp: {is: queue, queue: {name: q, vhost: billing}}}
            operations: {receive: {action: receive, channel: {$ref: '#/channels/orders'}}}
        """
        (servers,) = plan_text(tmp_path, text).plan.view.servers
        assert servers.default == "amqp://rabbit/billing"

    @pytest.mark.parametrize("host", ["shop", "/"])
    def test_is_one_for_queue_and_exchange(self, tmp_path: Path, host: str) -> None:
        binding = f"{{exchange: {{name: e, vhost: billing}}, queue: {{name: q, vhost: {host}}}}}"
        planned = plan(tmp_path, orders=f"address: orders, bindings: {{amqp: {binding}}}")
        text = f"the queue is on virtual host {host!r}, its exchange on 'billing'"
        assert planned.text("conflicting-bindings") == text
        [finding] = [each for each in planned.findings if each.rule.id == "conflicting-bindings"]
        assert finding.location.pointer == "/channels/orders/bindings/amqp/queue/vhost"

    def test_must_be_a_string(self, tmp_path: Path) -> None:
        planned = plan(tmp_path, orders="address: orders, bindings: {amqp: {queue: {name: q, vhost: 7}}}")
        assert planned.text("invalid-binding") == "binding 'vhost' must be a string"


@pytest.mark.parametrize(
    ("place", "field"),
    [
        *(("operation", field) for field in ("expiration", "userId", "cc", "bcc", "priority", "deliveryMode")),
        *(("operation", field) for field in ("mandatory", "replyTo", "timestamp")),
        *(("message", field) for field in ("contentEncoding", "messageType")),
    ],
)
def test_a_field_without_effect_is_said(tmp_path: Path, place: str, field: str) -> None:
    planned = plan_bound(tmp_path, "amqp", place, field)
    assert planned.text("unsupported-binding") == f"binding {field!r}: no effect on what is generated yet"
    assert len(planned.findings) == 1


def sent(folder: Path, binding: str, *, channel: str = "", message: str = "") -> tuple[Any, Any, list[str]]:
    """Plan one operation that sends: where to and how, the properties of its message, and what is found."""
    text = f"""
        servers: {{r: {{host: rabbit, protocol: amqp}}}}
        channels:
          orders: {{address: order.placed, {channel} messages: {{Placed: {{payload: {{}}, {message}}}}}}}
        operations:
          put: {{action: send, channel: {{$ref: '#/channels/orders'}}, bindings: {{amqp: {{{binding}}}}}}}
    """
    planned = plan_text(folder, text)
    found = [each for each in planned.found if "no-payload" not in each]
    [publisher] = planned.plan.view.publishers or [None]
    details = publisher.details if publisher else None
    return details, publisher.properties if publisher else None, [each.partition(" ")[2] for each in found]


@pytest.mark.parametrize(
    ("binding", "name", "value"),
    [
        ("expiration: 3000", "expiration", 3000),
        ("userId: guest", "user_id", "guest"),
        ("cc: [a, b]", "cc", ("a", "b")),
        ("bcc: c", "bcc", ("c",)),
        ("priority: 9", "priority", 9),
        ("deliveryMode: 1", "persistent", False),
        ("deliveryMode: 2", "persistent", True),
        ("mandatory: false", "mandatory", False),
        ("replyTo: answers", "reply_to", "answers"),
        ("timestamp: true", "timestamp", True),
        ("contentEncoding: utf-8", "content_encoding", "utf-8"),
        ("messageType: order", "type", "order"),
    ],
)
def test_what_is_sent_has_what_bindings_say(tmp_path: Path, binding: str, name: str, value: object) -> None:
    if binding.startswith(("contentEncoding", "messageType")):
        _, properties, found = sent(tmp_path, "", message=f"bindings: {{amqp: {{{binding}}}}}")
        assert (getattr(properties, name), found) == (value, [])
    else:
        details, _, found = sent(tmp_path, binding)
        assert (getattr(details.options, name), found) == (value, [])


@pytest.mark.parametrize(
    "binding",
    ["expiration: -1", "priority: 256", "priority: true", "deliveryMode: 3", "cc: [1]", "timestamp: 1", "replyTo: 3"],
)
def test_a_wrong_value_of_what_is_sent_is_an_error(tmp_path: Path, binding: str) -> None:
    *_, found = sent(tmp_path, binding)
    assert found == ["invalid-binding"]


def test_ack_is_about_receiving(tmp_path: Path) -> None:
    *_, found = sent(tmp_path, "ack: true")
    assert found == ["unsupported-binding"]


def test_messages_are_sent_to_the_exchange_or_the_queue_of_the_channel(tmp_path: Path) -> None:
    details, *_ = sent(tmp_path, "", channel=f"bindings: {{amqp: {{is: routingKey, {_EXCHANGE}}}}},")
    assert (details.exchange.name, details.queue, details.options.mandatory) == ("events", None, False)
    details, *_ = sent(tmp_path, "", channel="bindings: {amqp: {is: queue, queue: {name: orders, durable: false}}},")
    assert (details.exchange, details.queue.queue, details.queue.durable) == (None, "orders", False)
    assert details.options.mandatory


class TestAck:
    """Whether a message is acknowledged behind its handler or before it."""

    def plan(self, folder: Path, *operations: str) -> Planned:
        text = "servers: {r: {host: rabbit, protocol: amqp}}\n"
        text += "channels: {orders: {address: orders, messages: {Placed: {payload: {type: object}}}}}\noperations:\n"
        for number, binding in enumerate(operations):
            bindings = f"bindings: {{amqp: {{{binding}}}}}"
            text += f"  in{number}: {{action: receive, channel: {{$ref: '#/channels/orders'}}, {bindings}}}\n"
        return plan_text(folder, text)

    @pytest.mark.parametrize(("binding", "is_first"), [("", False), ("ack: true", False), ("ack: false", True)])
    def test_is_what_the_contract_says(self, tmp_path: Path, binding: str, *, is_first: bool) -> None:
        planned = self.plan(tmp_path, binding)
        assert [details.acknowledges_first for details in planned.details] == [is_first]
        assert planned.found == []

    def test_must_be_true_or_false(self, tmp_path: Path) -> None:
        assert self.plan(tmp_path, "ack: 1").text("invalid-binding") == "binding 'ack' must be true or false"

    def test_is_one_for_a_queue(self, tmp_path: Path) -> None:
        assert self.plan(tmp_path, "ack: true", "").found == []
        planned = self.plan(tmp_path, "ack: true", "ack: false")
        assert planned.text("conflicting-bindings") == "queue 'orders' has another 'ack' here than in operation 'in0'"


@pytest.mark.parametrize(
    ("server", "address"),
    [
        ("host: rabbit, protocol: amqp", "amqp://rabbit/"),
        ("host: 'rabbit:5672', pathname: /shop, protocol: amqp", "amqp://rabbit:5672/shop"),
        ("host: rabbit, protocol: amqps", "amqps://rabbit/"),
    ],
)
def test_a_server_is_a_url(tmp_path: Path, server: str, address: str) -> None:
    text = f"""
        servers: {{r: {{{server}}}}}
        channels: {{orders: {{address: orders, messages: {{Placed: {{payload: {{type: object}}}}}}}}}}
        operations: {{receive: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}}}
    """
    (servers,) = plan_text(tmp_path, text).plan.view.servers
    assert (servers.default, servers.setting) == (address, "rabbit_url")
