"""The objects of AsyncAPI 2 (https://www.asyncapi.com/docs/reference/specification/v2.6.0).

They are described as 2.6 has them, and `SINCE` tells which fields earlier versions lack: none was ever taken away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.objects import (
    ANY,
    BINDINGS,
    FLAG,
    SCHEMA,
    TEXT,
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
SECURITY_SCHEME: Final = security_scheme(scopes_of_flow="scopes", own={})
_SECURITY: Final = ListOf(MapOf("security requirement", ListOf(TEXT)))

INFO: Final = ObjectType(
    "info",
    {
        "title": TEXT,
        "version": TEXT,
        "description": TEXT,
        "termsOfService": TEXT,
        "contact": CONTACT,
        "license": LICENSE,
    },
    required=("title", "version"),
)
SERVER: Final = ObjectType(
    "server",
    {
        "url": TEXT,
        "protocol": TEXT,
        "protocolVersion": TEXT,
        "description": TEXT,
        "variables": MapOf("variables", Reference(SERVER_VARIABLE)),
        "security": _SECURITY,
        "tags": _TAGS,
        "bindings": Reference(BINDINGS),
    },
    required=("url", "protocol"),
)
PARAMETER: Final = ObjectType("parameter", {"description": TEXT, "schema": SCHEMA, "location": TEXT})

_MESSAGE_TRAIT_FIELDS: Final[Mapping[str, Shape]] = {
    "messageId": TEXT,
    "headers": SCHEMA,
    "correlationId": Reference(CORRELATION_ID),
    "schemaFormat": TEXT,
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
    "message", {**_MESSAGE_TRAIT_FIELDS, "payload": ANY, "traits": ListOf(Reference(MESSAGE_TRAIT))}
)
MESSAGES: Final = ObjectType("messages", {"oneOf": ListOf(Reference(MESSAGE))}, required=("oneOf",))
"""Several messages where one may stand: `{"oneOf": [...]}`."""

_OPERATION_TRAIT_FIELDS: Final[Mapping[str, Shape]] = {
    "operationId": TEXT,
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
        "traits": ListOf(Reference(OPERATION_TRAIT)),
        "message": Reference(Either("oneOf", MESSAGES, MESSAGE)),
    },
)
CHANNEL: Final = ObjectType(
    "channel",
    {
        "description": TEXT,
        "servers": ListOf(TEXT),
        "subscribe": OPERATION,
        "publish": OPERATION,
        "parameters": MapOf("parameters", Reference(PARAMETER)),
        "deprecated": FLAG,
        "bindings": Reference(BINDINGS),
    },
)
COMPONENTS: Final = ObjectType(
    "components",
    {
        "schemas": MapOf("schemas", SCHEMA),
        "servers": MapOf("servers", Reference(SERVER)),
        "serverVariables": MapOf("server variables", Reference(SERVER_VARIABLE)),
        "channels": MapOf("channels", Reference(CHANNEL)),
        "messages": MapOf("messages", Reference(Either("oneOf", MESSAGES, MESSAGE))),
        "securitySchemes": MapOf("security schemes", Reference(SECURITY_SCHEME)),
        "parameters": MapOf("parameters", Reference(PARAMETER)),
        "correlationIds": MapOf("correlation ids", Reference(CORRELATION_ID)),
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
        "components": COMPONENTS,
        "tags": _TAGS,
        "externalDocs": _DOCS,
    },
    required=("info", "channels"),
)

SINCE: Final[Mapping[str, Mapping[str, int]]] = {
    "server": {"tags": 5},
    "channel": {"servers": 2},
    "operation": {"security": 4},
    "operation trait": {"security": 4},
    "message": {"messageId": 4},
    "message trait": {"messageId": 4},
    "message example": {"name": 1, "summary": 1},
    "components": {"servers": 3, "channels": 3, "serverVariables": 4},
}
"""By object: the minor version of AsyncAPI 2 that brought a field (release notes of 2.1.0 to 2.5.0)."""


def newer_fields(minor: int) -> Mapping[str, frozenset[str]]:
    """Give the fields of each object that came after version 2.`minor`."""
    return {
        name: frozenset(field for field, since in fields.items() if since > minor) for name, fields in SINCE.items()
    }
