"""Diagnostics as text, character by character."""

from __future__ import annotations

import pytest

from cqrs_gen.diagnostics import Diagnostic, Rule, Severity
from cqrs_gen.report import as_text
from cqrs_gen.source import Location

ERROR = Rule("unresolved-ref", Severity.ERROR, "A reference leads to nothing.")
WARNING = Rule("no-payload", Severity.WARNING, "A message has no payload.")


def test_everything_a_diagnostic_has() -> None:
    diagnostic = Diagnostic(
        ERROR,
        Location("common.yaml", 14, 7),
        "message 'OrderPlaced' refers to a schema that does not exist",
        hint="did you mean 'Order'?",
        source_line="      $ref: '#/schemas/Ordr'",
        chain=(Location("orders.yaml", 3, 9), Location("messages.yaml", 8, 11)),
    )
    assert as_text([diagnostic]) == (
        "common.yaml:14:7: error: message 'OrderPlaced' refers to a schema that does not exist [unresolved-ref]\n"
        "          $ref: '#/schemas/Ordr'\n"
        "          ^\n"
        "    referenced from: messages.yaml:8:11\n"
        "    referenced from: orders.yaml:3:9\n"
        "    hint: did you mean 'Order'?\n"
        "1 error"
    )


def test_only_what_there_is() -> None:
    assert as_text([]) == ""
    assert as_text([Diagnostic(WARNING, Location("a.yaml", 1, 1), "wrong")]) == (
        "a.yaml:1:1: warning: wrong [no-payload]\n1 warning"
    )
    blank = Diagnostic(WARNING, Location("a.yaml", 1, 3), "wrong", source_line="  \t")
    assert as_text([blank]) == "a.yaml:1:3: warning: wrong [no-payload]\n1 warning"


@pytest.mark.parametrize(
    ("errors", "warnings", "summary"),
    [(2, 1, "2 errors, 1 warning"), (1, 2, "1 error, 2 warnings"), (0, 3, "3 warnings"), (4, 0, "4 errors")],
)
def test_the_last_line_counts(errors: int, warnings: int, summary: str) -> None:
    found = [Diagnostic(rule, Location("a.yaml", 1, 1), "m") for rule in [ERROR] * errors + [WARNING] * warnings]
    assert as_text(found).splitlines()[-1] == summary


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("\tkey:\tvalue", 7, "    \tkey:\tvalue", "    \t    \t^"),
        ("名前: x", 5, "    名前: x", "          ^"),
        ("e\u0301: x", 5, "    e\u0301: x", "       ^"),
        ("\x1b[2J: x", 7, "    \\x1b[2J: x", "             ^"),
        ("a\u202eb\u2028: x", 7, "    a\\u202eb\\u2028: x", " " * 20 + "^"),
        ("key:", 5, "    key:", "        ^"),
        ("key: ", 5, "    key:", "        ^"),
    ],
)
def test_the_caret_stands_under_the_column(line: str, column: int, shown: str, caret: str) -> None:
    text = as_text([Diagnostic(ERROR, Location("a.yaml", 1, column), "m", source_line=line)])
    assert text.split("\n")[1:3] == [shown, caret]


@pytest.mark.parametrize(
    ("column", "shown", "caret"),
    [
        (1, "    x" + "a" * 119 + "...", "    ^"),
        (501, "    ..." + "a" * 60 + "x" + "a" * 59 + "...", "    ...".replace(".", " ") + " " * 60 + "^"),
        (1000, "    ..." + "a" * 119 + "x", " " * 7 + " " * 119 + "^"),
        (1001, "    ..." + "a" * 120, " " * 7 + " " * 120 + "^"),
    ],
)
def test_a_long_line_is_cut_around_the_column(column: int, shown: str, caret: str) -> None:
    line = "a" * (column - 1) + "x" + "a" * (1000 - column) if column <= 1000 else "a" * 1000
    text = as_text([Diagnostic(ERROR, Location("a.json", 1, column), "m", source_line=line)])
    assert text.split("\n")[1:3] == [shown, caret]


def test_nothing_of_the_document_reaches_the_terminal_raw() -> None:
    hostile = "".join(map(chr, range(0x20))) + "\x7f\x9b\u200f\u202e\u2066\ufeff\ud800"
    place = Location(f"a{hostile}.yaml", 1, 1)
    text = as_text([Diagnostic(ERROR, place, hostile, hint=hostile, source_line=f"x{hostile}", chain=(place,))])
    assert all(character.isprintable() or character in "\n\t" for character in text)
    assert len(text.split("\n")) == 6
