"""Diagnostics as people read them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from cqrs_gen.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.diagnostics import Diagnostic

_WIDTH: Final = 120
"""How much of a line of the document is shown; JSON often has everything on one."""
_INDENT: Final = "    "
_CUT: Final = "..."
_WIDE: Final = frozenset("WF")
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def as_text(diagnostics: Sequence[Diagnostic]) -> str:
    """Give diagnostics as text, in the order given, and how many there are; nothing for none.

    Whatever the document holds, only printable characters and tabs come out: a control character could rewrite what
    the terminal shows.
    """
    if not diagnostics:
        return ""
    return "\n".join([*map(_as_text, diagnostics), _summary(diagnostics)])


def _as_text(diagnostic: Diagnostic) -> str:
    rule = diagnostic.rule
    lines = [f"{diagnostic.location}: {rule.severity.value}: {diagnostic.message} [{rule.id}]"]
    lines += [f"{_INDENT}referenced from: {place}" for place in reversed(diagnostic.chain)]
    if diagnostic.hint is not None:
        lines.append(f"{_INDENT}hint: {diagnostic.hint}")
    shown = [_printable(line) for line in lines]
    return "\n".join([shown[0], *_excerpt(diagnostic.source_line, diagnostic.location.column), *shown[1:]])


def _excerpt(line: str, column: int) -> list[str]:
    """Give the line, cut around the column where it is long, and a caret under the column."""
    if not line.strip():
        return []
    start = max(0, min(column - 1 - _WIDTH // 2, len(line) - _WIDTH))
    before, after = line[start : column - 1], line[column - 1 : start + _WIDTH]
    opening, closing = _CUT if start else "", _CUT if start + _WIDTH < len(line) else ""
    text = f"{_INDENT}{opening}{_printable(before)}"
    return [f"{text}{_printable(after.rstrip())}{closing}", f"{_blank(text)}^"]


def _printable(text: str) -> str:
    return "".join(
        _escaped(character) if unicodedata.category(character) in _UNPRINTABLE else character for character in text
    )


def _escaped(character: str) -> str:
    return character if character == "\t" else character.encode("unicode_escape").decode("ascii")


def _blank(text: str) -> str:
    """Give as much white space as the text takes on a terminal; a tab stays one, as it is as wide there as above."""
    return "".join("\t" if character == "\t" else " " * _columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def _summary(diagnostics: Sequence[Diagnostic]) -> str:
    counts = [(sum(found.rule.severity is severity for found in diagnostics), severity.value) for severity in Severity]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counts if count)
