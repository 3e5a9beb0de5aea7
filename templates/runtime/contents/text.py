"""A body that is a text, without quotes around it."""

from __future__ import annotations

from typing import Any, Final

import orjson

from ..bad_input import NotText
from ..payload import Content, Reader


class Text(Content):
    """Texts in UTF-8 whose type says what more is asked of them."""

    medium = "text"

    def __init__(self, type_: Any) -> None:  # noqa: ANN401 - any expression that pydantic takes for a type
        self._reader: Final = Reader(type_)

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a value of the type
        """Give the text; raises `NotText`, and `InvalidPayload` for one that the schema refuses."""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            raise NotText("the body is no UTF-8") from None  # the cause would hold the body
        return self._reader.read(orjson.dumps(text))  # in JSON, where a date and an enumeration are texts as well

    def write(self, payload: Any) -> bytes:  # noqa: ANN401 - as above
        """Give the text in UTF-8."""
        text: str = orjson.loads(self._reader.write(payload))
        return text.encode()
