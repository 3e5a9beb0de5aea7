"""JSON that is looked at by itself, with no python-cqrs envelope around it."""

from __future__ import annotations

from typing import Any

from ..json_body import parse
from ..payload import Reader


class Json(Reader):
    """JSON behind something else."""

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a value of the type
        """Give the value; raises `NotJson`, and `InvalidPayload` for one that the schema refuses."""
        parse(body)  # for what it raises
        return super().read(body)
