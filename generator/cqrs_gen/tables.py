"""Tables as text for standard output: as wide as the terminal, and in a pipe as wide as they need to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDE: Final = 10_000
"""Columns for a file or a pipe, which wrap nothing."""


def as_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table, with an empty line around it. Text of the document is never read as markup."""
    from rich import box  # noqa: PLC0415 - takes a while, and a run with --quiet or --check shows no table
    from rich.console import Console  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    with console.capture() as capture:
        console.print(table)
    text = capture.get()
    return text if console.is_terminal else "".join(f"{line.rstrip()}\n" for line in text.split("\n")[:-1])


def printable(text: str) -> str:
    """Give a text with blanks for what could rewrite what the terminal shows."""
    return "".join(char if char.isprintable() else " " for char in text)
