"""What is not YAML, said so that one can mend it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cqrs_gen.document.building import Mistake, UnparsableError
from cqrs_gen.rules import SYNTAX_ERROR
from cqrs_gen.source import LINE_ENDING

if TYPE_CHECKING:
    import yaml

WHOLE_CHARACTER: Final = "write the character itself, or '\\U' and its eight digits"

_HINTS: Final = {
    "mapping values are not allowed": "check the indentation; a value with ': ' in it goes into quotes",
    "cannot start any token": "indent with spaces; a value that starts with '@', '`' or '%' goes into quotes",
    "unexpected end of stream": "the quote that opens here is never closed",
    "Unicode character escape": WHOLE_CHARACTER,
    "could not find expected ':'": "a key ends with ': '; a text of several lines goes into quotes or after '|'",
    "expected alphabetic or numeric character": "a value that starts with '*' or '&' goes into quotes",
    "did not find expected key": "check the indentation, and quotes within quotes",
    "did not find expected '-' indicator": "check the indentation",
    "expected <block end>": "check the indentation, and quotes within quotes",
}
"""By what libyaml or PyYAML says."""

_FORBIDDEN: Final = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def refuse_unprintable(text: str) -> None:
    """Raise `UnparsableError` where a character stands that YAML does not allow (1.2, section 5.1)."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden is not None:
        line, column = _place(text, forbidden.start())
        message = f"the character U+{ord(forbidden.group()):04X} cannot stand in YAML"
        raise UnparsableError(Mistake(SYNTAX_ERROR, line, column, message))


def explain(error: yaml.MarkedYAMLError, text: str) -> Mistake:
    """Give what is wrong in a text that libyaml or PyYAML refused."""
    problem, begin = error.problem or "", error.context_mark
    mark = error.problem_mark or begin
    if begin is not None and "end of stream" in problem:
        mark = begin  # where the quote opens: that it has no end is seen only at the end of the file
    message = f"this is not YAML: {problem}"
    if begin is not None and mark is not None and begin.line < mark.line:
        message += f" {error.context} that starts on line {begin.line + 1}"
    hint = next((hint for part, hint in _HINTS.items() if part in problem), None)
    line, column = _place(text, len(text))
    if mark is not None and mark.line < line:  # libyaml sees one line more than there is
        line, column = mark.line + 1, mark.column + 1
    return Mistake(SYNTAX_ERROR, line, column, message, hint)


def _place(text: str, offset: int) -> tuple[int, int]:
    lines = LINE_ENDING.split(text[:offset])
    return len(lines), len(lines[-1]) + 1
