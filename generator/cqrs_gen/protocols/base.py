"""What a protocol module knows, and what it says of a contract. A protocol is such a module and its templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cqrs_gen.contract.model import Channel, Message, Operation, Parameter, Server
    from cqrs_gen.diagnostics import Rule
    from cqrs_gen.document.node import Node


class Report(Protocol):
    """Says that something is wrong at a node."""

    def __call__(self, rule: Rule, node: Node, message: str, *, hint: str | None = None, at_key: bool = False) -> None:
        """Report one finding."""


class Resolve(Protocol):
    """Follows a reference; gives any other node itself, and None for a reference that leads nowhere."""

    def __call__(self, node: Node, /) -> Node | None:
        """Follow one."""


@dataclass(frozen=True)
class Source:
    """One place that messages come from; it has one deserializer, however many operations receive from it."""

    address: str
    """Where it is, as an event says that came without an envelope (its `topic`)."""
    operations: tuple[Operation, ...]
    parameters: tuple[Parameter, ...] = ()
    """What the `{expressions}` in the address stand for."""


@dataclass(frozen=True)
class Setting:
    """A setting of the generated service that exists because of the contract."""

    name: str
    """Without the prefix of the package; a subscriber's own is called after the subscriber: `{name}_group_id`."""
    annotation: str
    """A Python type expression, made of checked literals."""
    default: str | None
    """None: whoever runs the service has to give it."""
    description: str


@dataclass(frozen=True)
class Endpoint:
    """What one subscriber consumes."""

    stem: str
    """The words of the document that a subscriber is named after."""
    sources: tuple[Source, ...]
    details: object
    """What only the template of the protocol reads."""
    setting: Setting | None = None


@dataclass(frozen=True)
class Destination:
    """Where an operation sends its messages to."""

    operation: Operation
    address: str
    """Where it is, as an envelope says that goes there (its `topic`); `{parameters}` may stand in it."""
    details: object
    """What only the template of the protocol reads."""


def _says_nothing(_message: Message, _report: Report) -> None:
    """Say nothing about the id of a schema, as bindings of most protocols do."""


@dataclass(frozen=True, eq=False)
class ProtocolModule:
    """All that is particular to one protocol, for the stages that know none."""

    key: str
    """The name of its module in the generated package, of its templates, and of `--protocol`."""
    title: str
    schemes: Mapping[str, bool]
    """The values of `server.protocol` that mean it, and whether they are secured."""
    logins: Mapping[str, str]
    """The types of security schemes that are served, and the SASL mechanism that each means; `""` is a client
    certificate, which needs a secured protocol."""
    plaintext: str
    """What the setting does that leaves security away; empty where the address says so."""
    binding: str
    """Its name in bindings objects (AsyncAPI bindings specification)."""
    binding_fields: Mapping[str, frozenset[str]]
    """The fields of its bindings objects: of `server`, `channel`, `operation` and `message`, and of the objects in
    them, as `channel.queue`."""
    binding_effects: Mapping[str, frozenset[str]]
    """Those of `binding_fields` that have an effect on what is received; docs/bindings.md says which."""
    sending_effects: Mapping[str, frozenset[str]]
    """Those that have an effect on what is sent, by `operation` and `message`."""
    extra: str
    """The extra of FastStream that brings its client."""
    requirements: tuple[str, ...]
    """What a service needs besides, to receive all that may come."""
    setup: str
    """What `python -m <package>` is asked for once, before the first start; empty where nothing is needed."""
    address_setting: str
    """What the setting that holds where the broker is has behind the broker's name."""
    address: Callable[[Server, str], str]
    """Where a server, or one of its virtual hosts, is, as the setting wants it; `{variables}` are left in."""
    default_address: Callable[[str], str]
    """Where a virtual host of the broker is when the contract names no server."""
    virtual_host: Callable[[Channel], str]
    """The virtual host of its servers that a channel is on; empty where their addresses say it."""
    endpoints: Callable[[Sequence[Operation], str, Resolve, Report], Sequence[Endpoint]]
    """From the receive operations on this protocol and the package's name to what is subscribed to. What cannot be
    is reported and left out."""
    destinations: Callable[[Sequence[Operation], Report], Sequence[Destination]]
    """From the send operations on this protocol to where their messages go. What cannot be sent is reported and left
    out."""
    properties: Callable[[Message, Report], object]
    """What a message's bindings say of each message that is sent, for the template of the protocol."""
    direct: object
    """What `Destination.details` is where a message goes to an address that is only known when the service runs."""
    carries_reply_address: bool
    """Whether a message says where its reply goes, whatever the contract says."""
    takes_key: bool
    """Whether a message that is sent may have a key."""
    has_topics: bool
    """Whether an address is the name of a topic, and not a routing key, which may hold nearly anything."""
    reply_address: Callable[[Endpoint, Source], str]
    """Where a message is sent to so that it comes to a source of an endpoint and to nobody else."""
    key_schema: Callable[[Message, Resolve, Report], Node | None] | None
    """Gives the schema of a message's key, as it is written, where the contract has one that can be checked; None for
    a protocol without keys."""
    settings: Callable[[Sequence[Operation], Resolve, Report], Sequence[Setting]]
    """The settings of the broker as a whole that exist because of what the receive operations say."""
    check_server: Callable[[Node | None, Report], None]
    """Says what is wrong in the bindings of a server, and what of them has no effect."""
    has_tombstones: bool
    """Whether there are messages without a body."""
    facts: Callable[[Endpoint, Source, Channel], Sequence[Mapping[str, str | None]]]
    """How an endpoint reaches what is sent to a channel, in the broker's words: one mapping for each way."""
    schema_id_bytes: Callable[[Message, Report], int | None] = _says_nothing
    """How many bytes of a schema's id are in front of a message's payload, the byte before them left out; None where
    nothing is said about that."""
