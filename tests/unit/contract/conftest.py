"""Reading a contract that stands in the test."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cqrs_gen.contract.read import read
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cqrs_gen.contract.model import Contract, Message, Operation

HEAD3 = "asyncapi: 3.0.0\ninfo: {title: Orders, version: 1.0.0}\n"
"""Two lines, so that what follows starts at line 3."""
HEAD2 = "asyncapi: 2.6.0\ninfo: {title: Orders, version: 1.0.0}\n"


@dataclass(frozen=True)
class Outcome:
    """What reading a document gave."""

    contract: Contract | None
    found: list[str]
    """`line:column rule-id` of every diagnostic, with the file in front where it is not the root file."""
    messages: list[str]
    hints: list[str | None]

    @property
    def operations(self) -> dict[str, Operation]:
        """The operations of a contract that was read, by key."""
        assert self.contract is not None
        return {operation.key: operation for operation in self.contract.operations}

    @property
    def message(self) -> Message:
        """The only message of the only channel."""
        assert self.contract is not None
        (channel,) = self.contract.channels
        (message,) = channel.messages
        return message


@pytest.fixture
def read_text(tmp_path: Path) -> Callable[..., Outcome]:
    """Give a function that reads the text of a root file, and other files by name."""

    def read_document(text: str, head: str = HEAD3, /, **files: str) -> Outcome:
        for name, content in {"asyncapi": head + dedent(text).lstrip("\n"), **files}.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content), encoding="utf-8")
        diagnostics = Diagnostics()
        document = load([tmp_path / "asyncapi.yaml"], diagnostics, cwd=tmp_path)
        contract = read(document, diagnostics) if document is not None else None
        found = diagnostics.sorted()
        return Outcome(
            contract,
            [f"{str(each.location).removeprefix('asyncapi.yaml:')} {each.rule.id}" for each in found],
            [each.message for each in found],
            [each.hint for each in found],
        )

    return read_document
