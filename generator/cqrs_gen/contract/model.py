"""The contract as data. No Python names, no broker words; schemas stay located nodes of the document."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.contract.expressions import Expression
    from cqrs_gen.document.node import Node
    from cqrs_gen.source import Location


class Action(enum.Enum):
    """What the application does, in its own view (AsyncAPI 3.0, Operation Object; 2.x `publish` is `RECEIVE`)."""

    SEND = "send"
    RECEIVE = "receive"


class Content(enum.Enum):
    """In what the body of a message is written."""

    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"
    AVRO = "avro"


@dataclass(frozen=True)
class Avro:
    """How an Avro payload is decoded."""

    schema: str | list[Any] | dict[str, Any]
    """The schema that it is written with, without what says nothing about that; every name in it is a full one."""
    is_recursive: bool
    """Whether a value may hold others of its own kind, to any depth."""


@dataclass(frozen=True)
class Undecoded:
    """Why the body of a message cannot be decoded."""

    reason: str
    """What follows the message's name in a sentence."""
    node: Node
    """Where that is written."""


@dataclass(frozen=True)
class Info:
    """Info Object."""

    title: str
    version: str
    description: str | None = None


@dataclass(frozen=True)
class ServerVariable:
    """Server Variable Object: a part of the host or the path name that differs between places."""

    name: str
    default: str | None
    enum: tuple[str, ...]
    description: str | None
    node: Node
    """The object itself."""


@dataclass(frozen=True)
class SecurityScheme:
    """Security Scheme Object: one way to prove who one is."""

    type: str
    token_url: str | None
    """Where clients get a token in exchange for their own credentials (`flows.clientCredentials`)."""
    scopes: tuple[str, ...]
    """What such a token has to allow."""
    node: Node
    """The object itself."""


@dataclass(frozen=True)
class SecurityRequirement:
    """One of the alternatives; all its schemes are needed together. AsyncAPI 3 has one scheme in each."""

    schemes: tuple[SecurityScheme, ...]
    node: Node
    """Where it is asked for."""


@dataclass(frozen=True)
class Security:
    """What a server or an operation asks of who connects: one of the requirements, at least one."""

    requirements: tuple[SecurityRequirement, ...]
    node: Node
    """The list."""


@dataclass(frozen=True)
class Server:
    """Server Object. `host` and `pathname` may hold `{variables}`; a 2.x `url` is split into the two."""

    key: str
    protocol: str
    host: str
    pathname: str
    variables: tuple[ServerVariable, ...]
    description: str | None
    security: Security | None
    """What the server asks for, when it asks for anything."""
    bindings: Mapping[str, Node]
    node: Node
    """The object itself."""


@dataclass(frozen=True)
class Parameter:
    """Parameter Object: a part of a channel's address that differs from message to message."""

    name: str
    enum: tuple[str, ...]
    """The values it can have; empty where it can have any."""
    schema: Node | None
    """What 2.x says of it; 3.x knows strings only."""
    description: str | None
    node: Node
    """The object itself; where it is not described, the channel."""


@dataclass(frozen=True)
class CorrelationId:
    """Correlation ID Object: where in a message the id stands that all messages of one matter have."""

    location: Expression
    node: Node
    """The object itself."""


@dataclass(frozen=True)
class Message:
    """Message Object, its traits merged. Two references to one object are one `Message` with one `id`."""

    id: str
    """Where the object is written, unique in the document: `<file label>#<pointer>`."""
    key: str
    """What the document calls it where no `name` does: its component key, else its key in the channel."""
    name: str | None
    title: str | None
    summary: str | None
    description: str | None
    content_type: str | None
    """Its own, else the document's default; None where the document says neither."""
    schema_format: str | None
    """As written; None where the payload is a plain schema: of AsyncAPI itself, JSON Schema or OpenAPI."""
    payload: Node | None
    """The schema itself, also where it was wrapped in a Multi Format Schema Object; None without a payload."""
    headers: Node | None
    """Their schema; one in a language of its own is still in its Multi Format Schema Object."""
    correlation_id: CorrelationId | None
    python_name: str | None
    """The class name that the document pins (`x-python-name`)."""
    examples: tuple[Node, ...]
    """Message Example Objects."""
    bindings: Mapping[str, Node]
    node: Node
    """The object itself."""
    content: Content = Content.JSON
    """In what its body is written, as far as that can be decoded (`contract/contents.py`)."""
    avro: Avro | None = None
    """How it is decoded; then `payload` is the JSON Schema of what comes out of that."""
    undecoded: Undecoded | None = None


@dataclass(frozen=True)
class Channel:
    """Channel Object (2.x: Channel Item Object, whose key is its address)."""

    key: str
    address: str | None
    """None where it is unknown when the contract is written (`address: null`)."""
    parameters: tuple[Parameter, ...]
    """One for each `{expression}` in the address, in their order."""
    messages: tuple[Message, ...]
    """All that may pass here; in 2.x those of the channel's operations."""
    servers: tuple[Server, ...]
    """The servers it is on; where the document names none, all."""
    names_servers: bool
    """Whether `servers` is what the channel itself says."""
    bindings: Mapping[str, Node]
    node: Node
    """The object itself."""
    protocol: Node | None = None
    """How the document calls the channel's protocol where that is said without servers (`x-protocol` of schemas)."""


@dataclass(frozen=True)
class Reply:
    """Operation Reply Object: what the receiver of a message answers, and where that goes."""

    channel: Channel | None
    messages: tuple[Message, ...]
    location: Expression | None
    """Where the address stands in the message that is answered."""
    node: Node
    """The object itself."""


@dataclass(frozen=True)
class Operation:
    """Operation Object, its traits merged."""

    key: str
    action: Action
    channel: Channel
    messages: tuple[Message, ...]
    reply: Reply | None
    security: Security | None
    summary: str | None
    description: str | None
    bindings: Mapping[str, Node]
    node: Node
    """The object itself."""


@dataclass(frozen=True)
class Contract:
    """What the whole document means."""

    spec_version: str
    """The version of AsyncAPI it is written in; empty for schema files."""
    source: str
    """What it was read from, as generated files say it."""
    info: Info
    servers: tuple[Server, ...]
    channels: tuple[Channel, ...]
    operations: tuple[Operation, ...]
    location: Location
    """Where `operations` stand (2.x: `channels`), else the document's first token."""
    root: Node = field(repr=False, kw_only=True)
    """The whole document, for what is only passed on."""
