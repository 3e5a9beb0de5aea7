"""Text of the document as code: whatever it says, it stays a literal, a docstring or a comment."""

from __future__ import annotations

import ast

import pytest

from cqrs_gen.python_text import comment, docstring, literal

HOSTILE = ('x"""\nimport os\n', "x\r\nimport os", "x\x0bimport os", "x\u2028import os", "\\", '"', "'", "\ud800", "{x}")


@pytest.mark.parametrize("text", [*HOSTILE, "# -*- coding: rot13 -*-", "coding=rot13.yaml"])
def test_a_comment_is_one_line_that_declares_nothing(text: str) -> None:
    code = f"# Generated from {comment(text)}.\nx = 1\n"
    assert [type(one).__name__ for one in ast.parse(code.encode()).body] == ["Assign"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_docstring_is_one(text: str) -> None:
    [statement] = ast.parse(docstring(text)).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_literal_is_what_it_says(text: str) -> None:
    assert ast.literal_eval(literal({"a": [text], text: (text, 1, None)})) == {"a": [text], text: (text, 1, None)}
