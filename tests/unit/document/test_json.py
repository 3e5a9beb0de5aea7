"""JSON: what is read, and where it is said to be wrong."""

from __future__ import annotations

import time

import pytest

from cqrs_gen.document.building import MAX_DEPTH

from .conftest import Parsing


def test_every_value_and_key_has_its_place() -> None:
    parsing = Parsing('{\r\n\t"a/b": [true, {"c\\u0064": -1.5e3}],\r\n\t"": "é", "x": null\r\n}\r\n', "orders.json")
    assert parsing.file is not None
    assert parsing.data == {"a/b": [True, {"cd": -1500.0}], "": "é", "x": None}
    assert {pointer: tuple(place) for pointer, place in parsing.file.places.items()} == {
        "": (1, 1, 1, 1),
        "/a~1b": (2, 9, 2, 2),
        "/a~1b/0": (2, 10, 2, 10),
        "/a~1b/1": (2, 16, 2, 16),
        "/a~1b/1/cd": (2, 28, 2, 17),
        "/": (3, 6, 3, 2),
        "/x": (3, 16, 3, 11),
    }


@pytest.mark.parametrize("text", ['{\n\t"a": 1\n}', "  \n[\n\t1]", '"\\ud83d\\ude00"'])
def test_a_text_that_looks_like_json_is_read_as_json_first(text: str) -> None:
    assert Parsing(text, "orders.yaml").data in ({"a": 1}, [1], "😀")


def test_a_text_that_looks_like_json_may_still_be_yaml() -> None:
    assert Parsing("{a: 1, 'b': [yes, ], }", "orders.yaml").data == {"a": 1, "b": ["yes"]}


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ('{\n\t"a": 1,\n\t"b": "c" "d"\n}', (3, 11), "JSON"),
        ("{a: 1,\n b: [1, 2}\n", (2, 10), "YAML"),
    ],
)
def test_the_mistake_is_that_of_what_was_meant(text: str, place: tuple[int, int], kind: str) -> None:
    (found,) = Parsing(text, "orders.yaml").found
    assert found[:3] == (*place, "syntax-error")
    assert found[3].startswith(f"this is not {kind}: ")


def test_json_has_no_merging() -> None:
    assert Parsing('{"<<": {"a": 1}, "b": 2}').data == {"<<": {"a": 1}, "b": 2}


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("{", 1, 2, "the file ends where a key in double quotes is expected"),
        ("[1", 1, 3, "the file ends where ',' or ']' is expected"),
        ("[1\n2]", 2, 1, "2 stands where ',' or ']' is expected"),
        ('{"a" 1}', 1, 6, "1 stands where ':' is expected"),
        ('{"a":}', 1, 6, "} stands where a value is expected"),
        ("{a: 1}", 1, 2, "a stands where a key in double quotes is expected"),
        ("[1,]", 1, 4, "no ',' may stand before ']'"),
        ('{"a": 1,\n}', 2, 1, "no ',' may stand before '}'"),
        ("[1}", 1, 3, "} stands where ',' or ']' is expected"),
        ("[1] 2", 1, 5, "2 stands where the end of the file is expected"),
        ("[tru]", 1, 2, "tru stands where a value is expected"),
        ("[01]", 1, 2, "no value in JSON starts like this: '0'"),
        ("[1.]", 1, 2, "no value in JSON starts like this: '1'"),
        ("[+1]", 1, 2, "no value in JSON starts like this: '+'"),
        ("['a']", 1, 2, "a text goes into double quotes"),
        ('["a\tb"]', 1, 2, "this text does not end on its line"),
        ('["a\n"]', 1, 2, "this text does not end on its line"),
        ('["\\x"]', 1, 3, "Invalid \\escape"),
        ('["ab\\u12"]', 1, 6, "Invalid \\uXXXX escape"),
        ('["\\ud800"]', 1, 2, "the text has half of a character ('\\ud800' to '\\udfff' come in pairs)"),
        ("[1, // one\n2]", 1, 5, "JSON has no comments"),
        ("[\u00a01]", 1, 2, "no value in JSON starts like this: '\\xa0'"),
        (f"[1 {'x' * 50}]", 1, 4, f"{'x' * 40}... stands where ',' or ']' is expected"),
    ],
)
def test_a_syntax_error_has_its_place(text: str, line: int, column: int, message: str) -> None:
    (found,) = Parsing(text, "orders.json").found
    assert found[:3] == (line, column, "syntax-error")
    assert found[3] == f"this is not JSON: {message}"


def test_duplicate_keys_and_numbers_that_json_lacks_are_reported_all_at_once() -> None:
    text = f'{{"a": NaN,\n "a": [Infinity, -Infinity, 1e999, {"1" * 1001}]}}'
    assert Parsing(text, "orders.json").found == [
        (1, 7, "not-json-data", "NaN is not a number that JSON has", None),
        (2, 2, "duplicate-key", "the key 'a' stands twice in one mapping", "it is already on line 1"),
        (2, 8, "not-json-data", "Infinity is not a number that JSON has", None),
        (2, 18, "not-json-data", "-Infinity is not a number that JSON has", None),
        (2, 29, "not-json-data", "the number 1e999 is too large", None),
        (2, 36, "not-json-data", "the number has more than 1,000 digits", None),
    ]


@pytest.mark.parametrize("text", ["", " \r\n\t"])
def test_an_empty_file_is_an_error(text: str) -> None:
    assert Parsing(text, "orders.json").found == [(1, 1, "empty-file", "the file has nothing in it", None)]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a":[' * 100_000])
def test_nesting_has_a_limit(text: str) -> None:
    start = time.perf_counter()
    (found,) = Parsing(text, "orders.json").found
    assert time.perf_counter() - start < 1
    assert found[2:4] == ("document-too-large", f"values are nested more than {MAX_DEPTH} deep")


@pytest.mark.parametrize(
    "text", ['["' + "a" * 500_000, '["' + "\\n" * 250_000, "[" + "1" * 500_000, "[" + " " * 500_000]
)
def test_what_does_not_end_is_found_in_linear_time(text: str) -> None:
    start = time.perf_counter()
    assert Parsing(text, "orders.json").found
    assert time.perf_counter() - start < 1
