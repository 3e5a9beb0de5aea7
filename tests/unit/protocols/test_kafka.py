"""Topics and consumer groups."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest

from cqrs_gen.models.bundle import bundle_schemas
from cqrs_gen.models.module import generate_models
from cqrs_gen.protocols import protocol_of
from cqrs_gen.protocols.kafka import KAFKA
from cqrs_gen.protocols.kafka_topics import Layout
from tests.unit.planning import Planned, plan_bound, plan_text

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.plan.views import SettingView

_MESSAGES = "messages: {Placed: {payload: {type: object}}}"


def plan(folder: Path, channels: dict[str, str], operations: dict[str, tuple[str, str]]) -> Planned:
    """Plan channels, each with the one message `Placed`, and operations as (channel, bindings of Kafka)."""
    lines = [f"{key}: {{{channel}, {_MESSAGES}}}" for key, channel in channels.items()]
    text = "servers:\n  k: {host: 'kafka:9092', protocol: kafka}\nchannels:\n" + indent("\n".join(lines), "  ")
    lines = [
        f"{key}: {{action: receive, channel: {{$ref: '#/channels/{channel}'}}, bindings: {{kafka: {{{binding}}}}}}}"
        for key, (channel, binding) in operations.items()
    ]
    return plan_text(folder, text + "\noperations:\n" + indent("\n".join(lines), "  ") + "\n")


def group(folder: Path, binding: str) -> tuple[SettingView, list[str]]:
    """Plan one operation with the binding and give the setting of its group, and what was found."""
    planned = plan(folder, {"orders": "address: orders.v1"}, {"receive": ("orders", binding)})
    (subscriber,) = planned.subscribers
    assert subscriber.setting is not None
    return subscriber.setting, [each.partition(" ")[2] for each in planned.found]


class TestTopic:
    """The binding's topic, else the address."""

    def test_is_the_address(self, tmp_path: Path) -> None:
        planned = plan(tmp_path, {"orders": "address: orders.v1"}, {"receive": ("orders", "")})
        assert [source.address for source in planned.subscribers[0].sources] == ["orders.v1"]

    def test_is_the_one_of_the_binding_first(self, tmp_path: Path) -> None:
        channel = "address: orders/placed, bindings: {kafka: {topic: orders.placed}}"
        planned = plan(tmp_path, {"orders": channel}, {"receive": ("orders", "")})
        assert [source.address for source in planned.subscribers[0].sources] == ["orders.placed"]
        assert planned.found == []

    @pytest.mark.parametrize(
        ("address", "rule"),
        [
            ("null", "unknown-address"),
            ("orders/placed", "invalid-address"),
            ("..", "invalid-address"),
            ("'orders placed'", "invalid-address"),
            ("o" * 250, "invalid-address"),
        ],
    )
    def test_cannot_be_everything(self, tmp_path: Path, address: str, rule: str) -> None:
        planned = plan(tmp_path, {"orders": f"address: {address}"}, {"receive": ("orders", "")})
        assert [each.partition(" ")[2] for each in planned.found] == [rule, "nothing-to-generate"]

    def test_may_have_parameters_which_its_group_is_not_called_after(self, tmp_path: Path) -> None:
        channel = "address: 'orders.{orderId}', parameters: {orderId: {}}"
        planned = plan(tmp_path, {"orders": channel}, {"receive": ("orders", "")})
        assert planned.found == []
        [subscriber] = planned.plan.view.brokers[0].subscribers
        assert subscriber.sources[0].address == "orders.{orderId}"
        assert subscriber.setting is not None
        assert subscriber.setting.default == "shop.orders.orderId"

    def test_that_cannot_be_is_left_out_and_the_rest_is_served(self, tmp_path: Path) -> None:
        channels = {"orders": "address: orders", "slashed": "address: a/b"}
        planned = plan(tmp_path, channels, {"receive": ("orders", ""), "receiveSlashed": ("slashed", "")})
        assert [one.name for one in planned.subscribers] == ["orders"]
        assert planned.found == ["7:12 invalid-address"]


class TestGroup:
    """A setting, whose default the contract or the package's name gives."""

    @pytest.mark.parametrize(
        ("binding", "annotation", "default"),
        [
            ("", "str", "shop.orders.v1"),
            ("groupId: fulfilment", "str", "fulfilment"),
            ("groupId: {const: fulfilment}", "str", "fulfilment"),
            ("groupId: {type: string, default: fulfilment}", "str", "fulfilment"),
            ("groupId: {enum: [fulfilment]}", "Literal['fulfilment']", "fulfilment"),
            ("groupId: {enum: [a, b], default: b}", "Literal['a', 'b']", "b"),
            ("groupId: {enum: [a, b]}", "Literal['a', 'b']", None),
            ("groupId: {type: string, pattern: '^shop-.+$'}", "Annotated[str, Field(pattern='^shop-.+$')]", None),
            ("groupId: {type: string, pattern: '^shop-.+$', const: shop-a}", "str", "shop-a"),
            ("groupId: {type: string}", "str", "shop.orders.v1"),
            ("groupId: ''", "str", "shop.orders.v1"),
        ],
    )
    def test_is_what_the_contract_says(
        self, tmp_path: Path, binding: str, annotation: str, default: str | None
    ) -> None:
        setting, found = group(tmp_path, binding)
        assert (setting.name, setting.annotation, setting.default) == ("orders_group_id", annotation, default)
        assert found == (["invalid-binding"] if binding == "groupId: ''" else [])

    @pytest.mark.parametrize("binding", ["groupId: 3", "groupId: [a]", "groupId: true"])
    def test_must_be_a_text_or_a_schema(self, tmp_path: Path, binding: str) -> None:
        assert group(tmp_path, binding)[1] == ["invalid-binding"]

    def test_with_a_pattern_that_python_cannot_read_is_any(self, tmp_path: Path) -> None:
        setting, found = group(tmp_path, "groupId: {type: string, pattern: '(?<=a)b'}")
        assert (setting.annotation, setting.default, found) == ("str", "shop.orders.v1", ["invalid-pattern"])

    def test_that_two_operations_share_on_one_topic_is_one_source(self, tmp_path: Path) -> None:
        operations = {"first": ("orders", "groupId: g"), "second": ("orders", "groupId: g")}
        (subscriber,) = plan(tmp_path, {"orders": "address: orders"}, operations).subscribers
        assert [source.address for source in subscriber.sources] == ["orders"]
        assert subscriber.name == "orders"

    def test_that_operations_share_on_several_topics_is_one_subscriber(self, tmp_path: Path) -> None:
        channels = {"orders": "address: orders", "bets": "address: bets"}
        operations = {"first": ("orders", "groupId: our-group"), "second": ("bets", "groupId: {const: our-group}")}
        (subscriber,) = plan(tmp_path, channels, operations).subscribers
        assert [source.address for source in subscriber.sources] == ["orders", "bets"]
        assert (subscriber.name, subscriber.function) == ("our_group", "on_our_group")
        assert subscriber.setting is not None
        assert (subscriber.setting.name, subscriber.setting.default) == ("our_group_group_id", "our-group")

    def test_of_two_on_one_topic_is_two_subscribers(self, tmp_path: Path) -> None:
        operations = {"first": ("orders", "groupId: a"), "second": ("orders", "groupId: b"), "third": ("orders", "")}
        subscribers = plan(tmp_path, {"orders": "address: orders"}, operations).subscribers
        assert len({one.name for one in subscribers}) == 3
        assert [one.setting.default for one in subscribers if one.setting] == ["a", "b", "shop.orders"]

    def test_that_is_known_later_is_nobody_elses(self, tmp_path: Path) -> None:
        binding = "groupId: {type: string, pattern: a+}"
        operations = {"first": ("orders", binding), "second": ("orders", binding)}
        subscribers = plan(tmp_path, {"orders": "address: orders"}, operations).subscribers
        assert len({one.setting.name for one in subscribers if one.setting}) == 2


class TestClientId:
    """One setting for the service, since FastStream has one client id for all subscribers of a broker."""

    @pytest.mark.parametrize(
        ("binding", "default"),
        [
            ("clientId: billing", "billing"),
            ("clientId: {const: billing}", "billing"),
            ("clientId: {type: string, enum: [billing]}", "billing"),
            ("clientId: {type: string, default: billing}", "billing"),
            ("clientId: {type: string}", None),
            ("clientId: {type: string, enum: [a, b]}", None),
            ("", None),
        ],
    )
    def test_is_the_one_that_the_contract_fixes(self, tmp_path: Path, binding: str, default: str | None) -> None:
        planned = plan(tmp_path, {"orders": "address: orders"}, {"receive": ("orders", binding)})
        wanted = [] if default is None else [("kafka_client_id", "str", default)]
        assert [(one.name, one.annotation, one.default) for one in planned.plan.view.broker_settings] == wanted
        assert planned.found == []

    @pytest.mark.parametrize("binding", ["clientId: 3", "clientId: [a]"])
    def test_must_be_a_text_or_a_schema(self, tmp_path: Path, binding: str) -> None:
        planned = plan(tmp_path, {"orders": "address: orders"}, {"receive": ("orders", binding)})
        assert planned.text("invalid-binding") == "binding 'clientId' must be a schema or the id itself"

    def test_that_differs_has_no_effect(self, tmp_path: Path) -> None:
        operations = {"first": ("orders", "clientId: a"), "again": ("orders", "clientId: a")}
        same = plan(tmp_path, {"orders": "address: orders"}, operations)
        assert same.found == []
        other = plan(tmp_path, {"orders": "address: orders"}, {**operations, "second": ("orders", "clientId: b")})
        assert (
            other.text("unsupported-binding") == "binding 'clientId': no effect, as another operation has another one"
        )
        assert [one.default for one in other.plan.view.broker_settings] == ["a"]


class TestLayout:
    """What `topics --create` gives a topic."""

    def layouts(self, folder: Path, **bindings: str) -> tuple[dict[str, Layout], Planned]:
        channels = {key: f"address: t, bindings: {{kafka: {{{binding}}}}}" for key, binding in bindings.items()}
        planned = plan(folder, channels, {f"receive{key}": (key, f"groupId: {key}") for key in channels})
        return {one.name: one.details.layouts.get("t") for one in planned.subscribers}, planned

    def test_is_what_the_contract_says(self, tmp_path: Path) -> None:
        settings = "retention.ms: 60000, retention.bytes: -1, delete.retention.ms: 0, max.message.bytes: 2000000"
        binding = f"partitions: 3, replicas: 2, topicConfiguration: {{cleanup.policy: [compact, delete], {settings}}}"
        layouts, planned = self.layouts(tmp_path, orders=binding)
        assert layouts == {
            "orders": Layout(
                partitions=3,
                replicas=2,
                settings=(
                    ("cleanup.policy", "compact,delete"),
                    ("delete.retention.ms", "0"),
                    ("max.message.bytes", "2000000"),
                    ("retention.bytes", "-1"),
                    ("retention.ms", "60000"),
                ),
            )
        }
        assert planned.found == []

    @pytest.mark.parametrize("policy", ["compact", "[compact]"])
    def test_has_one_policy_or_several(self, tmp_path: Path, policy: str) -> None:
        layouts, _ = self.layouts(tmp_path, orders=f"topicConfiguration: {{cleanup.policy: {policy}}}")
        assert layouts == {"orders": Layout(settings=(("cleanup.policy", "compact"),))}

    @pytest.mark.parametrize("binding", ["", "topicConfiguration: {}", "topicConfiguration: {cleanup.policy: []}"])
    def test_may_be_left_to_the_brokers(self, tmp_path: Path, binding: str) -> None:
        layouts, planned = self.layouts(tmp_path, orders=binding)
        assert (layouts, planned.found) == ({"orders": None}, [])

    @pytest.mark.parametrize(
        ("binding", "message"),
        [
            ("partitions: 0", "binding 'partitions' must be a whole number, 1 or more"),
            ("partitions: '3'", "binding 'partitions' must be a whole number, 1 or more"),
            ("replicas: true", "binding 'replicas' must be a whole number, 1 or more"),
            ("replicas: 1.5", "binding 'replicas' must be a whole number, 1 or more"),
            ("topicConfiguration: compact", "binding 'topicConfiguration' must be an object"),
            ("topicConfiguration: {cleanup.policy: never}", "binding 'cleanup.policy' cannot be 'never'"),
            ("topicConfiguration: {cleanup.policy: [delete, {}]}", "binding 'cleanup.policy' cannot be ['delete', {}]"),
            ("topicConfiguration: {retention.ms: -2}", "binding 'retention.ms' must be a whole number, -1 or more"),
            (
                "topicConfiguration: {retention.bytes: 1GB}",
                "binding 'retention.bytes' must be a whole number, -1 or more",
            ),
            (
                "topicConfiguration: {delete.retention.ms: -1}",
                "binding 'delete.retention.ms' must be a whole number, 0 or more",
            ),
            (
                "topicConfiguration: {max.message.bytes: 1MB}",
                "binding 'max.message.bytes' must be a whole number, 0 or more",
            ),
        ],
    )
    def test_of_a_wrong_kind_is_an_error(self, tmp_path: Path, binding: str, message: str) -> None:
        assert self.layouts(tmp_path, orders=binding)[1].text("invalid-binding") == message

    @pytest.mark.parametrize(
        "field",
        [
            "confluent.key.schema.validation",
            "confluent.value.schema.validation",
            "confluent.key.subject.name.strategy",
            "confluent.value.subject.name.strategy",
        ],
    )
    def test_for_confluent_server_only_is_said(self, tmp_path: Path, field: str) -> None:
        layouts, planned = self.layouts(tmp_path, orders=f"topicConfiguration: {{{field}: x}}")
        assert planned.text("unsupported-binding") == f"binding {field!r}: no effect on what is generated yet"
        assert layouts == {"orders": None}

    def test_may_be_said_by_one_of_several_channels(self, tmp_path: Path) -> None:
        layouts, planned = self.layouts(tmp_path, orders="", more="partitions: 3", again="partitions: 3")
        assert layouts == dict.fromkeys(("orders", "more", "again"), Layout(partitions=3))
        assert planned.found == []

    def test_must_be_the_same_in_all_channels_of_a_topic(self, tmp_path: Path) -> None:
        _, planned = self.layouts(tmp_path, orders="partitions: 3", more="partitions: 4")
        assert planned.text("conflicting-bindings") == (
            "topic 't' has other partitions, replicas or settings here than in channel 'orders'"
        )

    def test_is_that_of_a_topic_that_is_sent_to_as_well(self, tmp_path: Path) -> None:
        text = """
            servers: {k: {host: 'kafka:9092', protocol: kafka}}
            channels:
              laid: {address: a, bindings: {kafka: {partitions: 3}}, messages: {Placed: {payload: {type: object}}}}
              plain: {address: b, messages: {Moved: {payload: {type: object}}}}
            operations:
              putLaid: {action: send, channel: {$ref: '#/channels/laid'}}
              putPlain: {action: send, channel: {$ref: '#/channels/plain'}}
        """
        planned = plan_text(tmp_path, text)
        sent = {one.address: one.details for one in planned.plan.view.publishers}
        assert (sent, planned.found) == ({"a": Layout(partitions=3), "b": None}, [])


@pytest.mark.parametrize("field", ["schemaRegistryUrl", "schemaRegistryVendor"])
def test_a_schema_registry_is_only_checked(tmp_path: Path, field: str) -> None:
    assert plan_bound(tmp_path, "kafka", "server", field, "'https://registry.example.com'").found == []
    planned = plan_bound(tmp_path, "kafka", "server", field)
    assert planned.text("invalid-binding") == f"binding {field!r} must be a string"


@pytest.mark.parametrize("field", ["schemaLookupStrategy"])
def test_a_field_without_effect_is_said(tmp_path: Path, field: str) -> None:
    planned = plan_bound(tmp_path, "kafka", "message", field)
    assert planned.text("unsupported-binding") == f"binding {field!r}: no effect on what is generated yet"
    assert len(planned.findings) == 1


@pytest.mark.parametrize(
    ("binding", "size", "found"),
    [
        ("", None, []),
        ("schemaIdLocation: payload", 4, []),
        ("schemaIdLocation: payload, schemaIdPayloadEncoding: confluent", 4, []),
        ("schemaIdLocation: payload, schemaIdPayloadEncoding: '8'", 8, []),
        ("schemaIdLocation: payload, schemaIdPayloadEncoding: apicurio-new", None, ["unsupported-binding"]),
        ("schemaIdLocation: header", 0, []),
        ("schemaIdLocation: key", None, ["invalid-binding"]),
        ("schemaIdPayloadEncoding: 4", None, ["invalid-binding"]),
    ],
)
def test_where_the_id_of_a_schema_is(tmp_path: Path, binding: str, size: int | None, found: list[str]) -> None:
    text = f"""
        servers: {{k: {{host: broker, protocol: kafka}}}}
        channels:
          orders:
            address: orders
            messages: {{Placed: {{payload: {{}}, bindings: {{kafka: {{{binding}}}}}}}}}
        operations:
          handle: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
    """
    planned = plan_text(tmp_path, text)
    (message,) = planned.deserializer.messages
    assert message.body is not None
    assert message.body.id_bytes == size
    assert [each.rule.id for each in planned.findings] == found


class TestKey:
    """Is typed and checked where its schema is JSON Schema."""

    @pytest.mark.parametrize(
        ("schema", "type_"),
        [
            ("{type: string}", "str"),
            ("{type: [integer, 'null']}", "int | None"),
            ("{schemaFormat: 'application/vnd.aai.asyncapi;version=3.0.0', schema: {type: boolean}}", "bool"),
        ],
    )
    def test_key_has_the_type_of_its_schema(self, tmp_path: Path, schema: str, type_: str) -> None:
        planned = plan_key(tmp_path, schema)
        assert (planned.plan.view.events[0].key, planned.found) == ("PlacedKey", [])
        bundle = bundle_schemas(planned.document, planned.plan.schemas, planned.plan.schema_names)
        assert f"PlacedKey: TypeAlias = {type_}" in generate_models(bundle, planned.plan.schema_names)

    @pytest.mark.parametrize(
        "schema",
        [
            "{type: long}",
            "{type: record, name: Key, fields: []}",
            "['null', string]",
            "string",
            "{schemaFormat: application/vnd.apache.avro, schema: {type: string}}",
        ],
    )
    def test_key_of_another_language_is_said(self, tmp_path: Path, schema: str) -> None:
        planned = plan_key(tmp_path, schema)
        assert planned.text("unsupported-binding").startswith("binding 'key': its schema is no JSON Schema")
        assert (planned.plan.view.events[0].key, len(planned.found)) == (None, 1)

    def test_key_of_an_avro_message_is_avro_too(self, tmp_path: Path) -> None:
        text = """
            servers: {s: {host: broker, protocol: kafka}}
            channels:
              orders:
                address: o
                messages:
                  Placed:
                    contentType: application/vnd.apache.avro
                    payload: {schemaFormat: application/vnd.apache.avro, schema: {type: record, name: A, fields: []}}
                    bindings: {kafka: {key: {type: string}}}
            operations:
              handle: {action: receive, channel: {$ref: '#/channels/orders'}}
        """
        planned = plan_text(tmp_path, text)
        assert planned.text("unsupported-binding").startswith("binding 'key': its schema is no JSON Schema")
        assert planned.plan.view.events[0].key is None

    def test_key_that_is_no_schema_is_an_error(self, tmp_path: Path) -> None:
        assert plan_key(tmp_path, "1").text("invalid-binding") == "binding 'key' must be a schema"

    def test_key_that_may_be_anything_is_not_checked(self, tmp_path: Path) -> None:
        planned = plan_key(tmp_path, "{description: Whatever.}")
        assert (planned.plan.view.events[0].key, planned.found) == (None, [])

    def test_key_has_keywords_that_are_not_checked(self, tmp_path: Path) -> None:
        assert [one.rule.id for one in plan_key(tmp_path, "{type: string, not: {}}").findings] == ["unchecked-keyword"]

    def test_key_counts_on_kafka_only(self, tmp_path: Path) -> None:
        assert plan_key(tmp_path, "{type: string}", "amqp").plan.view.events[0].key is None


def plan_key(folder: Path, schema: str, protocol: str = "kafka") -> Planned:
    """Plan an operation that receives a message with a key."""
    text = f"""
        servers: {{s: {{host: broker, protocol: {protocol}}}}}
        channels:
          orders: {{address: o, messages: {{Placed: {{payload: {{}}, bindings: {{kafka: {{key: {schema}}}}}}}}}}}
        operations:
          handle: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
    """
    return plan_text(folder, text)


def test_bindings_without_effect_are_said_once(tmp_path: Path) -> None:
    settings = "confluent.key.schema.validation: true, x-mine: 1, confluent.value.schema.validation: true"
    channel = f"address: orders, bindings: {{kafka: {{bindingVersion: 0.5.0, topicConfiguration: {{{settings}}}}}}}"
    planned = plan(tmp_path, {"orders": channel}, {"receive": ("orders", "bindingVersion: 0.5.0")})
    [message] = [each.message for each in planned.findings]
    names = "'confluent.key.schema.validation', 'confluent.value.schema.validation'"
    assert message == f"binding {names}: no effect on what is generated yet"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("kafka", "kafka:9092"),
        ("kafka:19092", "kafka:19092"),
        ("'a:1, b'", "a:1,b:9092"),
        ("'[::1]'", "[::1]:9092"),
        ("'[::1]:1'", "[::1]:1"),
        ("'kafka-{environment}.example.org'", "kafka-{environment}.example.org:9092"),
        ("'kafka:{port}'", "kafka:{port}"),
    ],
)
def test_a_host_without_port_has_the_default_one(tmp_path: Path, host: str, address: str) -> None:
    text = f"""
        servers:
          k: {{host: {host}, protocol: kafka, variables: {{environment: {{default: a}}, port: {{default: '1'}}}}}}
        channels:
          orders: {{address: orders, {_MESSAGES}}}
        operations:
          receive: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
    """
    (servers,) = plan_text(tmp_path, text).plan.view.servers
    assert (servers.default, servers.setting) == (address, "kafka_servers")


def test_its_schemes_are_its_own() -> None:
    found: list[Any] = [protocol_of(scheme) for scheme in ("kafka", "kafka-secure", "Kafka", "amqp")]
    assert [one is KAFKA for one in found] == [True, True, False, False]
