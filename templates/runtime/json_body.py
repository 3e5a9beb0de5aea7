"""The body of a message as JSON text."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from .bad_input import NotJson

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_JSON: Final = frozenset({"application/json", "text/json", "application/octet-stream"})
"""Media types of a JSON body; `application/octet-stream` is what clients write that were not told."""


@lru_cache(maxsize=64)
def is_json(content_type: str) -> bool:
    """Whether a body of that content type is read as JSON."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type in _JSON or media_type.endswith("+json")


def parse(body: bytes) -> object:
    """Parse a body, for looking at it: integers beyond 64 bits are only nearly right.

    Raises `NotJson`, also for what parsers disagree about: a byte order mark, NaN, numbers that are infinite as a
    double, a member that comes twice in an object.
    """
    try:
        value: object = orjson.loads(body)
        # A member that orjson dropped took its colon along; an escaped colon is the one thing that brings some back.
        if orjson.dumps(value).count(b":") != body.count(b":") or (b"\\" in body and b"\\u003" in body):
            json.loads(body, object_pairs_hook=_unique)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError) as error:
        raise NotJson(str(error)) from None  # the cause would hold the body
    return value


def respell_integers(body: bytes, places: Iterable[tuple[int | str, ...]]) -> bytes | None:
    """Write numbers such as 1.0 at these places as integers, which they are for JSON Schema and not for pydantic.

    None when there are none. A place may hold names of types between its steps, as pydantic's have.
    """
    root = [json.loads(body)]
    found = False
    for place in places:
        holder, key = _follow(root, place)
        number = holder[key]
        if isinstance(number, float) and number.is_integer():
            holder[key] = int(number)
            found = True
    return json.dumps(root[0]).encode() if found else None


def _follow(root: Any, place: tuple[int | str, ...]) -> tuple[Any, int | str]:  # noqa: ANN401 - JSON of any kind
    holder: Any = root
    key: int | str = 0
    for step in place:
        inner: Any = holder[key]
        if step in _keys(inner):
            holder, key = inner, step
    return holder, key


def _keys(value: object) -> Container[object]:
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    return range(len(cast("list[object]", value))) if isinstance(value, list) else ()


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotJson("a member comes twice in one object")
    return members
