"""In what payloads are written; and values of one type, read strictly from JSON."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from .bad_input import InvalidPayload, NotJson, problems
from .json_body import parse, respell_integers

Medium: TypeAlias = Literal["json", "text", "bytes", "avro"]


class Content(ABC):
    """In what a payload is written, and how it is read."""

    medium: Medium
    """What the content type of a message has to say for it."""

    @abstractmethod
    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a payload is of any type
        """Give the payload that a body is; raises `BadInput`."""

    def write(self, payload: Any) -> bytes:  # noqa: ANN401 - as above
        """Give the body that is read as a payload; raises `InvalidPayload`."""
        raise NotImplementedError(f"{self.medium} is not sent")


class Reader(Content):
    """Reads the values of a type from JSON bytes, under the names of the contract and without converting anything."""

    medium = "json"

    def __init__(self, type_: Any) -> None:  # noqa: ANN401 - any expression that pydantic takes for a type
        self._adapter: Final[TypeAdapter[Any]] = TypeAdapter(type_)
        self._validate: Final = self._adapter.validator.validate_json

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - a value of the type
        """Give the value, or raise `InvalidPayload`."""
        try:
            return self._validate(body, strict=True, by_alias=True, by_name=False)
        except ValidationError as error:
            return self._read_respelled(body, error)

    def take(self, value: Any) -> Any:  # noqa: ANN401 - as above
        """Give the value that was decoded already, as Python has it, or raise `InvalidPayload`.

        A text becomes the member of an enumeration that it stands for: that is all there is to convert.
        """
        try:
            return self._adapter.validator.validate_python(value, strict=False, by_alias=True, by_name=False)
        except ValidationError as error:
            raise InvalidPayload(problems(error, self._names)) from None  # the cause would hold the body

    def write(self, payload: Any) -> bytes:  # noqa: ANN401 - as above
        """Write the members that the payload was made with, and read them as the receiver will."""
        try:
            written = self._adapter.dump_json(payload, by_alias=True, exclude_unset=True, warnings="error")
            given = to_json(self.members(payload, only_given=True), inf_nan_mode="constants")
        except ValueError:  # of pydantic, or of Python for an integer that is too long to write
            raise InvalidPayload(["it is of another type than the contract describes"]) from None
        try:
            parse(written)
        except NotJson as error:
            raise InvalidPayload([f"it makes no JSON that is read alike everywhere: {error}"]) from None
        if given != written and _plain(given) != _plain(written):
            raise InvalidPayload(
                ["it would change on the way: NaN, a boolean for a number, or a member that the model does not have"]
            )
        self.read(written)
        return written

    def members(self, payload: Any, *, only_given: bool = False) -> Any:  # noqa: ANN401 - as above
        """Give what a payload holds in types of Python, whatever its type has to say: also members of a subclass.

        With `only_given` without the members that it was not made with. Raises `InvalidPayload`.
        """
        try:
            return self._adapter.dump_python(
                payload, by_alias=True, exclude_unset=only_given, serialize_as_any=True, warnings="none"
            )
        except ValueError:  # it holds itself
            raise InvalidPayload(["it is of another type than the contract describes"]) from None

    def _read_respelled(self, body: bytes, error: ValidationError) -> Any:  # noqa: ANN401 - as above
        details = error.errors(include_url=False, include_context=False, include_input=False)
        if details[0]["type"] == "json_invalid":  # nested more deeply than pydantic reads
            raise NotJson(details[0]["msg"]) from None
        respelled = respell_integers(body, (detail["loc"] for detail in details))
        if respelled is not None:
            try:
                return self._validate(respelled, strict=True, by_alias=True, by_name=False)
            except ValidationError as second:
                error = second
        raise InvalidPayload(problems(error, self._names)) from None  # the cause would hold the body

    @cached_property
    def _names(self) -> frozenset[str]:
        """Every text in the schema: what is no part of it was made up by the sender."""
        names: set[str] = set()
        rest: list[object] = [self._adapter.core_schema]
        while rest:
            part = rest.pop()
            if isinstance(part, str):
                names.add(part)
            elif isinstance(part, dict):
                members = cast("dict[object, object]", part)
                rest += [*members.keys(), *members.values()]
            elif isinstance(part, (list, tuple)):
                rest += cast("list[object]", part)
        return frozenset(names)


def _plain(text: bytes) -> str:
    """Spell JSON so that 1 is 1.0 and not true."""
    return repr(json.loads(text, parse_int=float))
