"""What a run did: the closing table and the next step to take, or the same as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cqrs_gen.tables import as_table, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cqrs_gen.pipeline import Generation
    from cqrs_gen.plan.views import PackageView


@dataclass(frozen=True)
class EventRow:
    """What became of a message that an operation receives."""

    channel: str
    """The address."""
    operation: str
    message: str
    event: str
    handler: str
    """The handler's file, from the output folder."""
    state: str
    """`created`, `kept`, or `to create` where nothing was written."""


@dataclass(frozen=True)
class PublisherRow:
    """What became of a message that an operation sends."""

    channel: str
    """The address."""
    protocol: str
    message: str
    function: str
    """In `contract/publishers.py`."""


@dataclass(frozen=True)
class Summary:
    """What a run did, or would do; docs/json.md describes the fields. Paths are relative to the output folder."""

    package: str | None = None
    written: bool = False
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    changed: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    events: tuple[EventRow, ...] = ()
    publishers: tuple[PublisherRow, ...] = ()
    next: tuple[str, ...] = ()


def summarize(generation: Generation | None, output: Path, *, is_written: bool) -> Summary:
    """Sum up a run that writes into the folder `output`; None is one that errors of the document ended."""
    if generation is None:
        return Summary(files=_files({}))
    view, changes = generation.view, generation.changes
    report = changes.report
    created = set(map(str, report.created))
    return Summary(
        package=view.package,
        written=is_written,
        files=_files({name: tuple(map(str, paths)) for name, paths in vars(report).items()}),
        changed=tuple(sorted(str(change.path) for change in changes.files if change.has_effect)),
        edited=tuple(sorted(str(change.path) for change in changes.edited)),
        events=tuple(_events(view, created, "created" if is_written else "to create")),
        publishers=tuple(PublisherRow(one.address, one.protocol, one.event_name, one.name) for one in view.publishers),
        next=tuple(_next_steps(view, output, created)),
    )


def summary_text(summary: Summary) -> str:
    """Give the closing table and what follows it."""
    files = summary.files
    would = "" if summary.written else "would be "
    cells = [(one.channel, one.operation, one.message, one.event, one.handler, one.state) for one in summary.events]
    counts = [f"{len(files[done])} {would}{done}" for done in ("created", "updated", "removed")]
    counts.append(f"{len(files['unchanged']) + len(files['kept'])} kept")
    lines = [
        f"{summary.package}: {', '.join(counts)}",
        *(
            f"{orphan}: no event of the contract has this handler any more; the file is yours to delete"
            for orphan in files["orphaned"]
        ),
        *([f"Next: {'; '.join(summary.next)}"] if summary.written else []),
    ]
    tables = as_table(("Channel", "Operation", "Message", "Event", "Handler", ""), cells) if cells else ""
    if summary.publishers:
        sent = [(one.channel, one.protocol, one.message, one.function) for one in summary.publishers]
        tables += as_table(("Channel", "Protocol", "Message", "Publisher"), sent)
    return tables + "".join(f"{printable(line)}\n" for line in lines)


def _files(paths: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: paths.get(name, ()) for name in ("created", "updated", "unchanged", "kept", "removed", "orphaned")}


def _events(view: PackageView, created: set[str], new: str) -> Iterator[EventRow]:
    events = {event.name: event for event in view.handled}
    for broker in view.brokers:
        for subscriber in broker.subscribers:
            for source in subscriber.sources:
                for name, operation in source.operations.items():
                    event = events[name]
                    path = _handler(view, event.handler_module)
                    state = new if path in created else "kept"
                    yield EventRow(source.address, operation, event.event_name, event.name, path, state)


def _next_steps(view: PackageView, output: Path, created: set[str]) -> Iterator[str]:
    new = [path for event in view.handled if (path := _handler(view, event.handler_module)) in created]
    if new or f"{view.package}/app.py" in created:
        yield f"pip install -r {output / view.package / 'contract' / 'requirements.txt'}"
    if new:
        more = f" and {len(new) - 1} more" if len(new) > 1 else ""
        yield f"fill in {output / new[0]}{more}"
    if output != Path():
        yield f"cd {output}"
    command = f"python -m {view.package}"
    for protocol in view.protocols:
        if protocol.setup:
            yield f"{command} {protocol.setup}"
    yield command


def _handler(view: PackageView, module: str) -> str:
    return f"{view.package}/handlers/{module}.py"
