"""YAML 1.2: what values mean, where they stand, and what is refused."""

from __future__ import annotations

import time

import pytest
import yaml

from cqrs_gen.document import yaml_text
from cqrs_gen.document.building import MAX_DEPTH

from .conftest import Parsing


@pytest.fixture(autouse=True, params=["CSafeLoader", "SafeLoader"])
def _loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything holds with libyaml and without it."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML has no libyaml here")
    monkeypatch.setattr(yaml_text, "_LOADER", getattr(yaml, request.param))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        *((text, None) for text in ("null", "Null", "NULL", "~", "")),
        *((text, text) for text in ("on", "off", "yes", "no", "Y", "n", "tRUE", "nULL", "none")),
        *((text, text) for text in ("2020-01-31", "2020-01-31T13:24:53Z", "1:30", "12:30:45")),
        *((text, text) for text in ("1_000", "0b11", "0o8", "0xg", "-0x1", "1e", ".", "-,", "+", "1.2.3", "e3", "٣")),
        *((text, text) for text in (":amqp", "http://localhost", "test-queue:_:[Handle,DefaultHandler]", "a#b")),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("1.0", 1.0),
        ("-.5", -0.5),
        ("5.", 5.0),
        ("+1.5E-2", 0.015),
        ("'1'", "1"),
        ('"true"', "true"),
        ("''", ""),
        ("|\n    text\n", "text\n"),
        ("!!str 1", "1"),
        ("! 1", "1"),
        ("!!int '3'", 3),
        ("!!float 3", 3.0),
        ("!!bool 'true'", True),
        ("!!null ''", None),
        ("!!map {}", {}),
        ("!!seq []", []),
        ('"\\u00e9\\U0001F600"', "é😀"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    data = Parsing(f"x: {text}\n").data
    assert data == {"x": value}
    assert type(data["x"]) is type(value)


def test_keys_are_what_is_written() -> None:
    text = "1: a\n1.0: b\ntrue: c\non: d\nnull: e\n'': f\n2020-01-01: g\n!!str 7: h\n&anchor k: *anchor\n"
    assert Parsing(text).data == {
        "1": "a",
        "1.0": "b",
        "true": "c",
        "on": "d",
        "null": "e",
        "": "f",
        "2020-01-01": "g",
        "7": "h",
        "k": "k",
    }
    assert Parsing("&a one: 1\nnested: {*a : 2}\n").data == {"one": 1, "nested": {"one": 2}}


def test_every_value_and_key_has_its_place() -> None:
    parsing = Parsing("# orders\nchannels:\n  a/b~c:\n    - one\n    - {two: 2}\n  empty:\nlast: |\n  text\n")
    assert parsing.file is not None
    assert {pointer: tuple(place) for pointer, place in parsing.file.places.items()} == {
        "": (2, 1, 2, 1),
        "/channels": (3, 3, 2, 1),
        "/channels/a~1b~0c": (4, 5, 3, 3),
        "/channels/a~1b~0c/0": (4, 7, 4, 7),
        "/channels/a~1b~0c/1": (5, 7, 5, 7),
        "/channels/a~1b~0c/1/two": (5, 13, 5, 8),
        "/channels/empty": (6, 9, 6, 3),
        "/last": (7, 7, 7, 1),
    }
    assert len(parsing.file.places) == 8
    for nowhere in ("/channels/none", "/last/0", "/channels/a~1b~0c/2", "/channels/a~1b~0c/x"):
        assert nowhere not in parsing.file.places


def test_columns_count_characters() -> None:
    assert Parsing("{é😀: ü, x: y}").place("/x") == (1, 12, 1, 9)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_counts_as_one(ending: str) -> None:
    parsing = Parsing(ending.join(["a: 1", "", "b:", "  c: 2", ""]))
    assert parsing.data == {"a": 1, "b": {"c": 2}}
    assert parsing.place("/b/c") == (4, 6, 4, 3)


def test_what_ends_a_line_in_yaml_1_1_only_is_text() -> None:
    parsing = Parsing("a: one\u2028two\u2029three\x85four # \u2028\nb: 'x\u2028y'\nc\u2028: 1\nd: \ue000\n")
    assert parsing.data == {"a": "one\u2028two\u2029three\x85four", "b": "x\u2028y", "c\u2028": 1, "d": "\ue000"}
    assert parsing.place("/b") == (2, 4, 2, 1)


def test_an_alias_stands_where_it_is_used_and_its_members_where_they_are_written() -> None:
    parsing = Parsing("base: &base\n  x: 1\nuse: *base\nagain:\n  - *base\n")
    assert parsing.data == {"base": {"x": 1}, "use": {"x": 1}, "again": [{"x": 1}]}
    assert parsing.place("/use") == (3, 6, 3, 1)
    assert parsing.place("/use/x") == (2, 6, 2, 3)
    assert parsing.place("/again/0") == (5, 5, 5, 5)
    assert parsing.place("/again/0/x") == (2, 6, 2, 3)


def test_an_anchor_can_be_given_again() -> None:
    assert Parsing("- &a 1\n- *a\n- &a [2, &a 3]\n- *a\n").data == [1, 1, [2, 3], 3]


def test_merged_members_give_way_to_what_is_written() -> None:
    parsing = Parsing(
        "one: &one {a: 1, b: 1}\n"
        "two: &two {b: 2, c: 2}\n"
        "merged:\n"
        "  c: 3\n"
        "  <<: [*one, *two]\n"
        "single:\n"
        "  <<: *one\n"
        "quoted: {'<<': *one}\n"
    )
    assert parsing.data == {
        "one": {"a": 1, "b": 1},
        "two": {"b": 2, "c": 2},
        "merged": {"a": 1, "b": 1, "c": 3},
        "single": {"a": 1, "b": 1},
        "quoted": {"<<": {"a": 1, "b": 1}},
    }
    assert parsing.place("/merged/a") == (1, 15, 1, 12)
    assert parsing.place("/merged/c") == (4, 6, 4, 3)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: {<<: 2}\n", (2, 9)),
        ("a: &a {}\nb:\n  <<: [*a, 2]\n", (3, 7)),
    ],
)
def test_only_mappings_can_be_merged(text: str, found: tuple[int, int]) -> None:
    message = "what '<<' merges is not a mapping"
    hint = "merge the alias of a mapping; a key that is really called '<<' goes into quotes"
    assert Parsing(text).found == [(*found, "invalid-alias", message, hint)]


def test_every_duplicate_key_is_reported_where_it_stands() -> None:
    text = "a: 1\nb: 2\na: {c: 1, 'c': 2}\n1: x\n'1': y\nd: &d {}\ne:\n  <<: *d\n  <<: *d\n"
    assert Parsing(text).found == [
        (3, 1, "duplicate-key", "the key 'a' stands twice in one mapping", "it is already on line 1"),
        (3, 11, "duplicate-key", "the key 'c' stands twice in one mapping", "it is already on line 3"),
        (5, 1, "duplicate-key", "the key '1' stands twice in one mapping", "it is already on line 4"),
        (9, 3, "duplicate-key", "the key '<<' stands twice in one mapping", "write `<<: [*one, *other]`"),
    ]


def test_what_json_cannot_hold_is_refused_all_at_once() -> None:
    digits = "9" * 1001
    text = f"a: .nan\nb: -.Inf\nc: 1e999\nd: {digits}\ne: !!binary xx\nf: !!bool x\ng: !Ref [1]\nh: !!set {{}}\n"
    assert Parsing(text).found == [
        (1, 4, "not-json-data", ".nan is not a number that JSON has", None),
        (2, 4, "not-json-data", "-.Inf is not a number that JSON has", None),
        (3, 4, "not-json-data", "the number 1e999 is too large", None),
        (4, 4, "not-json-data", "the number has more than 1,000 digits", None),
        (5, 4, "not-json-data", "the tag '!!binary' makes of 'xx' what JSON does not have", "remove the tag"),
        (6, 4, "not-json-data", "'x' is not what its tag '!!bool' says", "remove the tag"),
        (7, 4, "not-json-data", "the tag '!Ref' makes of a sequence what JSON does not have", "remove the tag"),
        (8, 4, "not-json-data", "the tag '!!set' makes of a mapping what JSON does not have", "remove the tag"),
    ]


@pytest.mark.parametrize("text", ["? [a]\n: b\n", "? {a: 1}\n: b\n", "a: 1\n? - b\n: c\n"])
def test_only_scalars_can_be_keys(text: str) -> None:
    (found,) = Parsing(text).found
    assert found[2:] == ("not-json-data", "a mapping or a sequence cannot be a key", None)


def test_an_alias_of_a_mapping_cannot_be_a_key() -> None:
    found = (2, 5, "not-json-data", "a mapping or a sequence cannot be a key", None)
    assert Parsing("a: &a {}\nb: {*a : 1}\n").found == [found]


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ("a: b: c\n", 1, 5, "check the indentation; a value with ': ' in it goes into quotes"),
        ("a: 1\n b: 2\n", 2, 3, "check the indentation; a value with ': ' in it goes into quotes"),
        ("a:\n\tb: 1\n", 2, 1, "indent with spaces; a value that starts with '@', '`' or '%' goes into quotes"),
        ("a: @b\n", 1, 4, "indent with spaces; a value that starts with '@', '`' or '%' goes into quotes"),
        ("a: 1\nb: 'x\nc: 2\n", 2, 4, "the quote that opens here is never closed"),
        ("topic: *\n", 1, 9, "a value that starts with '*' or '&' goes into quotes"),
        ('a: "it\'s "x"\n', 1, 11, "check the indentation, and quotes within quotes"),
        ("a: {b: 1", 1, 9, None),
        ("a: [1, 2\nb: 3\n", 2, 2, None),
        ("a: one\x07\n", 1, 7, None),
    ],
)
def test_a_syntax_error_has_its_place(text: str, line: int, column: int, hint: str | None) -> None:
    (found,) = Parsing(text).found
    assert found[:3] == (line, column, "syntax-error")
    assert found[4] == hint


def test_a_syntax_error_says_where_it_began() -> None:
    (found,) = Parsing("a:\n  - x\n  b: y\n").found
    assert found[:2] == (3, 3)
    assert found[3].startswith("this is not YAML: ")
    assert found[3].endswith(" while parsing a block collection that starts on line 2")


def test_half_characters_are_refused() -> None:
    (found,) = Parsing('a: "\\ud83d"\n').found
    assert found[0] == 1
    assert found[2] == "syntax-error"
    assert found[4] == "write the character itself, or '\\U' and its eight digits"


def test_an_alias_needs_its_anchor_before_it() -> None:
    message, hint = "there is no '&b' before the alias '*b'", "a value that starts with '*' goes into quotes"
    assert Parsing("a: *b\nb: &b 1\n").found == [(1, 4, "invalid-alias", message, hint)]


def test_an_alias_cannot_repeat_itself() -> None:
    message = "the alias '*a' stands inside what it repeats"
    assert Parsing("a: &a\n  - 1\n  - {b: *a}\n").found == [
        (3, 9, "invalid-alias", message, "use a '$ref' instead"),
    ]


@pytest.mark.parametrize("text", ["", " \n\n", "# nothing\n", "---\n", "---\n...\n", "%YAML 1.2\n---\n"])
def test_an_empty_file_is_an_error(text: str) -> None:
    assert Parsing(text).found == [(1, 1, "empty-file", "the file has nothing in it", None)]


@pytest.mark.parametrize("text", ["null", "~", "--- ''", "%YAML 1.2\n---\n1", "---\n1\n...\n"])
def test_a_scalar_is_a_document(text: str) -> None:
    assert Parsing(text).data in (None, "", 1)


@pytest.mark.parametrize(("text", "line"), [("a: 1\n---\nb: 2\n", 2), ("---\na: 1\n---\n", 3), ("---\n---\na: 1\n", 2)])
def test_a_second_document_is_an_error(text: str, line: int) -> None:
    message, hint = "a second document starts here", "keep each document in a file of its own"
    assert Parsing(text).found == [(line, 1, "several-documents", message, hint)]


_TEN = ",".join
_BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{level}: &a{level} [{_TEN([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 40)
)
_MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(
    f"a{level}: &a{level}\n  <<: [*a{level - 1}, *a{level - 1}]\n  k{level}: 1\n" for level in range(1, 3000)
)
_LADDER = "a0: &a0 {x: 1}\n" + "".join(f"a{level}: &a{level} {{x: *a{level - 1}}}\n" for level in range(1, 3000))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (_BOMB, 6, "the file has more than 1,000,000 values"),
        (_MERGE_BOMB, 51, "the file has more than 1,000,000 values"),
        (_LADDER, MAX_DEPTH, f"values are nested more than {MAX_DEPTH} deep"),
        ("[" * 100_000, 1, f"values are nested more than {MAX_DEPTH} deep"),
        ("- " * 100_000, 1, f"values are nested more than {MAX_DEPTH} deep"),
        ("{a: " * 100_000, 1, f"values are nested more than {MAX_DEPTH} deep"),
    ],
    ids=["bomb", "merge-bomb", "ladder", "flow", "block", "mappings"],
)
def test_what_is_too_large_is_refused_at_once(text: str, line: int, message: str) -> None:
    start = time.perf_counter()
    (found,) = Parsing(text).found
    assert time.perf_counter() - start < 1
    assert (found[0], found[2], found[3]) == (line, "document-too-large", message)


def test_the_deepest_that_is_allowed() -> None:
    assert not Parsing("[" * MAX_DEPTH + "]" * MAX_DEPTH, "a.yaml").found
    assert Parsing("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "a.yaml").found[0][:2] == (1, MAX_DEPTH + 1)
