"""JSON (RFC 8259) with the place of every value. libyaml cannot stand in: it refuses tabs and pairs of surrogates."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from cqrs_gen.document.building import Mistake, Part, UnparsableError
from cqrs_gen.document.scalars import number
from cqrs_gen.rules import EMPTY_FILE, NOT_JSON_DATA, SYNTAX_ERROR
from cqrs_gen.source import LINE_ENDING

if TYPE_CHECKING:
    from cqrs_gen.document.building import Builder

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r'([{}\[\],:])|(?P<string>"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9.])|(?P<word>-?[A-Za-z]+)"
)
_WORDS: Final = {"true": True, "false": False, "null": None}
_NO_NUMBERS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_STRING, _NUMBER, _WORD, _END = "string", "number", "word", "end"
_PROBLEMS: Final = {
    '"': ("this text does not end on its line", "it ends with '\"'; a line break in it is written '\\n'"),
    "'": ("a text goes into double quotes", None),
    "/": ("JSON has no comments", None),
    "#": ("JSON has no comments", None),
}


def read_json(text: str, builder: Builder) -> None:
    """Read a JSON text. Raises `UnparsableError` where it is none."""
    _JsonReader(text, builder).read()


class _Token(NamedTuple):
    kind: str
    """One of the names above; for a mark the mark itself."""
    text: str
    line: int
    column: int


class _JsonReader:
    """Hands the tokens of one text to a builder."""

    def __init__(self, text: str, builder: Builder) -> None:
        self._text = text
        self._builder = builder
        self._offset = 0
        self._line = 0
        self._line_starts = [0, *(ending.end() for ending in LINE_ENDING.finditer(text)), len(text) + 1]
        self._closing: list[str] = []
        """The marks that end what is open, the innermost last."""
        self._is_first = False
        """Whether nothing stands in the innermost yet."""

    def read(self) -> None:
        first = self._next()
        if first.kind == _END:
            raise UnparsableError(Mistake(EMPTY_FILE, 1, 1, "the file has nothing in it"))
        self._value(first)
        while self._closing:
            self._member(self._closing[-1])
        last = self._next()
        if last.kind != _END:
            raise _unexpected(last, "the end of the file")

    def _member(self, closing: str) -> None:
        """Read one member or element with the comma before it, or the end of the innermost."""
        token = self._next()
        if token.kind == closing:
            self._builder.end()
            self._closing.pop()
            self._is_first = False
            return
        if not self._is_first:
            self._expect(token, ",", f"',' or '{closing}'")
            token = self._next()
            if token.kind == closing:
                message = f"this is not JSON: no ',' may stand before '{closing}'"
                raise UnparsableError(Mistake(SYNTAX_ERROR, token.line, token.column, message))
        self._is_first = False
        if closing == "}":
            self._expect(token, _STRING, "a key in double quotes")
            self._builder.key(_string(token), token.line, token.column)
            self._expect(self._next(), ":", "':'")
            token = self._next()
        self._value(token)

    def _value(self, token: _Token) -> None:
        kind, text, line, column = token
        if kind == "{":
            self._builder.begin_mapping(line, column)
            self._begin("}")
        elif kind == "[":
            self._builder.begin_sequence(line, column)
            self._begin("]")
        elif kind == _STRING:
            self._builder.add(Part(_string(token)), line, column)
        elif kind == _NUMBER:
            self._builder.add(Part(self._number(token)), line, column)
        elif text in _WORDS:
            self._builder.add(Part(_WORDS[text]), line, column)
        elif text in _NO_NUMBERS:
            self._builder.report(NOT_JSON_DATA, line, column, f"{text} is not a number that JSON has")
            self._builder.add(Part(None), line, column)
        else:
            raise _unexpected(token, "a value")

    def _begin(self, closing: str) -> None:
        self._closing.append(closing)
        self._is_first = True

    def _number(self, token: _Token) -> float | None:
        try:
            return number(token.text)
        except ValueError as error:
            self._builder.report(NOT_JSON_DATA, token.line, token.column, str(error))
            return None

    def _expect(self, token: _Token, kind: str, expected: str) -> None:
        if token.kind != kind:
            raise _unexpected(token, expected)

    def _next(self) -> _Token:
        space = _SPACE.match(self._text, self._offset)
        start = space.end() if space else self._offset
        while self._line_starts[self._line + 1] <= start:
            self._line += 1
        line, column = self._line + 1, start - self._line_starts[self._line] + 1
        if start == len(self._text):
            return _Token(_END, "", line, column)
        match = _TOKEN.match(self._text, start)
        if match is None:
            character = self._text[start]
            message, hint = _PROBLEMS.get(character, (f"no value in JSON starts like this: {character!r}", None))
            raise UnparsableError(Mistake(SYNTAX_ERROR, line, column, f"this is not JSON: {message}", hint))
        self._offset = match.end()
        return _Token(match.lastgroup or match.group(), match.group(), line, column)


def _string(token: _Token) -> str:
    if "\\" not in token.text:
        return token.text[1:-1]
    try:
        text: str = json.loads(token.text)
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg}"
        raise UnparsableError(Mistake(SYNTAX_ERROR, token.line, token.column + error.pos, message)) from None
    if _SURROGATE.search(text):
        message = "this is not JSON: the text has half of a character ('\\ud800' to '\\udfff' come in pairs)"
        raise UnparsableError(Mistake(SYNTAX_ERROR, token.line, token.column, message))
    return text


def _unexpected(token: _Token, expected: str) -> UnparsableError:
    found = token.text if len(token.text) <= 40 else f"{token.text[:40]}..."  # noqa: PLR2004 - enough to know it by
    shown = "the file ends" if token.kind == _END else f"{found} stands"
    message = f"this is not JSON: {shown} where {expected} is expected"
    return UnparsableError(Mistake(SYNTAX_ERROR, token.line, token.column, message))
