"""docs/conformance.md says what the command that writes it finds, and that command finds what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.conformance.delivering import deliver
from tests.conformance.documents import Listed, listed
from tests.conformance.judging import Row, Verdict, judge
from tests.conformance.page import PAGE, line, page
from tests.conformance.typing import type_errors
from tests.corpus.documents import DOCUMENTS, corpus

if TYPE_CHECKING:
    from pathlib import Path

CHECKED: Final = ("rpc_server", "orders_with_reply", "spring_amqp", "adeo", "product_service", "stable_surface")
"""One or two of each verdict; all of them take some minutes."""


def test_rows_are_what_the_command_finds(tmp_path: Path) -> None:
    paths = {DOCUMENTS[name] for name in CHECKED}
    documents = [one for one in listed(corpus()) if one.path in paths]
    rows = judge(documents, tmp_path, jobs=2, tell=lambda _: None)
    assert {row.verdict for row in rows} == {Verdict.SERVED, Verdict.NOTHING, Verdict.WRONG}
    written = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line(row) for row in rows if line(row) not in written] == [], "run `make conformance`"
    assert len(rows) == len(CHECKED)


def test_every_document_that_names_kafka_or_amqp_has_a_row() -> None:
    rows = [text for text in PAGE.read_text(encoding="utf-8").splitlines() if text.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [document.path for document in listed(corpus())]


def test_no_document_is_a_defect() -> None:
    assert "| defect of cqrs-gen | 0 |\n" in PAGE.read_text(encoding="utf-8")


def test_the_page_counts_documents_by_verdict_and_kind(tmp_path: Path) -> None:
    told = [
        (Verdict.WRONG, ("invalid-ref", "wrong-type")),
        (Verdict.WRONG, ("wrong-type",)),
        (Verdict.NOTHING, ("sends",)),
        (Verdict.DEFECT, ()),
    ]
    rows = [
        Row(Listed(tmp_path, f"{n}.yaml", "3.0.0"), verdict, "a | <b>", kinds)
        for n, (verdict, kinds) in enumerate(told)
    ]
    written = page(rows).splitlines()
    counts = ["| served | 0 |", "| nothing to generate | 1 |", "| error of the document | 2 |", "| all | 4 |"]
    kinds = ["| wrong-type | 2 |", "| invalid-ref | 1 |", "| sends | 1 |", "| defect of cqrs-gen | 1 |"]
    assert [text for text in (*counts, *kinds) if text not in written] == []
    assert written[-1] == "| `3.yaml` | 3.0.0 | defect of cqrs-gen | a \\| &lt;b> |"


def test_types_are_checked(tmp_path: Path) -> None:
    for name, text in {"right": "x: int = 1\n", "wrong": "x: int = ''\n", "untyped": "def f(x): ...\n"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text, encoding="utf-8")
    found = type_errors(tmp_path, ["right", "wrong", "untyped"])
    assert found.keys() == {"wrong", "untyped"}
    assert "[assignment]" in found["wrong"][0]


def test_types_are_not_taken_for_right_where_mypy_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="absent"):
        type_errors(tmp_path, ["absent"])


def test_what_is_not_delivered_is_said(tmp_path: Path) -> None:
    document = tmp_path / "asyncapi.yaml"
    document.write_text("asyncapi: 3.0.0\ninfo: {title: Empty, version: 1.0.0}\nchannels: {}\n", encoding="utf-8")
    delivered = deliver(document, tmp_path, "empty")
    assert (delivered.handled, delivered.sent) == (0, 0)
    assert delivered.wrong is not None
    assert "nothing to generate" in delivered.wrong


def test_a_run_without_a_reason_is_a_defect(tmp_path: Path) -> None:
    [row] = judge([Listed(tmp_path, "absent.yaml", "3.0.0")], tmp_path, jobs=1, tell=lambda _: None)
    assert row.verdict is Verdict.DEFECT
    assert row.reason.startswith("exit code 2: ")
