"""The parameters in the address that a message came by, as the contract describes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from .bad_input import InvalidParameter, joined, problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .address import Address
    from .message import Message


_ROUTING_KEY: Final = (re.compile(r"[^*#\x00-\x1f\x7f-\x9f\ud800-\udfff]+"), 255)
_TOPIC: Final = (re.compile(r"[A-Za-z0-9_-]+"), 249)
"""What a part of an address may be, and how many bytes the whole (AMQP 0-9-1: shortstr; Kafka: Topic.validate)."""


class Parameters:
    """Reads the parameters of one address; `types` has the type of each, by its name.

    The address is the name of a topic of Kafka, or a routing key of AMQP.
    """

    def __init__(self, address: Address, types: Mapping[str, Any], *, is_topic: bool = False) -> None:
        self._address: Final = address
        self._part, self._longest = _TOPIC if is_topic else _ROUTING_KEY
        self._adapters: Final = {name: TypeAdapter[Any](type_) for name, type_ in types.items()}

    def read(self, message: Message) -> dict[str, Any]:
        """Give the values of the address that a message came by. Raises `InvalidParameter`."""
        texts = self._address.parameters_in(message.address)
        if texts is None:
            raise InvalidParameter(f"the address is none of {self._address.template!r}")
        return {name: self._read(name, text) for name, text in texts.items()}

    def fill(self, values: Mapping[str, Any]) -> str:
        """Give the address in which these values stand for the parameters. Raises `InvalidParameter`."""
        texts = {name: self._text(name, value) for name, value in values.items()}
        address = self._address.filled(texts)
        if texts and self._address.parameters_in(address) != texts:
            raise InvalidParameter("a parameter is empty, or has a character that ends a part of an address")
        for name, text in texts.items():
            if not self._part.fullmatch(text):
                raise InvalidParameter(f"parameter {name!r}: it has a character that no such address can have")
        if texts and len(address.encode()) > self._longest:
            raise InvalidParameter(f"with its parameters the address is longer than {self._longest} bytes")
        return address

    def _text(self, name: str, value: Any) -> str:  # noqa: ANN401 - as below
        try:
            text = self._adapters[name].validate_python(value, strict=True)
        except ValidationError as error:
            raise InvalidParameter(f"parameter {name!r}: {joined(problems(error, frozenset()))}") from None
        return str(text).lower() if isinstance(text, bool) else str(text)

    def _read(self, name: str, text: str) -> Any:  # noqa: ANN401 - of the type that the contract describes
        try:
            return self._adapters[name].validate_strings(text)
        except ValidationError as error:
            raise InvalidParameter(f"parameter {name!r}: {joined(problems(error, frozenset()))}") from None
