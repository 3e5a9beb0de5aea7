"""The description of an object decides what can be read from it."""

from __future__ import annotations

import pytest

from cqrs_gen.contract.described import Described
from cqrs_gen.contract.objects import OBJECT, TEXT, Choice, Either, ListOf, MapOf, ObjectType, Reference, Shape, fits
from cqrs_gen.document.node import Node, ParsedFile
from cqrs_gen.source import SourceFile

THING = ObjectType("thing", {"name": TEXT, "tags": ListOf(TEXT), "parts": MapOf("parts", Reference(OBJECT))})


def test_only_described_fields_are_read() -> None:
    with pytest.raises(KeyError):
        _thing({"nmae": "x"}).text("nmae")


def test_values_of_other_types_are_left_out(thing: Described) -> None:
    assert thing.text("name") is None
    assert [node.value for node in thing.elements("tags")] == ["a"]
    assert [key for key, _ in thing.members("parts")] == ["p", "q"]


def test_absent_fields_are_empty() -> None:
    thing = _thing({})
    assert (thing.get("name"), list(thing.elements("tags")), list(thing.members("parts"))) == (None, [], [])


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (TEXT, ["a"], [1, None, []]),
        (Choice(("a", "b")), ["a", "b"], ["c", 1, []]),
        (ListOf(TEXT), [[], [1]], [{}, "a"]),
        (MapOf("map", TEXT), [{}], [[], "a"]),
        (THING, [{}], [[], True]),
        (Either("x", THING, TEXT), [{}, "a"], [1]),
        (Reference(THING), [{"$ref": "#/a"}, {}], ["a"]),
        (Reference(THING, only=True), [{"$ref": "#/a"}], [{}, "a"]),
    ],
)
def test_types(shape: Shape, good: list[object], bad: list[object]) -> None:
    assert all(fits(value, shape) for value in good)
    assert not any(fits(value, shape) for value in bad)


@pytest.fixture
def thing() -> Described:
    return _thing({"name": 1, "tags": ["a", 1], "parts": {"p": {}, "q": {"$ref": "#"}, "r": 1}})


def _thing(value: dict[str, object]) -> Described:
    source = SourceFile(path=None, name="thing.yaml", label="thing.yaml", text="")  # type: ignore[arg-type]
    return Described(Node(ParsedFile(source, value, {}), "", value), THING)
