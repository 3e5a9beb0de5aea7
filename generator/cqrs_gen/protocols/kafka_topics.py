"""How a topic is laid out (AsyncAPI Kafka bindings 0.5.0, Channel Binding Object): what it is created with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cqrs_gen.document.node import is_sequence
from cqrs_gen.protocols.bindings import mapping, number, warn_unused
from cqrs_gen.rules import CONFLICTING_BINDINGS, INVALID_BINDING

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Channel
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report

_POLICIES: Final = ("compact", "delete")
_LEAST: Final = {"retention.ms": -1, "retention.bytes": -1, "delete.retention.ms": 0, "max.message.bytes": 0}
"""The settings that are numbers, and the least that Kafka takes: -1 is for ever, or any size."""
_CONFLUENT: Final = frozenset(
    f"confluent.{part}.{name}" for part in ("key", "value") for name in ("schema.validation", "subject.name.strategy")
)
"""What only Confluent Server knows: Apache Kafka refuses to create a topic with them."""

LAYOUT_FIELDS: Final = frozenset({"cleanup.policy", *_LEAST, *_CONFLUENT})
"""The fields of a Topic Configuration Object."""
LAYOUT_EFFECTS: Final = LAYOUT_FIELDS - _CONFLUENT


@dataclass(frozen=True)
class Layout:
    """What a topic is created with; what is not said is left to the brokers."""

    partitions: int | None = None
    replicas: int | None = None
    settings: tuple[tuple[str, str], ...] = ()
    """Names and values as Kafka has them, in the order of the names."""

    @property
    def is_said(self) -> bool:
        """Whether the contract says anything."""
        return self != Layout()


def read_layout(binding: Node | None, report: Report) -> Layout:
    """Read what a channel's binding says of its topic; values of a wrong kind are reported and left out."""
    configuration = mapping(binding, "topicConfiguration", report)
    warn_unused(configuration, LAYOUT_EFFECTS, LAYOUT_FIELDS, report)
    numbers = {name: number(configuration, name, report, least=least) for name, least in _LEAST.items()}
    settings = {name: str(value) for name, value in numbers.items() if value is not None}
    if policies := _policies(configuration, report):
        settings["cleanup.policy"] = ",".join(policies)
    return Layout(
        number(binding, "partitions", report, least=1),
        number(binding, "replicas", report, least=1),
        tuple(sorted(settings.items())),
    )


def merge_layout(layouts: dict[str, tuple[Layout, Channel]], topic: str, channel: Channel, report: Report) -> None:
    """Add what a channel says of its topic to `layouts`; reports where two channels say different things of one."""
    layout = read_layout(channel.bindings.get("kafka"), report)
    known, first = layouts.setdefault(topic, (layout, channel))
    if not known.is_said:
        layouts[topic] = layout, channel
    elif layout.is_said and layout != known:
        report(
            CONFLICTING_BINDINGS,
            channel.node,
            f"topic {topic!r} has other partitions, replicas or settings here than in channel {first.key!r}",
            hint="give partitions, replicas and topicConfiguration the same values in both bindings",
        )


def _policies(configuration: Node | None, report: Report) -> list[str]:
    """Give the cleanup policies, a list in the specification and one name in many documents."""
    node = configuration.get("cleanup.policy") if configuration is not None else None
    if node is None:
        return []
    written = node.value if is_sequence(node.value) else [node.value]
    if all(policy in _POLICIES for policy in written):
        return [str(policy) for policy in written]
    report(
        INVALID_BINDING,
        node,
        f"binding 'cleanup.policy' cannot be {node.value!r}",
        hint=f"a list of {' and '.join(map(repr, _POLICIES))}",
    )
    return []
