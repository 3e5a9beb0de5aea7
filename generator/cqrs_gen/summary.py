"""The closing table: what of the contract became what, and the next step to take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pathlib import PurePosixPath

    from cqrs_gen.pipeline import Generation
    from cqrs_gen.plan.views import PackageView


_WIDE: Final = 200
"""Columns for a file or a pipe, which wrap nothing."""


def print_summary(generation: Generation, output: Path, *, is_dry_run: bool) -> None:
    """Print to standard output, with paths below the folder `output`. Text of the document is never read as markup."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = _WIDE
    view, report = generation.view, generation.changes.report
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("Channel", "Operation", "Message", "Event", "Handler", ""):
        table.add_column(heading, overflow="fold")
    events = {event.name: event for event in view.events}
    for protocol in view.protocols:
        for subscriber in protocol.subscribers:
            for source in subscriber.sources:
                for name, operation in source.operations.items():
                    event = events[name]
                    path = f"{view.package}/handlers/{event.handler_module}.py"
                    state = _state(path, report.created, is_dry_run=is_dry_run)
                    row = (source.address, operation, event.event_name, event.name, path, state)
                    table.add_row(*(Text(_printable(cell)) for cell in row))
    console.print(table)
    would = "would be " if is_dry_run else ""
    console.print(
        f"{view.package}: {len(report.created)} {would}created, {len(report.updated)} {would}updated,"
        f" {len(report.removed)} {would}removed, {len(report.unchanged) + len(report.kept)} kept"
    )
    for orphan in report.orphaned:
        console.print(f"{orphan}: no event of the contract has this handler any more; the file is yours to delete")
    if not is_dry_run:
        console.print(_next_step(view, output, report.created))


def _state(path: str, created: tuple[PurePosixPath, ...], *, is_dry_run: bool) -> str:
    if path in map(str, created):
        return "to create" if is_dry_run else "created"
    return "kept"


def _next_step(view: PackageView, output: Path, created: tuple[PurePosixPath, ...]) -> str:
    command = f"python -m {view.package}"
    run = "; ".join([*(f"{command} {protocol.setup}" for protocol in view.protocols if protocol.setup), command])
    if output != Path():
        run = f"cd {output}; {run}"
    paths = [f"{view.package}/handlers/{event.handler_module}.py" for event in view.events]
    new = [path for path in paths if path in map(str, created)]
    if new:
        requirements = output / view.package / "contract" / "requirements.txt"
        more = f" and {len(new) - 1} more" if len(new) > 1 else ""
        return f"Next: pip install -r {requirements}; fill in {output / new[0]}{more}; {run}"
    return f"Next: {run}"


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
