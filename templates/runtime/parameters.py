"""The parameters in the address that a message came by, as the contract describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from .bad_input import InvalidParameter, joined, problems

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .address import Address
    from .message import Message


class Parameters:
    """Reads the parameters of one address; `types` has the type of each, by its name."""

    def __init__(self, address: Address, types: Mapping[str, Any]) -> None:
        self._address: Final = address
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
