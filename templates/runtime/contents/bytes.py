"""A body that is the payload as it is."""

from __future__ import annotations

from ..payload import Content


class Bytes(Content):
    """Any bytes, none at all included."""

    medium = "bytes"

    def read(self, body: bytes) -> bytes:
        """Give the body."""
        return body
