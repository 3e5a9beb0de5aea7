"""Which values a schema of a contract allows, as jsonschema-rs has it.

In draft 7, with OpenAPI's `nullable` and with Multi Format Schema Objects inside schemas; of the formats only those
that have a type in Python: date-time, date, uuid.
"""

from __future__ import annotations

import functools
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import jsonschema_rs

_ASSERTED: Final = {"date-time", "date", "uuid"}
_SCHEMA_FORMATS: Final = tuple(f"application/{name}" for name in ("vnd.aai.asyncapi", "vnd.oai.openapi", "schema"))
"""How the format of a Multi Format Schema Object begins when draft 7 can read the schema in it."""
_UNCHECKED: Final = {
    *("additionalItems", "contains", "dependencies", "maxProperties", "minProperties", "not", "oneOf", "propertyNames"),
    *("else", "if", "then", "uniqueItems"),
}


class Validity:
    """The schemas of one document, which `as_draft_7` gave."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document: Final = document

    def is_valid(self, pointer: str, value: object) -> bool:
        """Whether the schema at `pointer` allows a value."""
        return self._validator(pointer).is_valid(value)

    @functools.cache  # noqa: B019 - it lives as long as a test
    def _validator(self, pointer: str) -> jsonschema_rs.Draft7Validator:
        schema = {**self._document, "$ref": f"#{quote(pointer, safe='/~')}"}  # which counts alone, in draft 7
        return jsonschema_rs.Draft7Validator(schema, formats={"uuid": _is_uuid}, validate_formats=True)


def as_draft_7(value: Any) -> Any:
    """Write a document, or a value in it, so that draft 7 has of its schemas what AsyncAPI and OpenAPI mean."""
    if isinstance(value, list):
        return [as_draft_7(element) for element in value]
    if not isinstance(value, dict):
        return value
    schema = {
        key: as_draft_7(member)
        for key, member in value.items()
        if key != "format" or not isinstance(member, str) or member in _ASSERTED
    }
    if "schema" in value and str(value.get("schemaFormat")).startswith(_SCHEMA_FORMATS):
        schema["allOf"] = [schema["schema"]]
    is_nullable = value.get("nullable") is True and "$ref" not in value  # OpenAPI's word
    return {"anyOf": [schema, {"type": "null"}]} if is_nullable else schema


def without_unchecked(value: Any) -> Any:
    """Write a document without what the models do not check, as README.md says it; `oneOf` is `anyOf` for them.

    So it is in pointers, too.
    """
    if isinstance(value, list):
        return [without_unchecked(element) for element in value]
    if not isinstance(value, dict):
        return value
    schema = {key: without_unchecked(member) for key, member in value.items() if not _is_unchecked(key, member)}
    if isinstance(schema.get("$ref"), str):
        schema["$ref"] = schema["$ref"].replace("/oneOf/", "/anyOf/")
    return {"anyOf": without_unchecked(value["oneOf"]), **schema} if isinstance(value.get("oneOf"), list) else schema


def _is_unchecked(keyword: str, value: object) -> bool:
    return keyword in _UNCHECKED or (keyword == "items" and isinstance(value, list))


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
