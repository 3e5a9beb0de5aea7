"""Judges the documents of the corpus in CQRS_GEN_SHARED and writes docs/conformance.md; 1 when anything is a defect."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.conformance.documents import listed
from tests.conformance.judging import Row, Verdict, judge
from tests.conformance.page import PAGE, line, page
from tests.corpus.documents import SHARED


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("parts", nargs="*", help="take only documents with one of these in their path; write no page")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many documents at a time")
    arguments = parser.parse_args()
    if not SHARED:
        parser.error("CQRS_GEN_SHARED has to name the folder with the corpus")
    documents = listed(Path(SHARED).resolve() / "corpus")
    parts = arguments.parts or [""]
    documents = [one for one in documents if any(part in one.path for part in parts)]
    began = perf_counter()
    with TemporaryDirectory() as folder:
        rows = judge(documents, Path(folder), jobs=arguments.jobs, tell=_tell)
    if not arguments.parts:
        PAGE.write_text(page(rows), encoding="utf-8")
    defects = sum(row.verdict is Verdict.DEFECT for row in rows)
    print(f"{len(rows)} documents in {perf_counter() - began:.0f} s, {defects} of them a defect")
    return 1 if defects else 0


def _tell(row: Row) -> None:
    print(line(row), flush=True)


if __name__ == "__main__":
    sys.exit(main())
