"""Kafka: topics and consumer groups (AsyncAPI Kafka bindings 0.5.0)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic_core import SchemaError, SchemaValidator, core_schema

from cqrs_gen.document.node import is_mapping
from cqrs_gen.protocols.addresses import without_braces
from cqrs_gen.protocols.base import Destination, Endpoint, ProtocolModule, Setting, Source
from cqrs_gen.protocols.bindings import choice, text, warn_unused
from cqrs_gen.protocols.kafka_keys import key_schema
from cqrs_gen.rules import (
    INVALID_ADDRESS,
    INVALID_BINDING,
    INVALID_PATTERN,
    UNKNOWN_ADDRESS,
    UNSUPPORTED_BINDING,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import Channel, Message, Operation, Server
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report, Resolve

_TOPIC: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}")
"""What Kafka accepts as the name of a topic (org.apache.kafka.common.internals.Topic)."""


_FIELDS: Final = {
    "server": frozenset({"schemaRegistryUrl", "schemaRegistryVendor"}),
    "channel": frozenset({"topic", "partitions", "replicas", "topicConfiguration"}),
    "operation": frozenset({"groupId", "clientId"}),
    "message": frozenset({"key", "schemaIdLocation", "schemaIdPayloadEncoding", "schemaLookupStrategy"}),
}
_EFFECTS: Final = {
    "channel": frozenset({"topic"}),
    "operation": frozenset({"groupId"}),
    "message": frozenset({"key", "schemaIdLocation", "schemaIdPayloadEncoding"}),
}
_CONFLUENT: Final = 4
"""The bytes of a schema's id as Confluent's serializers write it."""


@dataclass(frozen=True)
class KafkaDetails:
    """What the template needs beside the sources: nothing that is not in the subscriber's setting."""


@dataclass(frozen=True)
class _Group:
    """A consumer group as the contract gives it: its id where it says one, else what the id has to be."""

    id: str | None
    annotation: str = "str"


def _endpoints(operations: Sequence[Operation], package: str, resolve: Resolve, report: Report) -> list[Endpoint]:
    """Operations of one group are one subscriber; those of one group and topic one source of it."""
    groups: dict[object, tuple[_Group, dict[str, list[Operation]]]] = {}
    for operation in operations:
        topic = _topic(operation.channel, report)
        binding = operation.bindings.get("kafka")
        warn_unused(binding, _EFFECTS["operation"], _FIELDS["operation"], report)
        group = _group(binding, resolve, report)
        if topic is None:
            continue
        if group is None:
            group = _Group(f"{package}.{without_braces(topic)}")
        # A group whose id is only known when the service runs is nobody else's.
        key = group.id if group.id is not None else operation.key
        _, sources = groups.setdefault((group.id is None, key), (group, {}))
        sources.setdefault(topic, []).append(operation)
    return [_endpoint(group, sources) for group, sources in groups.values()]


def _endpoint(group: _Group, sources: dict[str, list[Operation]]) -> Endpoint:
    topics = list(sources)
    stem = sources[topics[0]][0].channel.key if len(topics) == 1 else group.id or topics[0]
    return Endpoint(
        stem,
        tuple(
            Source(topic, tuple(operations), operations[0].channel.parameters) for topic, operations in sources.items()
        ),
        KafkaDetails(),
        Setting("group_id", group.annotation, group.id, f"Consumer group of {', '.join(topics)}."),
    )


def _destinations(operations: Sequence[Operation], report: Report) -> list[Destination]:
    """Give the topic of each operation; a client that sends has no use for a group."""
    found: list[Destination] = []
    for operation in operations:
        warn_unused(operation.bindings.get("kafka"), (), _FIELDS["operation"], report)
        topic = _topic(operation.channel, report)
        if topic is not None:
            found.append(Destination(operation, topic, None))
    return found


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


def _group(binding: Node | None, resolve: Resolve, report: Report) -> _Group | None:
    """Read the group id: a plain string, or a schema that fixes it, or one that constrains it."""
    written = binding.get("groupId") if binding is not None else None
    node = resolve(written) if written is not None else None
    if node is None:
        return None
    if isinstance(node.value, str) and node.value:
        return _Group(node.value)
    if not is_mapping(node.value):
        report(
            INVALID_BINDING,
            node,
            "binding 'groupId' must be a schema or the id itself",
            hint='for example {"type": "string", "const": "orders"}',
        )
        return None
    enum = node.get("enum")
    allowed = [element.value for element in enum.elements() if isinstance(element.value, str)] if enum else []
    fixed = node.value.get("const", allowed[0] if len(allowed) == 1 else node.value.get("default"))
    pattern = _pattern(node, report)
    annotation = "str"
    if allowed:
        annotation = f"Literal[{', '.join(map(repr, allowed))}]"
    elif pattern and not isinstance(fixed, str):
        annotation = f"Annotated[str, Field(pattern={pattern!r})]"
    if isinstance(fixed, str) and fixed:
        return _Group(fixed, annotation)
    return _Group(None, annotation) if allowed or pattern else None


def _pattern(schema: Node, report: Report) -> str | None:
    """Give the pattern that a group id has to match, when the service can check it."""
    node = schema.get("pattern")
    if node is None or not isinstance(node.value, str):
        return None
    try:
        SchemaValidator(core_schema.str_schema(pattern=node.value))
    except SchemaError:
        report(INVALID_PATTERN, node, f"pattern {node.value!r} is no regular expression of pydantic: it is not checked")
        return None
    return node.value


def _properties(message: Message, report: Report) -> None:
    """Say which bindings of a message have no effect when it is sent."""
    warn_unused(message.bindings.get("kafka"), (), _FIELDS["message"], report)


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
    sending_effects={},
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
    reply_address=_reply_address,
    key_schema=key_schema,
    facts=_facts,
)
