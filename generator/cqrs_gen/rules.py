"""Every rule, in the order of the stages that find it. An id, once published, never changes."""

from __future__ import annotations

from typing import Final

from cqrs_gen.diagnostics import Rule, Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

# load, the text of the files
NOT_UTF8: Final = Rule("not-utf8", ERROR, "A file is not encoded in UTF-8.")
EMPTY_FILE: Final = Rule("empty-file", ERROR, "A file has nothing in it.")
SYNTAX_ERROR: Final = Rule("syntax-error", ERROR, "A file is neither YAML 1.2 nor JSON.")
SEVERAL_DOCUMENTS: Final = Rule("several-documents", ERROR, "A file has more than one YAML document.")
DUPLICATE_KEY: Final = Rule("duplicate-key", ERROR, "A mapping has the same key twice.")
NOT_JSON_DATA: Final = Rule("not-json-data", ERROR, "A value is one that YAML can write and JSON cannot.")
INVALID_ALIAS: Final = Rule(
    "invalid-alias", ERROR, "An alias has no anchor, stands inside what it repeats, or merges what is no mapping."
)
DOCUMENT_TOO_LARGE: Final = Rule("document-too-large", ERROR, "A file has too many values or nests them too deeply.")

# load, where references lead
INVALID_REF: Final = Rule("invalid-ref", ERROR, "A `$ref` is not a text that can be a reference.")
UNRESOLVED_REF: Final = Rule("unresolved-ref", ERROR, "A reference leads to nothing.")
REF_CYCLE: Final = Rule("ref-cycle", ERROR, "References lead only to each other.")
REMOTE_REF: Final = Rule("remote-ref", ERROR, "A reference leads to a URL or an absolute path, which is never read.")
OUTSIDE_REF: Final = Rule("outside-ref", ERROR, "A reference leads out of the repository of the document.")

# read, what the document means
NOT_ASYNCAPI: Final = Rule("not-asyncapi", ERROR, "The document does not say that it is AsyncAPI.")
UNSUPPORTED_VERSION: Final = Rule("unsupported-version", ERROR, "The document's version of AsyncAPI is not read.")
WRONG_TYPE: Final = Rule("wrong-type", ERROR, "A value is not of the type that AsyncAPI asks for in its place.")
NOT_SCHEMA: Final = Rule("not-schema", ERROR, "A file that should be the schema of an event is none.")
DUPLICATE_MESSAGE: Final = Rule("duplicate-message", ERROR, "Two schema files are one message of one channel.")
CONFLICTING_PROTOCOLS: Final = Rule(
    "conflicting-protocols", ERROR, "Schemas of one channel say that it is on different protocols."
)
MISSING_FIELD: Final = Rule("missing-field", ERROR, "An object lacks a field that AsyncAPI requires.")
UNKNOWN_FIELD: Final = Rule("unknown-field", ERROR, "An object has a field that AsyncAPI does not know there.")
NEWER_FIELD: Final = Rule("newer-field", WARNING, "An object has a field that came after the document's version.")
OUTDATED_FIELD: Final = Rule("outdated-field", WARNING, "An object has a field that AsyncAPI has given up.")
WRONG_REFERENCE: Final = Rule("wrong-reference", ERROR, "A reference leads to another kind of object than it may.")
MESSAGE_NOT_IN_CHANNEL: Final = Rule(
    "message-not-in-channel", ERROR, "An operation or a reply has a message that its channel does not have."
)
UNKNOWN_SERVER: Final = Rule("unknown-server", ERROR, "A channel is on a server that the document does not have.")
UNKNOWN_SECURITY_SCHEME: Final = Rule(
    "unknown-security-scheme", ERROR, "A server or an operation asks for a security scheme that the document lacks."
)
UNDESCRIBED_VARIABLE: Final = Rule(
    "undescribed-variable", WARNING, "A server's address has a variable that `variables` does not describe."
)
UNDESCRIBED_PARAMETER: Final = Rule(
    "undescribed-parameter", WARNING, "An address has a parameter that `parameters` does not describe."
)
UNUSED_PARAMETER: Final = Rule("unused-parameter", WARNING, "A parameter is described that its address does not have.")
INVALID_EXPRESSION: Final = Rule(
    "invalid-expression", WARNING, "What should say where in a message a value stands does not, so it is not used."
)
DUPLICATE_OPERATION: Final = Rule("duplicate-operation-id", ERROR, "Two operations have the same `operationId`.")

# read, schemas
UNKNOWN_TYPE: Final = Rule("unknown-type", ERROR, "A schema has a `type` that JSON Schema does not know.")
INVALID_PATTERN: Final = Rule("invalid-pattern", WARNING, "A pattern is no regular expression, so it is not checked.")
UNCHECKED_KEYWORD: Final = Rule(
    "unchecked-keyword", WARNING, "A keyword of a schema that the models do not check, so more is accepted."
)
UNKNOWN_KEYWORD: Final = Rule("unknown-keyword", WARNING, "A key of a schema looks like a keyword and is none.")
UNKNOWN_FORMAT: Final = Rule("unknown-format", WARNING, "A `format` looks like date-time, date or uuid and is none.")
UNDECLARED_REQUIRED: Final = Rule(
    "undeclared-required", WARNING, "A required name is no property, and looks like one that is."
)
INVALID_DEFAULT: Final = Rule("invalid-default", WARNING, "A default is refused by its own schema, so it is not used.")
INVALID_ENUM_VALUE: Final = Rule(
    "invalid-enum-value", WARNING, "A value of `enum` or `const` is of another type than the schema allows."
)
INVALID_AVRO: Final = Rule("invalid-avro", ERROR, "An Avro schema is not as Avro's specification says.")

# plan, what is generated
NOTHING_TO_GENERATE: Final = Rule("nothing-to-generate", ERROR, "No operation of the document can be served.")
NO_PROTOCOL: Final = Rule(
    "no-protocol", WARNING, "Neither servers nor bindings say over which protocol a channel is reached."
)
UNSUPPORTED_PROTOCOL: Final = Rule("unsupported-protocol", WARNING, "A server has a protocol that is not generated.")
MISSPELT_PROTOCOL: Final = Rule(
    "misspelt-protocol", ERROR, "A server has a protocol that looks like one that is generated."
)
UNSUPPORTED_REPLY: Final = Rule("unsupported-reply", WARNING, "A reply that is not sent, or not received.")
UNSUPPORTED_PARAMETERS: Final = Rule(
    "unsupported-parameters", WARNING, "An address has parameters where no message tells their values."
)
UNSUPPORTED_SECURITY: Final = Rule("unsupported-security", WARNING, "Security that has no effect yet.")
UNSUPPORTED_CONTENT: Final = Rule(
    "unsupported-content", WARNING, "A message has a content type, or a schema, that cannot be decoded."
)
UNSUPPORTED_BINDING: Final = Rule("unsupported-binding", WARNING, "A binding that has no effect yet.")
UNKNOWN_BINDING: Final = Rule("unknown-binding", WARNING, "A binding has a field that its protocol does not know.")
UNSUPPORTED_HEADERS: Final = Rule(
    "unsupported-headers", WARNING, "Headers have a schema that they are not checked against."
)
INVALID_BINDING: Final = Rule("invalid-binding", ERROR, "A binding has a value that the protocol does not know.")
UNKNOWN_ADDRESS: Final = Rule("unknown-address", WARNING, "A channel's address is not known when generating.")
INVALID_ADDRESS: Final = Rule(
    "invalid-address", WARNING, "An address cannot be what its protocol would have to call it."
)
CONFLICTING_BINDINGS: Final = Rule(
    "conflicting-bindings", ERROR, "Two bindings describe one queue or topic differently."
)
NO_MESSAGES: Final = Rule("no-messages", WARNING, "An operation receives no message.")
NO_PAYLOAD: Final = Rule("no-payload", WARNING, "A message has no payload schema, so its payload is `Any`.")
INDISTINGUISHABLE_MESSAGES: Final = Rule(
    "indistinguishable-messages", WARNING, "Nothing but validity tells two messages of a channel apart."
)
NAME_COLLISION: Final = Rule("name-collision", ERROR, "Two things of the document would have the same Python name.")
HANDLER_RENAMED: Final = Rule(
    "handler-renamed", ERROR, "A new message would take the name of one that has its handler already."
)
INVALID_NAME: Final = Rule("invalid-name", ERROR, "A name that the document pins is no name in Python.")
