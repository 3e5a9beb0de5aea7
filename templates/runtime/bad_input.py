"""Why a body is refused, in words that never repeat what it holds: they are logged and written to dead letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from pydantic import ValidationError

_SHOWN: Final = 5
_QUOTING: Final = {
    "union_tag_invalid": "Input should name one of the types of the contract",
    "uuid_parsing": "Input should be a valid UUID",
}
"""Kinds of errors whose own text quotes the input, and what is said instead."""


class BadInput(ValueError):  # noqa: N818 - it says what the input is, not that something failed
    """The body is not what the contract describes."""


class NotJson(BadInput):
    """The body is no JSON text, or one that says two things at once."""


class NotText(BadInput):
    """The body is no text in UTF-8."""


class NotFramed(BadInput):
    """The body has no id of a schema in front, which the contract wants there."""


class NotAvro(BadInput):
    """The body is not what the Avro schema describes, or more than that."""


class InvalidPayload(BadInput):
    """The body is well formed and not what its schema allows, for each of `problems`."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(joined(problems))
        self.problems = problems


class UnknownMessage(BadInput):
    """The body is none of the messages of its channel."""


class AmbiguousMessage(BadInput):
    """The body may be several messages of its channel."""


class InvalidParameter(BadInput):
    """A parameter in the address is none that the contract allows."""


class InvalidHeaders(BadInput):
    """The headers are not what their schema allows."""


class InvalidKey(BadInput):
    """The key is not what its schema allows."""


class UnsupportedContent(BadInput):
    """The content type, or the message that it names, cannot be decoded by this service."""


def problems(error: ValidationError, names: AbstractSet[str]) -> list[str]:
    """Say what is wrong and where; of a place only the `names` that the schema knows, the rest is the sender's."""
    texts: list[str] = []
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        steps = [str(step) if isinstance(step, int) or step in names else "*" for step in detail["loc"]]
        text = _QUOTING.get(detail["type"], detail["msg"])
        texts.append(f"{'.'.join(steps)}: {text}" if steps else text)
    return texts


def joined(problems: Sequence[str], shown: int = _SHOWN) -> str:
    """Give the first problems in one text, and how many more there are."""
    more = len(problems) - shown
    return "; ".join([*problems[:shown], *([f"and {more} more"] if more > 0 else [])])
