"""Diagnostics, and whatever is printed with them, as programs read them. docs/json.md describes the fields."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cqrs_gen.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from cqrs_gen.diagnostics import Diagnostic


def as_json(told: Mapping[str, Any], diagnostics: Sequence[Diagnostic]) -> str:
    """Give one JSON object: what is told, then the diagnostics in the order given and how many there are.

    It is ASCII, so that it is the same in every locale and no control character of the document gets through.
    """
    counts = {f"{severity.value}s": _count(diagnostics, severity) for severity in Severity}
    return json.dumps({**told, **counts, "diagnostics": list(map(_as_object, diagnostics))}, indent=2)


def _count(diagnostics: Sequence[Diagnostic], severity: Severity) -> int:
    return sum(found.rule.severity is severity for found in diagnostics)


def _as_object(diagnostic: Diagnostic) -> dict[str, str | int | None]:
    return {
        "rule": diagnostic.rule.id,
        "severity": diagnostic.rule.severity.value,
        "file": diagnostic.location.file,
        "line": diagnostic.location.line,
        "column": diagnostic.location.column,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    }
