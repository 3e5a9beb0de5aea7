"""What handlers see around an event whose contract describes that: they write it down, tests read it.

A copy of this file lies beside the generated package, as one of the ledger does; so it imports nothing of ours.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_SEEN: Final = "seen.jsonl"


async def handle(event: Any, contract: Any) -> None:
    """Note headers, key and correlation id of an event, with the types that they have."""
    message, headers = contract.current_message(), contract.headers_of(type(event))
    key = repr(contract.key_of(type(event))) if hasattr(message, "key") else None
    seen = {name: repr(value) for name, value in headers if value is not None}
    _write(json.dumps({"headers": seen, "key": key, "correlation_id": message.correlation_id}))


def seen_in(folder: Path) -> list[dict[str, Any]]:
    """Give what handlers noted in a folder."""
    file = folder / _SEEN
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def _write(line: str) -> None:
    with Path(_SEEN).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
