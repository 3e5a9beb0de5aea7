"""A payload behind the id of its schema, as serializers of schema registries write it."""

from __future__ import annotations

from typing import Any, Final

from ..bad_input import NotFramed
from ..payload import Content


class Framed(Content):
    """Whatever is behind a byte 0 and an id of so many bytes. The id is not looked up: the contract has the schema.

    `schema_id` is the id that is written; without one nothing is.
    """

    def __init__(self, content: Content, *, id_bytes: int, schema_id: int | None = None) -> None:
        self.medium = content.medium
        self._content: Final = content
        self._start: Final = 1 + id_bytes
        self._schema_id: Final = schema_id

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a payload is of any type
        """Give the payload; raises `NotFramed`, and what the payload's own reading raises."""
        return self._content.read(_unframed(body, self._start))

    def write(self, payload: Any) -> bytes:  # noqa: ANN401 - as above
        """Give the payload behind the id."""
        if self._schema_id is None:
            return super().write(payload)
        return b"\0" + self._schema_id.to_bytes(self._start - 1, "big") + self._content.write(payload)


def is_framed(body: bytes, start: int) -> bool:
    """Whether there may be an id in front of a payload that starts there."""
    return len(body) >= start and body[0] == 0


def _unframed(body: bytes, start: int) -> bytes:
    """Give what is behind the id; raises `NotFramed`."""
    if not is_framed(body, start):
        raise NotFramed(f"the body does not start with a byte 0 and an id of {start - 1} bytes")
    return body[start:]
