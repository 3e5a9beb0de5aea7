"""The objects of AsyncAPI 3.0 and 3.1 (https://www.asyncapi.com/docs/reference/specification/v3.1.0).

3.1 adds a protocol's bindings to 3.0 and changes none of these objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.objects import (
    ANY,
    BINDINGS,
    FLAG,
    SCHEMA,
    TEXT,
    TEXT_OR_NULL,
    Choice,
    Either,
    ListOf,
    MapOf,
    ObjectType,
    Reference,
)
from cqrs_gen.contract.objects_shared import (
    CONTACT,
    CORRELATION_ID,
    EXTERNAL_DOCS,
    LICENSE,
    MESSAGE_EXAMPLE,
    SERVER_VARIABLE,
    TAG,
    security_scheme,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.contract.objects import Shape

_TAGS: Final = ListOf(Reference(TAG))
_DOCS: Final = Reference(EXTERNAL_DOCS)
SECURITY_SCHEME: Final = security_scheme(scopes_of_flow="availableScopes", own={"scopes": ListOf(TEXT)})
_SECURITY: Final = ListOf(Reference(SECURITY_SCHEME))

INFO: Final = ObjectType(
    "info",
    {
        "title": TEXT,
        "version": TEXT,
        "description": TEXT,
        "termsOfService": TEXT,
        "contact": CONTACT,
        "license": LICENSE,
        "tags": _TAGS,
        "externalDocs": _DOCS,
    },
    required=("title", "version"),
)
SERVER: Final = ObjectType(
    "server",
    {
        "host": TEXT,
        "protocol": TEXT,
        "protocolVersion": TEXT,
        "pathname": TEXT,
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "variables": MapOf("variables", Reference(SERVER_VARIABLE)),
        "security": _SECURITY,
        "tags": _TAGS,
        "externalDocs": _DOCS,
        "bindings": Reference(BINDINGS),
    },
    required=("host", "protocol"),
)
PARAMETER: Final = ObjectType(
    "parameter",
    {
        "description": TEXT,
        "enum": ListOf(TEXT),
        "default": TEXT,
        "examples": ListOf(TEXT),
        "location": TEXT,
    },
)
MULTI_FORMAT_SCHEMA: Final = ObjectType(
    "multi format schema", {"schemaFormat": TEXT, "schema": ANY}, required=("schema",)
)
"""`schemaFormat` is required by the text, but tools take AsyncAPI's own format where it is missing, and so do we."""
ANY_SCHEMA: Final = Either("schema", MULTI_FORMAT_SCHEMA, SCHEMA)

_MESSAGE_TRAIT_FIELDS: Final[Mapping[str, Shape]] = {
    "headers": ANY_SCHEMA,
    "correlationId": Reference(CORRELATION_ID),
    "contentType": TEXT,
    "name": TEXT,
    "title": TEXT,
    "summary": TEXT,
    "description": TEXT,
    "deprecated": FLAG,
    "tags": _TAGS,
    "externalDocs": _DOCS,
    "bindings": Reference(BINDINGS),
    "examples": ListOf(MESSAGE_EXAMPLE),
    "x-python-name": TEXT,
}
MESSAGE_TRAIT: Final = ObjectType("message trait", _MESSAGE_TRAIT_FIELDS)
MESSAGE: Final = ObjectType(
    "message", {**_MESSAGE_TRAIT_FIELDS, "payload": ANY_SCHEMA, "traits": ListOf(Reference(MESSAGE_TRAIT))}
)
CHANNEL: Final = ObjectType(
    "channel",
    {
        "address": TEXT_OR_NULL,
        "title": TEXT,
        "summary": TEXT,
        "description": TEXT,
        "messages": MapOf("messages", Reference(MESSAGE)),
        "servers": ListOf(Reference(SERVER, only=True)),
        "parameters": MapOf("parameters", Reference(PARAMETER)),
        "tags": _TAGS,
        "externalDocs": _DOCS,
        "bindings": Reference(BINDINGS),
    },
)
REPLY_ADDRESS: Final = ObjectType("reply address", {"description": TEXT, "location": TEXT}, required=("location",))
REPLY: Final = ObjectType(
    "reply",
    {
        "address": Reference(REPLY_ADDRESS),
        "channel": Reference(CHANNEL, only=True),
        "messages": ListOf(Reference(MESSAGE, only=True)),
    },
)
_OPERATION_TRAIT_FIELDS: Final[Mapping[str, Shape]] = {
    "title": TEXT,
    "summary": TEXT,
    "description": TEXT,
    "security": _SECURITY,
    "tags": _TAGS,
    "externalDocs": _DOCS,
    "bindings": Reference(BINDINGS),
}
OPERATION_TRAIT: Final = ObjectType("operation trait", _OPERATION_TRAIT_FIELDS)
OPERATION: Final = ObjectType(
    "operation",
    {
        **_OPERATION_TRAIT_FIELDS,
        "action": Choice(("send", "receive")),
        "channel": Reference(CHANNEL, only=True),
        "traits": ListOf(Reference(OPERATION_TRAIT)),
        "messages": ListOf(Reference(MESSAGE, only=True)),
        "reply": Reference(REPLY),
    },
    required=("action", "channel"),
)
COMPONENTS: Final = ObjectType(
    "components",
    {
        "schemas": MapOf("schemas", ANY_SCHEMA),
        "servers": MapOf("servers", Reference(SERVER)),
        "channels": MapOf("channels", Reference(CHANNEL)),
        "operations": MapOf("operations", Reference(OPERATION)),
        "messages": MapOf("messages", Reference(MESSAGE)),
        "securitySchemes": MapOf("security schemes", Reference(SECURITY_SCHEME)),
        "serverVariables": MapOf("server variables", Reference(SERVER_VARIABLE)),
        "parameters": MapOf("parameters", Reference(PARAMETER)),
        "correlationIds": MapOf("correlation ids", Reference(CORRELATION_ID)),
        "replies": MapOf("replies", Reference(REPLY)),
        "replyAddresses": MapOf("reply addresses", Reference(REPLY_ADDRESS)),
        "externalDocs": MapOf("external documentations", _DOCS),
        "tags": MapOf("tags", Reference(TAG)),
        "operationTraits": MapOf("operation traits", Reference(OPERATION_TRAIT)),
        "messageTraits": MapOf("message traits", Reference(MESSAGE_TRAIT)),
        "serverBindings": MapOf("server bindings", Reference(BINDINGS)),
        "channelBindings": MapOf("channel bindings", Reference(BINDINGS)),
        "operationBindings": MapOf("operation bindings", Reference(BINDINGS)),
        "messageBindings": MapOf("message bindings", Reference(BINDINGS)),
    },
)
DOCUMENT: Final = ObjectType(
    "the document",
    {
        "asyncapi": TEXT,
        "id": TEXT,
        "info": INFO,
        "servers": MapOf("servers", Reference(SERVER)),
        "defaultContentType": TEXT,
        "channels": MapOf("channels", Reference(CHANNEL)),
        "operations": MapOf("operations", Reference(OPERATION)),
        "components": COMPONENTS,
    },
    required=("info",),
)
