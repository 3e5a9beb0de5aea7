"""What is written as YAML reads as the same data."""

from __future__ import annotations

import string
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cqrs_gen.document.write_yaml import write_yaml
from tests.unit.document.conftest import Parsing

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"), include_characters="\n\t\x85"), max_size=12
) | st.text(string.digits + "+-.exob_:~ yYnN'\"#\n", max_size=6)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(DATA)
def test_reads_as_what_was_written(data: Any) -> None:
    assert Parsing(write_yaml({"data": data})).data == {"data": data}


@pytest.mark.parametrize(
    "text", ["1e3", "0o17", "0x1F", "on", "null", "~", "", "2020-01-01", "010", ".inf", "1_000", "<<"]
)
def test_texts_stay_texts_for_every_reader(text: str) -> None:
    written = write_yaml({"text": text, text: 1})
    assert Parsing(written).data == {"text": text, text: 1}
    assert yaml.safe_load(written)["text"] == text


def test_lines_are_written_as_lines() -> None:
    assert write_yaml({"text": "one\ntwo\n"}) == "text: |\n  one\n  two\n"


def test_what_is_there_twice_is_written_twice() -> None:
    shared = {"type": "string"}
    assert write_yaml({"a": shared, "b": shared}) == "a:\n  type: string\nb:\n  type: string\n"
