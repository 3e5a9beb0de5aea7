"""Stage 2: from a document to what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract import asyncapi2, asyncapi3, jsonschema, objects2, objects3
from cqrs_gen.contract.check import check
from cqrs_gen.contract.contents import settle_contents
from cqrs_gen.contract.mirror import mirror
from cqrs_gen.contract.model import Action
from cqrs_gen.contract.objects2 import newer_fields
from cqrs_gen.contract.schemas.check import SchemaChecker
from cqrs_gen.rules import NOT_ASYNCAPI, UNSUPPORTED_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.contract.model import Contract
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document

_VERSION: Final = re.compile(r"(\d+)\.(\d+)\.\d+(-.+)?")
_NOTHING_NEWER: Final[Mapping[str, frozenset[str]]] = {}
_READERS: Final = {
    **{(2, minor): (objects2.DOCUMENT, newer_fields(minor), asyncapi2.read) for minor in range(7)},
    (3, 0): (objects3.DOCUMENT, _NOTHING_NEWER, asyncapi3.read),
    (3, 1): (objects3.DOCUMENT, _NOTHING_NEWER, asyncapi3.read),
}
"""What describes a document of a version, which fields in that are newer, and what reads it."""


def read(document: Document, diagnostics: Diagnostics, *, is_client: bool = False) -> Contract | None:
    """Give the contract that a document means; None for one that is neither schema files nor AsyncAPI that is read.

    The whole document is checked, so that all its mistakes are shown together. What has a mistake is not in the
    contract, which is of use only when no error was reported. Schemas are checked where something is generated from
    them: those of messages that the application receives. A client of the application has the contract from the other
    side.
    """
    if jsonschema.is_schemas(document):
        contract = jsonschema.read(document, diagnostics)
    else:
        version = _version(document, diagnostics)
        if version is None:
            return None
        description, newer, read_contract = _READERS[version]
        check(document, description, diagnostics, newer)
        contract = read_contract(document, diagnostics)
    contract = mirror(contract) if is_client else contract
    _check_schemas(contract, document, diagnostics)
    return settle_contents(contract, document, diagnostics)


def _version(document: Document, diagnostics: Diagnostics) -> tuple[int, int] | None:
    """Give the major and minor version, one that is read."""
    written = document.root.get("asyncapi")
    if written is None:
        hint = "it is an OpenAPI document" if document.root.get("openapi") is not None else None
        message = "the document has no 'asyncapi', which says its version of AsyncAPI"
        document.report(diagnostics, NOT_ASYNCAPI, document.root, message, hint=hint)
        return None
    found = _VERSION.fullmatch(written.value) if isinstance(written.value, str) else None
    version = (int(found[1]), int(found[2])) if found else None
    if version in _READERS:
        return version
    message = f"{written.value!r} is not a version of AsyncAPI that is read"
    hint = "2.0.x to 2.6.x, 3.0.x and 3.1.x are read; the version is written in full, as in 'asyncapi: 3.0.0'"
    document.report(diagnostics, UNSUPPORTED_VERSION, written, message, hint=hint)
    return None


def _check_schemas(contract: Contract, document: Document, diagnostics: Diagnostics) -> None:
    checker = SchemaChecker(document, diagnostics)
    for operation in contract.operations:
        if operation.action is not Action.RECEIVE:
            continue
        # what the channel declares may come, too, and is decoded to be recognised
        for message in (*operation.messages, *operation.channel.messages):
            if message.schema_format is None and message.payload is not None:
                checker.check(message.payload)
            if message.headers is not None and message.headers.get("schemaFormat") is None:
                checker.check(message.headers)
