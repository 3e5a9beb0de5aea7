"""The documents of the corpus that name Kafka or AMQP."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_SERVED: Final = {"kafka", "kafka-secure", "amqp", "amqps"}


@dataclass(frozen=True)
class Listed:
    """A document as the index of the corpus lists it."""

    folder: Path
    """Where the paths of the index begin."""
    path: str
    version: str


def listed(corpus: Path) -> list[Listed]:
    """Give the documents whose servers or bindings name a protocol that is served, in the order of their paths."""
    with (corpus / "index.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return sorted(
        (
            Listed(corpus / "documents", row["path"], row["version"])
            for row in rows
            if _SERVED & set(re.split(r"[:,]", row["protocols"]))
        ),
        key=lambda one: one.path,
    )
