"""What went wrong, in one line that fits a header and a log and never repeats a payload."""

from __future__ import annotations

import re
from pathlib import PurePath
from traceback import walk_tb
from typing import Final

from pydantic import ValidationError

from .bad_input import joined, problems

_LIMIT: Final = 1000
_PACKAGE: Final = __name__.partition(".contract.")[0]
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def one_line(text: str) -> str:
    """Give a text without control characters and line breaks, cut where it gets too long for a header."""
    line = _UNPRINTABLE.sub(" ", text).strip()
    return line if len(line) <= _LIMIT else line[: _LIMIT - 3] + "..."


def text_of(error: BaseException) -> str:
    """Give the text of an exception in one line; of pydantic's without the input that its own text repeats."""
    if isinstance(error, ValidationError):
        return one_line(joined(problems(error, frozenset())))
    try:
        return one_line(str(error))
    except BaseException:  # noqa: BLE001 - an exception of other people that cannot be shown
        return ""


def describe(error: BaseException) -> str:
    """Give type and text of an exception in one line."""
    kind, text = type(error).__name__, text_of(error)
    if not text or text.startswith(kind):  # aiokafka's say it themselves
        return text or kind
    return f"{kind}: {text}"


def describe_with_place(error: BaseException) -> str:
    """Give type and text of an exception in one line; where it left what people wrote, and where it was raised."""
    own = place = ""
    for frame, line in walk_tb(error.__traceback__):
        place = f"{PurePath(frame.f_code.co_filename).name}:{line}"
        own = place if _is_own(str(frame.f_globals.get("__name__"))) else own
    places = dict.fromkeys(each for each in (own, place) if each)
    return f"{describe(error)} ({', '.join(places)})" if places else describe(error)


def _is_own(module: str) -> bool:
    """Whether a module is one of those that people write."""
    return module.startswith(f"{_PACKAGE}.") and not module.startswith(f"{_PACKAGE}.contract.")
