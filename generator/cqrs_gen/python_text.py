"""Text of the document as Python: the only ways it gets into generated code."""

from __future__ import annotations

import re
import textwrap
from typing import Final, TypeAlias

Literal: TypeAlias = "str | bool | int | float | tuple[Literal, ...] | list[Literal] | dict[str, Literal] | None"
"""What has a literal."""

_COOKIE: Final = re.compile(r"coding(?=[:=])")
"""What a comment on the first lines of a file may declare an encoding with (PEP 263)."""

LINE_LENGTH: Final = 120
"""Of generated code."""


def literal(value: Literal) -> str:
    """Give a Python literal: text of the document becomes code only through this."""
    if isinstance(value, tuple):
        return f"({', '.join(literal(element) for element in value)}{',' * (len(value) == 1)})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(member)}' for key, member in value.items())}}}"
    return repr(value)


def comment(text: str) -> str:
    """Give a text as a part of a comment: one line, which declares nothing."""
    return _COOKIE.sub("coding ", "".join(char if char.isprintable() else " " for char in text))


def docstring(text: str, indent: int = 0) -> str:
    """Give a docstring (PEP 257) of any text, wrapped to the line length; `indent` is the column it stands at."""
    printable = "".join(char if char.isprintable() or char == "\n" else " " for char in text.replace("\r\n", "\n"))
    escaped = printable.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"') or "Nothing is said of it."
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    first, *rest = escaped.split("\n")
    if first[-1] not in ".!?:`" and (not rest or not rest[0].strip()):
        first += "."
    width = LINE_LENGTH - indent - (0 if rest else len('"""'))  # the quotes of a single line close on it
    lines = [line for paragraph in ['"""' + first, *rest] for line in _wrapped(paragraph.rstrip(), width)]
    if len(lines) == 1:
        return f'{lines[0]}"""'
    return "\n".join([lines[0], *(" " * indent + line if line else "" for line in lines[1:]), " " * indent + '"""'])


def _wrapped(line: str, width: int) -> list[str]:
    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
