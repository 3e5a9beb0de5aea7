"""Judges documents: what a package of each must do, or why there is none."""

from __future__ import annotations

import enum
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from tests.conformance.delivering import deliver
from tests.conformance.generating import run_generator
from tests.conformance.typing import type_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.conformance.documents import Listed
    from tests.conformance.generating import Run

_NOTHING: Final = "nothing-to-generate"


class Verdict(enum.Enum):
    """What became of a document."""

    SERVED = "served"
    NOTHING = "nothing to generate"
    WRONG = "error of the document"
    DEFECT = "defect of cqrs-gen"


@dataclass(frozen=True)
class Row:
    """What became of one document, and why."""

    document: Listed
    verdict: Verdict
    reason: str
    """Of `SERVED`, what is; else why not, with its place."""
    kinds: tuple[str, ...]
    """What to count: rules, or the reasons why operations are not served."""


def judge(documents: Sequence[Listed], folder: Path, *, jobs: int, tell: Callable[[Row], None]) -> list[Row]:
    """Judge documents, `jobs` at a time; packages go into `folder`. `tell` is called with each row when it is known.

    Types are checked last, all packages in one run, so a row may come again as a defect.
    """
    packages = folder / "packages"
    packages.mkdir()
    names = [f"document_{number:03}" for number, _ in enumerate(documents)]

    def judge_one(document: Listed, name: str) -> Row:
        row = _row(document, run_generator(document, packages, name))
        if row.verdict is Verdict.SERVED:
            row = _delivered(row, folder / name, name)
        tell(row)
        return row

    with ThreadPoolExecutor(jobs) as executor:
        rows = list(executor.map(judge_one, documents, names))
    served = [name for name, row in zip(names, rows, strict=True) if row.verdict is Verdict.SERVED]
    wrong = type_errors(packages, served) if served else {}
    for number, name in enumerate(names):
        if name in wrong:
            rows[number] = _defect(rows[number], f"mypy: {wrong[name][0]}")
            tell(rows[number])
    return rows


def _row(document: Listed, run: Run) -> Row:
    if run.defect is not None:
        return Row(document, Verdict.DEFECT, run.defect, ())
    reasons = tuple(sorted({one.reason for one in run.operations if one.reason}))
    if not run.errors:
        served = sum(one.served for one in run.operations)
        reason = f"{served} of {_count(len(run.operations), 'operation')}"
        return Row(document, Verdict.SERVED, reason, reasons)
    first = run.errors[0]
    if first["rule"] == _NOTHING:
        reasons = reasons or ("has no operations",)
        return Row(document, Verdict.NOTHING, _located(document, first, "; ".join(reasons)), reasons)
    others = f" (and {len(run.errors) - 1} more)" if len(run.errors) > 1 else ""
    kinds = tuple(sorted({error["rule"] for error in run.errors}))
    return Row(document, Verdict.WRONG, _located(document, first, first["message"]) + others, kinds)


def _located(document: Listed, error: dict[str, Any], text: str) -> str:
    """Put the place in front: a file only where it is not the document."""
    file = "" if error["file"] == document.path else error["file"].rpartition("/")[2] + ":"
    return f"{file}{error['line']}:{error['column']} {error['rule']}: {text}"


def _delivered(row: Row, folder: Path, name: str) -> Row:
    folder.mkdir()
    done = deliver(row.document.folder / row.document.path, folder, name)
    if done.wrong is not None or not done.handled + done.sent:
        return _defect(row, done.wrong or "none of its messages was handled or sent")
    return replace(row, reason=f"{row.reason}; {_count(done.handled, 'message')} handled, {done.sent} sent")


def _defect(row: Row, reason: str) -> Row:
    return replace(row, verdict=Verdict.DEFECT, reason=reason, kinds=())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
