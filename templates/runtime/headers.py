"""Headers as the contract describes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

import orjson

from .around import Around, argument_of, reader_of
from .bad_input import BadInput, InvalidHeaders, InvalidPayload, joined
from .message import CONTENT_TYPES, CORRELATION_IDS, RabbitMessage, current_message
from .payload import Reader
from .wire_values import as_json, json_types

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import BaseModel

    from .message import Message

HeadersT = TypeVar("HeadersT", bound="BaseModel")

_OF_NOBODY: Final = re.compile(
    r"x-(error|error-type|attempts|event-id|failed-at|part|(headers|key)-left-out|original-.+)"  # of a dead letter
    r"|traceparent|tracestate|baggage|b3|x-b3-.+"  # OpenTelemetry
    r"|(x-)?correlation[-_]?id|content[-_]?type|content-encoding|reply[-_]?to|message[-_]?id"  # clients
    r"|__(key_|content)?typeid__|spring_json_header_types"  # Spring
    r"|x-death|x-(first|last)-death-.+|x-delivery-count|x-acquired-count",  # RabbitMQ
    re.IGNORECASE,
)
"""Headers that no contract lists and that anybody may add: a schema that forbids others does not mean them."""


class Headers(Around[HeadersT]):
    """Reads the headers of a message as a model whose members they are; others are left out of it."""

    def __init__(self, model: type[HeadersT]) -> None:
        self._reader: Final = Reader(model)
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        self._members: Final = {
            name: (orjson.dumps(name) + b":", json_types(field.annotation)) for name, field in fields.items()
        }
        self._properties: Final = {name: property_ for name in fields if (property_ := _property(name))}
        self._is_closed: Final = model.model_config.get("extra") == "forbid"

    def _read(self, message: Message) -> HeadersT:
        values = self._values(message)
        if self._is_closed and any(name not in self._members and not _OF_NOBODY.fullmatch(name) for name in values):
            raise InvalidHeaders("a header that the contract does not allow")
        written: list[bytes] = []
        for name, (start, types) in self._members.items():
            if name in values:
                try:
                    written.append(start + as_json(values[name], types))
                except BadInput as refusal:
                    raise InvalidHeaders(f"{name}: {refusal}") from None
        try:
            headers: HeadersT = self._reader.read(b"{" + b",".join(written) + b"}")
        except InvalidPayload as refusal:
            raise InvalidHeaders(joined(refusal.problems)) from None
        return headers

    def _values(self, message: Message) -> Mapping[str, object]:
        """Give the last header of each name; in place of those that clients set as properties of AMQP, these."""
        if not isinstance(message, RabbitMessage):
            return dict(message.headers)
        properties = {name: getattr(message, property_) for name, property_ in self._properties.items()}
        given = {name: value for name, value in properties.items() if value is not None}
        return {**given, **message.amqp_headers}


class WithHeaders(Generic[HeadersT]):
    """An event whose messages have headers that the contract describes."""

    __slots__ = ()

    around: ClassVar[tuple[Any, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - whatever a class may be made with
        super().__init_subclass__(**options)
        cls.around = (*cls.around, Headers(argument_of(cls, WithHeaders)))


def headers_of(event: type[WithHeaders[HeadersT]]) -> HeadersT:
    """Give the headers of the message that is being handled, which became an `event`.

    TypeError for an event whose headers the contract does not describe, LookupError outside a handler.
    """
    reader: Headers[HeadersT] = reader_of(event, Headers)
    return reader.read(current_message())


def _property(name: str) -> str | None:
    """Give the property of AMQP that clients set instead of a header of that name."""
    if name in CORRELATION_IDS:
        return "correlation_id"
    return "content_type" if name.lower() in CONTENT_TYPES else None
