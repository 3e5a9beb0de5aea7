"""Write what the generator gives now into the golden cases: `python -m tests.golden.update [CASE ...]`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.golden.cases import Case, all_cases, run


def update(case: Case) -> None:
    """Run one case and keep what comes out, whether it is right or not."""
    with tempfile.TemporaryDirectory() as output:
        result = run(case, Path(output))
    if result.exit_code != case.exit_code:
        print(f"{case.name}: exit code {result.exit_code}, expected {case.exit_code}", file=sys.stderr)
    shutil.rmtree(case.folder / "expected", ignore_errors=True)
    for path, text in result.files.items():
        target = case.folder / "expected" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    diagnostics = case.folder / "diagnostics.txt"
    if result.diagnostics:
        diagnostics.write_bytes(result.diagnostics.encode())
    else:
        diagnostics.unlink(missing_ok=True)


if __name__ == "__main__":
    wanted = set(sys.argv[1:])
    for found in all_cases():
        if not wanted or found.name in wanted:
            update(found)
            print(f"{found.name}: updated")
