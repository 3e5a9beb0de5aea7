"""Kafka: topics and consumer groups (AsyncAPI Kafka bindings 0.5.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cqrs_gen.protocols.addresses import without_braces
from cqrs_gen.protocols.base import Destination, Endpoint, ProtocolModule, Setting, Source
from cqrs_gen.protocols.bindings import choice, text, warn_unused
from cqrs_gen.protocols.kafka_ids import Id, read_id
from cqrs_gen.protocols.kafka_keys import key_schema
from cqrs_gen.protocols.kafka_topics import LAYOUT_EFFECTS, LAYOUT_FIELDS, Layout, merge_layout
from cqrs_gen.rules import (
    INVALID_ADDRESS,
    UNKNOWN_ADDRESS,
    UNSUPPORTED_BINDING,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.contract.model import Channel, Message, Operation, Server
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report, Resolve

_TOPIC: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}")
"""What Kafka accepts as the name of a topic (org.apache.kafka.common.internals.Topic)."""


_FIELDS: Final = {
    "server": frozenset({"schemaRegistryUrl", "schemaRegistryVendor"}),
    "channel": frozenset({"topic", "partitions", "replicas", "topicConfiguration"}),
    "channel.topicConfiguration": LAYOUT_FIELDS,
    "operation": frozenset({"groupId", "clientId"}),
    "message": frozenset({"key", "schemaIdLocation", "schemaIdPayloadEncoding", "schemaLookupStrategy"}),
}
_EFFECTS: Final = {
    "channel": _FIELDS["channel"],
    "channel.topicConfiguration": LAYOUT_EFFECTS,
    "operation": _FIELDS["operation"],
    "message": frozenset({"key", "schemaIdLocation", "schemaIdPayloadEncoding"}),
}
_SENDING_EFFECTS: Final = {"message": _EFFECTS["message"]}
_CONFLUENT: Final = 4
"""The bytes of a schema's id as Confluent's serializers write it."""


@dataclass(frozen=True)
class KafkaDetails:
    """What the template needs beside the sources."""

    layouts: Mapping[str, Layout]
    """By topic: what it is created with, where the contract says anything of that."""


def _endpoints(operations: Sequence[Operation], package: str, resolve: Resolve, report: Report) -> list[Endpoint]:
    """Operations of one group are one subscriber; those of one group and topic one source of it."""
    groups: dict[object, tuple[Id, dict[str, list[Operation]]]] = {}
    layouts: dict[str, tuple[Layout, Channel]] = {}
    for operation in operations:
        topic = _topic(operation.channel, report)
        binding = operation.bindings.get("kafka")
        warn_unused(binding, _EFFECTS["operation"], _FIELDS["operation"], report)
        group = read_id(binding, "groupId", resolve, report)
        if topic is None:
            continue
        merge_layout(layouts, topic, operation.channel, report)
        if group is None:
            group = Id(f"{package}.{without_braces(topic)}")
        # A group whose id is only known when the service runs is nobody else's.
        key = group.id if group.id is not None else operation.key
        _, sources = groups.setdefault((group.id is None, key), (group, {}))
        sources.setdefault(topic, []).append(operation)
    said = {topic: layout for topic, (layout, _) in layouts.items() if layout.is_said}
    return [_endpoint(group, sources, said) for group, sources in groups.values()]


def _endpoint(group: Id, sources: dict[str, list[Operation]], layouts: Mapping[str, Layout]) -> Endpoint:
    topics = list(sources)
    stem = sources[topics[0]][0].channel.key if len(topics) == 1 else group.id or topics[0]
    none = "; empty for none: each replica receives all" if group.annotation == "str" else ""
    return Endpoint(
        stem,
        tuple(
            Source(topic, tuple(operations), operations[0].channel.parameters) for topic, operations in sources.items()
        ),
        KafkaDetails({topic: layouts[topic] for topic in topics if topic in layouts}),
        Setting("group_id", group.annotation, group.id, f"Consumer group of {', '.join(topics)}{none}."),
    )


def _destinations(operations: Sequence[Operation], report: Report) -> list[Destination]:
    """Give the topic of each operation; a client that sends has no use for a group."""
    found: list[tuple[Operation, str]] = []
    layouts: dict[str, tuple[Layout, Channel]] = {}
    for operation in operations:
        warn_unused(operation.bindings.get("kafka"), (), _FIELDS["operation"], report)
        topic = _topic(operation.channel, report)
        if topic is not None:
            merge_layout(layouts, topic, operation.channel, report)
            found.append((operation, topic))
    said = {topic: layout for topic, (layout, _) in layouts.items() if layout.is_said}
    return [Destination(operation, topic, said.get(topic)) for operation, topic in found]


def _topic(channel: Channel, report: Report) -> str | None:
    """Give the binding's topic, else the address."""
    binding = channel.bindings.get("kafka")
    warn_unused(binding, _EFFECTS["channel"], _FIELDS["channel"], report)
    topic = text(binding, "topic", report) or channel.address
    if topic is None:
        report(
            UNKNOWN_ADDRESS,
            channel.node,
            f"channel {channel.key!r} has no address, so there is no topic to subscribe to",
            hint="give it an address, or a Kafka binding with a topic",
        )
    elif not _TOPIC.fullmatch(without_braces(topic)):
        report(
            INVALID_ADDRESS,
            channel.node,
            f"channel {channel.key!r}: {topic!r} cannot be a Kafka topic",
            hint="a topic has letters, digits, '.', '_' and '-' only; a Kafka binding can give another 'topic'",
        )
    else:
        return topic
    return None


def _settings(operations: Sequence[Operation], resolve: Resolve, report: Report) -> list[Setting]:
    """Give the setting of the client id: FastStream has one for all subscribers of a broker."""
    found: dict[str, Node] = {}
    for operation in operations:
        binding = operation.bindings.get("kafka")
        client = read_id(binding, "clientId", resolve, report)
        if binding is not None and client is not None and client.id is not None:
            found.setdefault(client.id, binding.child("clientId"))
    for node in list(found.values())[1:]:
        report(
            UNSUPPORTED_BINDING,
            node,
            "binding 'clientId': no effect, as another operation has another one",
            hint="a service has one client id for all that it receives from Kafka",
            at_key=True,
        )
    description = "What Kafka calls the service in its logs and quotas."
    return [Setting("kafka_client_id", "str", client, description) for client in list(found)[:1]]


def _properties(message: Message, report: Report) -> None:
    """Say which bindings of a message have no effect when it is sent."""
    warn_unused(message.bindings.get("kafka"), _SENDING_EFFECTS["message"], _FIELDS["message"], report)


def _reply_address(endpoint: Endpoint, source: Source) -> str:  # noqa: ARG001 - a topic is all there is
    return source.address


def _schema_id_bytes(message: Message, report: Report) -> int | None:
    """Read where the id of a schema is: in front of the payload, or in a header and so not in it."""
    binding = message.bindings.get("kafka")
    location = choice(binding, "schemaIdLocation", ("header", "payload"), report)
    encoding = text(binding, "schemaIdPayloadEncoding", report) or "confluent"
    if location != "payload" or binding is None:
        return 0 if location == "header" else None
    if encoding.isdecimal() or encoding == "confluent":
        return int(encoding) if encoding.isdecimal() else _CONFLUENT
    # What serializers of Apicurio write by default has 8 bytes in version 2 and 4 in version 3.
    report(
        UNSUPPORTED_BINDING,
        binding.child("schemaIdPayloadEncoding"),
        f"how long the id of a schema is in {encoding!r} is not known",
        hint="write how many bytes it has, as '4' or '8'",
    )
    return None


def _check_server(binding: Node | None, report: Report) -> None:
    """Check the schema registry of a server, which nobody asks: the schemas are those of the contract."""
    warn_unused(binding, _FIELDS["server"], _FIELDS["server"], report)
    for key in sorted(_FIELDS["server"]):
        text(binding, key, report)


def _facts(endpoint: Endpoint, source: Source, channel: Channel) -> list[dict[str, str | None]]:  # noqa: ARG001
    """Give the topic and the group; no group where whoever runs the service has to say it."""
    return [{"topic": source.address, "group": endpoint.setting.default if endpoint.setting else None}]


def _address(server: Server, virtual_host: str) -> str:  # noqa: ARG001 - Kafka has none
    hosts = [host.strip() for host in server.host.split(",")]
    return ",".join(host if re.search(r":[^\]]+$", host) else f"{host}:9092" for host in hosts)


KAFKA: Final = ProtocolModule(
    key="kafka",
    title="Kafka",
    schemes={"kafka": False, "kafka-secure": True},
    logins={
        "userPassword": "PLAIN",
        "plain": "PLAIN",
        "scramSha256": "SCRAM-SHA-256",
        "scramSha512": "SCRAM-SHA-512",
        "X509": "",
        "oauth2": "OAUTHBEARER",
    },
    plaintext="Connect without TLS and credentials, as to a Kafka on one's own machine.",
    binding="kafka",
    binding_fields=_FIELDS,
    binding_effects=_EFFECTS,
    sending_effects=_SENDING_EFFECTS,
    extra="kafka",
    requirements=("cramjam>=2.8",),  # reads what producers compressed with snappy, lz4 and zstd
    setup="topics --create",
    address_setting="servers",
    address=_address,
    default_address=lambda _: "localhost:9092",
    virtual_host=lambda _: "",
    schema_id_bytes=_schema_id_bytes,
    endpoints=_endpoints,
    destinations=_destinations,
    properties=_properties,
    direct=None,
    carries_reply_address=False,
    takes_key=True,
    has_topics=True,
    reply_address=_reply_address,
    key_schema=key_schema,
    facts=_facts,
    has_tombstones=True,
    settings=_settings,
    check_server=_check_server,
)
