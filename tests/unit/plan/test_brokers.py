"""Which brokers a service has over one protocol, what they are called, and which servers each may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.planning import Planned, plan_text

if TYPE_CHECKING:
    from pathlib import Path


def plan(folder: Path, servers: str, *channels: tuple[str, str], protocol: str = "kafka") -> Planned:
    """Plan channels, each as the servers that it names and its bindings; all receive one message."""
    known = [f"  {key}: {{host: {key}, protocol: {protocol}}}" for key in servers.split()]
    lines, operations = [], []
    for number, (named, bindings) in enumerate(channels):
        references = ", ".join(f"{{$ref: '#/servers/{key}'}}" for key in named.split())
        on = f"servers: [{references}], " if named else ""
        sent = "messages: {Sent: {payload: {type: object}}}"
        lines.append(f"  c{number}: {{address: c{number}, {on}{bindings}{sent}}}")
        operations.append(f"  o{number}: {{action: receive, channel: {{$ref: '#/channels/c{number}'}}}}")
    text = ["servers:", *known, "channels:", *lines, "operations:", *operations, ""]
    return plan_text(folder, "\n".join(text))


def brokers(planned: Planned) -> dict[str, list[str]]:
    """Give the channels of each broker, by its name."""
    return {
        broker.name: [source.address for subscriber in broker.subscribers for source in subscriber.sources]
        for broker in planned.plan.view.brokers
    }


def servers(planned: Planned) -> dict[str, list[str]]:
    """Give the servers that each broker may be, by its name."""
    return {one.name: [server.key for server in one.servers] for one in planned.plan.view.servers}


@pytest.mark.parametrize(
    ("channels", "expected", "may_be"),
    [
        (("", ""), {"kafka": ["c0", "c1"]}, {"kafka": ["a", "b", "c"]}),
        (("b", ""), {"kafka": ["c0", "c1"]}, {"kafka": ["b", "a", "c"]}),
        (("", "b"), {"kafka": ["c0", "c1"]}, {"kafka": ["b", "a", "c"]}),
        (("a b", "c b"), {"kafka": ["c0", "c1"]}, {"kafka": ["b", "a", "c"]}),
        (("b a", "a b"), {"kafka": ["c0", "c1"]}, {"kafka": ["b", "a", "c"]}),
        (("a", "b"), {"kafka": ["c0"], "kafka_b": ["c1"]}, {"kafka": ["a"], "kafka_b": ["b"]}),
        (("b", "a", ""), {"kafka": ["c0", "c2"], "kafka_a": ["c1"]}, {"kafka": ["b"], "kafka_a": ["a"]}),
        (("a b", "b c", "a"), {"kafka": ["c0", "c1"], "kafka_a": ["c2"]}, {"kafka": ["b"], "kafka_a": ["a"]}),
        (("a", "b c", "c"), {"kafka": ["c0"], "kafka_c": ["c1", "c2"]}, {"kafka": ["a"], "kafka_c": ["c"]}),
    ],
)
def test_channels_share_a_broker_that_all_of_them_can_be_on(
    tmp_path: Path, channels: tuple[str, ...], expected: dict[str, list[str]], may_be: dict[str, list[str]]
) -> None:
    planned = plan(tmp_path, "a b c", *((named, "") for named in channels))
    assert (brokers(planned), servers(planned), planned.found) == (expected, may_be, [])


def test_servers_of_another_protocol_do_not_count(tmp_path: Path) -> None:
    text = """
        servers:
          k: {host: kafka, protocol: kafka}
          r: {host: rabbit, protocol: amqp}
        channels:
          one:
            address: one
            servers: [{$ref: '#/servers/r'}, {$ref: '#/servers/k'}]
            messages: {Sent: {payload: {type: object}}}
          two: {address: two, messages: {Sent: {payload: {type: object}}}}
        operations:
          first: {action: receive, channel: {$ref: '#/channels/one'}}
          second: {action: receive, channel: {$ref: '#/channels/two'}}
    """
    planned = plan_text(tmp_path, text)
    assert brokers(planned) == {"kafka": ["one", "two"], "rabbit": ["one", "two"]}
    assert servers(planned) == {"kafka": ["k"], "rabbit": ["r"]}


def vhost(name: str) -> str:
    return f"bindings: {{amqp: {{is: queue, queue: {{name: q, vhost: '{name}'}}}}}}, "


@pytest.mark.parametrize(
    ("channels", "expected"),
    [
        ((("", vhost("/")), ("", "")), {"rabbit": 1}),
        ((("", vhost("x")), ("", vhost("x"))), {"rabbit": 1}),
        ((("", vhost("x")), ("", "")), {"rabbit": 1, "rabbit_x": 1}),
        ((("", vhost("x")), ("", vhost("y"))), {"rabbit": 1, "rabbit_y": 1}),
        ((("a", ""), ("b", vhost("x")), ("b", vhost("y"))), {"rabbit": 1, "rabbit_b": 1, "rabbit_b_y": 1}),
        ((("a", ""), ("b", ""), ("a", vhost("b"))), {"rabbit": 1, "rabbit_server_b": 1, "rabbit_vhost_b": 1}),
    ],
)
def test_virtual_hosts_are_brokers_of_one_server(
    tmp_path: Path, channels: tuple[tuple[str, str], ...], expected: dict[str, int]
) -> None:
    planned = plan(tmp_path, "a b", *channels, protocol="amqp")
    found = {name: len(sources) > 0 for name, sources in brokers(planned).items()}
    assert found == dict.fromkeys(expected, True)
    assert "name-collision" not in [each.rule.id for each in planned.findings]


def test_the_virtual_host_of_the_address_is_the_first(tmp_path: Path) -> None:
    planned = plan(tmp_path, "a", ("", vhost("x")), ("", ""), ("", vhost("y")), protocol="amqp")
    assert list(brokers(planned)) == ["rabbit", "rabbit_x", "rabbit_y"]
    [view] = planned.plan.view.servers
    assert view.default == "amqp://a/"
    assert [(host.name, host.virtual_host, host.setting) for host in view.virtual_hosts] == [
        ("rabbit_x", "x", "rabbit_x_url"),
        ("rabbit_y", "y", "rabbit_y_url"),
    ]


@pytest.mark.parametrize(
    ("channels", "name"),
    [
        ((("a", ""), ("b-1", ""), ("b1", "")), "rabbit_server_b1"),
        ((("", ""), ("", vhost("x/y")), ("", vhost("x.y"))), "rabbit_vhost_x_y"),
    ],
)
def test_names_that_are_the_same_are_reported(tmp_path: Path, channels: tuple[tuple[str, str], ...], name: str) -> None:
    planned = plan(tmp_path, "a b-1 b1", *channels, protocol="amqp")
    assert planned.text("name-collision") == f"two brokers would both be called {name!r} in Python"


def test_a_broker_without_subscribers_is_none(tmp_path: Path) -> None:
    binding = "bindings: {kafka: {topic: 'no topic'}}, "
    planned = plan(tmp_path, "a b", ("a", binding), ("b", ""))
    assert brokers(planned) == {"kafka": ["c1"]}


def test_subscribers_of_two_brokers_have_different_settings(tmp_path: Path) -> None:
    text = """
        servers:
          a: {host: a, protocol: kafka}
          b: {host: b, protocol: kafka}
        channels:
          my-orders:
            address: orders
            servers: [{$ref: '#/servers/a'}]
            messages: {Sent: {payload: {type: object}}}
          my_orders:
            address: orders
            servers: [{$ref: '#/servers/b'}]
            messages: {Sent: {payload: {type: object}}}
        operations:
          first: {action: receive, channel: {$ref: '#/channels/my-orders'}}
          second: {action: receive, channel: {$ref: '#/channels/my_orders'}}
    """
    planned = plan_text(tmp_path, text)
    settings = [setting.name for setting in planned.plan.view.settings]
    assert settings == ["my_orders_first_group_id", "my_orders_second_group_id"]


def replying(folder: Path, answers: str) -> Planned:
    """Plan a request on one Kafka, something else on another, and the reply on the servers `answers`."""
    text = f"""
        servers:
          a: {{host: a, protocol: kafka}}
          b: {{host: b, protocol: kafka}}
          c: {{host: c, protocol: kafka}}
        channels:
          asked:
            address: asked
            servers: [{{$ref: '#/servers/a'}}]
            messages: {{Asked: {{payload: {{type: object}}}}}}
          other:
            address: other
            servers: [{{$ref: '#/servers/b'}}]
            messages: {{Other: {{payload: {{type: object}}}}}}
          told:
            address: told
            {answers}
            messages: {{Told: {{payload: {{type: object}}}}}}
        operations:
          ask:
            action: receive
            channel: {{$ref: '#/channels/asked'}}
            reply: {{channel: {{$ref: '#/channels/told'}}}}
          receiveOther: {{action: receive, channel: {{$ref: '#/channels/other'}}}}
    """
    return plan_text(folder, text)


@pytest.mark.parametrize(
    ("answers", "broker"),
    [
        ("servers: [{$ref: '#/servers/a'}]", "kafka"),
        ("servers: [{$ref: '#/servers/b'}]", "kafka_b"),
        ("servers: [{$ref: '#/servers/b'}, {$ref: '#/servers/a'}]", "kafka"),
        ("description: on any server", "kafka"),
    ],
)
def test_a_reply_goes_to_the_broker_of_its_channel(tmp_path: Path, answers: str, broker: str) -> None:
    planned = replying(tmp_path, answers)
    assert planned.found == []
    sending = {one.name: [reply.address for reply in one.repliers] for one in planned.plan.view.brokers}
    assert sending == {"kafka": [], "kafka_b": [], broker: ["told"]}


def test_a_reply_without_a_broker_is_said(tmp_path: Path) -> None:
    planned = replying(tmp_path, "servers: [{$ref: '#/servers/c'}]")
    text = "operation 'ask': its reply is not sent to 'told', where the service has no broker"
    assert planned.text("unsupported-reply") == text
    assert planned.plan.view.requests == ()


def test_what_is_only_sent_has_its_part_in_the_rule(tmp_path: Path) -> None:
    text = """
        servers:
          a: {host: a, protocol: kafka}
          b: {host: b, protocol: kafka}
        channels:
          first: {address: first, servers: [{$ref: '#/servers/b'}], messages: {Sent: {payload: {type: object}}}}
          second: {address: second, servers: [{$ref: '#/servers/a'}], messages: {Sent: {payload: {type: object}}}}
        operations:
          tell: {action: send, channel: {$ref: '#/channels/first'}}
          hear: {action: receive, channel: {$ref: '#/channels/second'}}
    """
    planned = plan_text(tmp_path, text)
    assert brokers(planned) == {"kafka": [], "kafka_a": ["second"]}
    assert [publisher.broker for publisher in planned.plan.view.publishers] == ["kafka"]
