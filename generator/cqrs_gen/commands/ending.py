"""How every command ends: exit codes, and what is said on the error stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from cqrs_gen.diagnostics import Severity
from cqrs_gen.report import as_text

if TYPE_CHECKING:
    from cqrs_gen.diagnostics import Diagnostic, Diagnostics

FINE: Final = 0
WRONG: Final = 1
"""The document has errors, `--check` found a difference, or somebody edited a generated file."""
USAGE: Final = 2
"""The command line, or a file that cannot be read or written."""
BUG: Final = 3
INTERRUPTED: Final = 130


def shown(diagnostics: Diagnostics, *, quiet: bool) -> list[Diagnostic]:
    """Give the diagnostics that the user sees, sorted; `quiet` leaves the warnings out."""
    return [one for one in diagnostics.sorted() if not quiet or one.rule.severity is Severity.ERROR]


def say(diagnostics: Diagnostics, *, quiet: bool) -> None:
    """Print the diagnostics for people."""
    found = shown(diagnostics, quiet=quiet)
    if found:
        click.echo(as_text(found), err=True)


def say_error(error: Exception) -> None:
    """Print what ended the run."""
    click.echo(f"cqrs-gen: error: {error}", err=True)
