"""docs/conformance.md: the counts, and what became of each document."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.conformance.judging import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.conformance.judging import Row

PAGE: Final = Path(__file__).parents[2] / "docs" / "conformance.md"

_INTRODUCTION: Final = """\
# Real documents

`make conformance` writes this page. It takes every document of a corpus of AsyncAPI documents from public repositories
whose servers or bindings name Kafka or AMQP, with no option but `--package`. For each there must be

- **served**: a package that imports, in which `mypy --strict` finds nothing, and which, on a broker in memory, handles
  valid payloads of every message that it receives, bare and in both spellings of python-cqrs' envelope, dead-letters
  broken ones, and sends valid payloads of every message that it sends; or
- **one reason, at its place,** why there is none: an error of the document, or that it has nothing that is generated.

Anything else is a defect of cqrs-gen.
"""


def page(rows: Sequence[Row]) -> str:
    """Give the text of the page; the same for the same rows."""
    return "\n".join([_INTRODUCTION, *_counts(rows), "## Document by document\n", *_table(rows), ""])


def line(row: Row) -> str:
    """Give what the table says of one document."""
    reason = row.reason.replace("|", "\\|").replace("<", "&lt;")
    return f"| `{row.document.path}` | {row.document.version} | {row.verdict.value} | {reason} |"


def _counts(rows: Sequence[Row]) -> Iterator[str]:
    verdicts = Counter(row.verdict for row in rows)
    yield from ("| what | documents |", "|---|---:|")
    yield from (f"| {verdict.value} | {verdicts[verdict]} |" for verdict in Verdict)
    yield f"| all | {len(rows)} |\n"
    for title, verdict in (
        ("Errors of documents, by rule; a document may have several", Verdict.WRONG),
        ("Nothing to generate: what is said of its operations", Verdict.NOTHING),
        ("What is not served of the documents that are, said of their operations", Verdict.SERVED),
    ):
        kinds = Counter(kind for row in rows if row.verdict is verdict for kind in row.kinds)
        yield from (f"| {title} | documents |", "|---|---:|")
        yield from (f"| {kind} | {count} |" for kind, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0])))
        yield ""


def _table(rows: Sequence[Row]) -> Iterator[str]:
    yield from ("| document | AsyncAPI | verdict | what is served, or why not |", "|---|---|---|---|")
    yield from map(line, rows)
