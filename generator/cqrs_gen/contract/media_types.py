"""Media types of messages and of their schemas (RFC 6838)."""

from __future__ import annotations

import re
from typing import Final

from cqrs_gen.contract.model import Content

_AVRO: Final = frozenset({"avro/binary", "application/avro", "application/x-avro", "application/x-avro-binary"})
_AVRO_SCHEMA: Final = "application/vnd.apache.avro"
"""The format of Avro schemas (AsyncAPI, Multi Format Schema Object); many write it as the content type, too."""
_CHARSET: Final = re.compile(r""";\s*charset\s*=\s*["']?([^"';\s]*)""", re.IGNORECASE)
_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii"})


def content_of(content_type: str | None) -> Content | None:
    """Tell in what a body of that content type is written; JSON where there is none, None where it is not decoded."""
    written = content_type or "application/json"
    media_type = written.partition(";")[0].strip().lower()
    if media_type == "text/plain":
        charset = _CHARSET.search(written)
        return Content.TEXT if charset is None or charset[1].lower() in _CHARSETS else None
    if media_type == "application/octet-stream":
        return Content.BYTES
    if media_type in _AVRO or media_type.startswith(_AVRO_SCHEMA) or media_type.endswith("+avro"):
        return Content.AVRO
    return Content.JSON if media_type == "application/json" or media_type.endswith("+json") else None


def is_avro_schema(schema_format: str | None) -> bool:
    """Whether a schema of that format is one of Avro, written as JSON or as YAML."""
    media_type = (schema_format or "").partition(";")[0].strip().lower()
    return media_type in {_AVRO_SCHEMA, f"{_AVRO_SCHEMA}+json", f"{_AVRO_SCHEMA}+yaml"}
