"""YAML 1.2: the events of libyaml, with what scalars and keys mean decided here.

PyYAML's own constructors follow YAML 1.1: `on` is true, `010` is 8, the last of two equal keys wins.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from cqrs_gen.document.building import Mistake, Part, UnparsableError
from cqrs_gen.document.scalars import plain_value
from cqrs_gen.document.yaml_errors import WHOLE_CHARACTER, explain, refuse_unprintable
from cqrs_gen.rules import EMPTY_FILE, INVALID_ALIAS, NOT_JSON_DATA, SEVERAL_DOCUMENTS, SYNTAX_ERROR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cqrs_gen.document.building import Builder

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_CORE: Final = "tag:yaml.org,2002:"
_TYPES: Final[dict[str, type]] = {
    f"{_CORE}int": int,
    f"{_CORE}float": float,
    f"{_CORE}bool": bool,
    f"{_CORE}null": type(None),
}
_STRING_TAGS: Final = frozenset({"!", f"{_CORE}str"})

_BREAKS_OF_1_1: Final = "\x85\u2028\u2029"
"""Line breaks for libyaml, but ordinary characters in YAML 1.2."""
_PRIVATE_USE: Final = range(0xE000, 0xF900)

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_yaml(text: str, builder: Builder) -> None:
    """Read the one document of a YAML text. Raises `UnparsableError` where it is not YAML, or too much of it."""
    refuse_unprintable(text)
    used = [mark for mark in _BREAKS_OF_1_1 if mark in text]
    unused = (chr(code) for code in _PRIVATE_USE if chr(code) not in text)
    stand_ins = {mark: next(unused, mark) for mark in used}
    for mark, stand_in in stand_ins.items():
        text = text.replace(mark, stand_in)
    try:
        reader = _YamlReader(builder, {ord(stand_in): mark for mark, stand_in in stand_ins.items()})
        reader.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        raise UnparsableError(explain(error, text)) from None


class _Anchored(NamedTuple):
    part: Part
    key: str | None
    """What it is as a key; None for what cannot be one."""


class _YamlReader:
    """Hands the events of one text to a builder."""

    def __init__(self, builder: Builder, stand_ins: dict[int, str]) -> None:
        self._builder = builder
        self._stand_ins = stand_ins
        self._anchors: dict[str, _Anchored | None] = {}
        """None while the anchored value has not ended."""
        self._open: list[str | None] = []
        """The anchors of the open mappings and sequences."""

    def read(self, events: Iterable[Any]) -> None:
        is_empty = True
        documents = 0
        for event in events:
            line, column = event.start_mark.line + 1, event.start_mark.column + 1
            if isinstance(event, yaml.ScalarEvent):
                if is_empty and not event.value and not event.style:
                    continue
                self._scalar(event, line, column)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._begin(event, line, column)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._end()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event.anchor or "", line, column)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    message, hint = "a second document starts here", "keep each document in a file of its own"
                    raise UnparsableError(Mistake(SEVERAL_DOCUMENTS, line, column, message, hint))
            is_empty = is_empty and not isinstance(event, yaml.NodeEvent)
        if is_empty:
            raise UnparsableError(Mistake(EMPTY_FILE, 1, 1, "the file has nothing in it"))

    def _scalar(self, event: yaml.ScalarEvent, line: int, column: int) -> None:
        text: str = event.value.translate(self._stand_ins) if self._stand_ins else event.value
        if not text.isascii() and _SURROGATE.search(text):  # libyaml refuses them itself
            message = "this is not YAML: an escape stands for half of a character"
            raise UnparsableError(Mistake(SYNTAX_ERROR, line, column, message, WHOLE_CHARACTER))
        if self._builder.awaits_key:
            part = Part(text)
            if text == "<<" and not event.style and event.tag is None:
                self._builder.merge_key(line, column)
            else:
                self._builder.key(text, line, column)
        else:
            part = Part(self._value(text, event, line, column))
            self._builder.add(part, line, column)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(part, text)

    def _value(self, text: str, event: yaml.ScalarEvent, line: int, column: int) -> Any:  # noqa: ANN401 - JSON data
        if event.tag in _STRING_TAGS or (event.tag is None and event.style):
            return text
        try:
            value = plain_value(text)
        except ValueError as error:
            self._builder.report(NOT_JSON_DATA, line, column, str(error))
            return None
        if event.tag == f"{_CORE}float" and type(value) is int:
            return float(value)
        if event.tag is not None and type(value) is not _TYPES.get(event.tag):
            self._report_tag(event.tag, f"{text!r}", line, column)
        return value

    def _begin(self, event: yaml.CollectionStartEvent, line: int, column: int) -> None:
        if self._builder.awaits_key:
            raise UnparsableError(Mistake(NOT_JSON_DATA, line, column, "a mapping or a sequence cannot be a key"))
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag is not None and event.tag not in {"!", f"{_CORE}{'map' if is_mapping else 'seq'}"}:
            self._report_tag(event.tag, "a mapping" if is_mapping else "a sequence", line, column)
        if is_mapping:
            self._builder.begin_mapping(line, column)
        else:
            self._builder.begin_sequence(line, column)
        self._open.append(event.anchor)
        if event.anchor is not None:
            self._anchors[event.anchor] = None

    def _end(self) -> None:
        part = self._builder.end()
        anchor = self._open.pop()
        # An anchor that was given again inside is the later one, and stays.
        if anchor is not None and self._anchors[anchor] is None:
            self._anchors[anchor] = _Anchored(part, None)

    def _alias(self, name: str, line: int, column: int) -> None:
        anchored = self._anchors.get(name)
        if anchored is None:
            message = f"there is no '&{name}' before the alias '*{name}'"
            hint = "a value that starts with '*' goes into quotes"
            if name in self._anchors:
                message, hint = f"the alias '*{name}' stands inside what it repeats", "use a '$ref' instead"
            raise UnparsableError(Mistake(INVALID_ALIAS, line, column, message, hint))
        if not self._builder.awaits_key:
            self._builder.add(anchored.part, line, column)
        elif anchored.key is not None:
            self._builder.key(anchored.key, line, column)
        else:
            raise UnparsableError(Mistake(NOT_JSON_DATA, line, column, "a mapping or a sequence cannot be a key"))

    def _report_tag(self, tag: str, what: str, line: int, column: int) -> None:
        shown = tag.replace(_CORE, "!!")
        message = f"the tag '{shown}' makes of {what} what JSON does not have"
        if tag in _TYPES:
            message = f"{what} is not what its tag '{shown}' says"
        self._builder.report(NOT_JSON_DATA, line, column, message, "remove the tag")
