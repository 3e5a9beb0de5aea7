"""What holds for any data: it comes back as it was, and every place is where the value is written."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Parsing

_CHARACTERS = st.characters(exclude_categories=["Cs"])
_KEYS = st.text(_CHARACTERS, max_size=8)
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(_CHARACTERS),
)
_DATA = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(_DATA, st.sampled_from(["orders.json", "orders.yaml"]), st.sampled_from([None, 2, "\t"]), st.booleans())
def test_json_comes_back_as_it_was(data: Any, name: str, indent: int | str | None, ascii_only: bool) -> None:  # noqa: FBT001
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    parsing = Parsing(text, name)
    assert _typed(parsing.data) == _typed(data)
    _check_places(parsing, text)


@given(_DATA)
def test_yaml_comes_back_as_it_was(data: Any) -> None:
    # With everything in quotes and a tag where it is no text, both versions of YAML mean the same.
    text = yaml.safe_dump(data, default_style='"')
    assert _typed(Parsing(text).data) == _typed(data)


@given(st.text(), st.sampled_from(["orders.json", "orders.yaml"]))
def test_any_text_gives_data_or_says_why_not(text: str, name: str) -> None:
    _check_any(text.encode("utf-8", "replace").decode("utf-8"), name)


@given(st.text(alphabet=" \n\t\"'[]{}:,-?|>&*!%@#~<0.e\\ax"), st.sampled_from(["orders.json", "orders.yaml"]))
def test_any_text_of_marks_gives_data_or_says_why_not(text: str, name: str) -> None:
    _check_any(text, name)


def _check_any(text: str, name: str) -> None:
    parsing = Parsing(text, name)
    if parsing.file is None:
        assert parsing.found
        lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        assert all(1 <= line <= lines and column >= 1 for line, column, *_ in parsing.found)
    else:
        json.dumps(parsing.data, allow_nan=False)
        for pointer in parsing.file.places:
            assert parsing.file.places[pointer].line >= 1


def _check_places(parsing: Parsing, text: str) -> None:
    """Every pointer has a place, and what is written there is the value, or the key."""
    assert parsing.file is not None
    lines = text.split("\n")
    decoder = json.JSONDecoder()
    pending: list[tuple[str, Any]] = [("", parsing.data)]
    pointers = set()
    while pending:
        pointer, value = pending.pop()
        pointers.add(pointer)
        line, column, key_line, key_column = parsing.place(pointer)
        rest = "\n".join(lines[line - 1 :])[column - 1 :]
        assert decoder.raw_decode(rest)[0] == value
        if isinstance(value, dict):
            pending += [(f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", value[key]) for key in value]
            for key in value:
                place = parsing.place(f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
                assert decoder.raw_decode(lines[place[2] - 1][place[3] - 1 :])[0] == key
        elif isinstance(value, list):
            pending += [(f"{pointer}/{index}", element) for index, element in enumerate(value)]
        else:
            assert (key_line, key_column) <= (line, column)
    assert pointers == set(parsing.file.places)


def _typed(data: Any) -> Any:
    """Tell 1 from 1.0 and from true, which Python calls equal."""
    if isinstance(data, dict):
        return {key: _typed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_typed(value) for value in data]
    return (type(data), data)
