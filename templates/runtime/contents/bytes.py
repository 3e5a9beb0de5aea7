"""A body that is the payload as it is."""

from __future__ import annotations

from ..bad_input import InvalidPayload
from ..payload import Content


class Bytes(Content):
    """Any bytes, none at all included."""

    medium = "bytes"

    def read(self, body: bytes) -> bytes:
        """Give the body."""
        return body

    def write(self, payload: object) -> bytes:
        """Give the payload itself."""
        if not isinstance(payload, bytes):
            raise InvalidPayload(["it is not bytes"])
        return payload
