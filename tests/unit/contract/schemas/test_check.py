"""The check of schemas."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cqrs_gen.contract.schemas.check import SchemaChecker
from cqrs_gen.contract.schemas.patterns import is_regular_expression, is_shared
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[..., list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Give a function that checks the schema in a file; gives `line:column rule` or with `full` the messages."""

    def check_text(text: str, *, full: bool = False, **files: str) -> list[str]:
        for name, content in {"schema": text, **files}.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content).lstrip("\n"), encoding="utf-8")
        diagnostics = Diagnostics()
        document = load(Path("schema.yaml"), diagnostics, cwd=tmp_path)
        assert document is not None
        SchemaChecker(document, diagnostics).check(document.root)
        if full:
            return [f"{each.message} ({each.hint})" for each in diagnostics.sorted()]
        return [f"{str(each.location).replace('schema.yaml:', '')} {each.rule.id}" for each in diagnostics.sorted()]

    return check_text


@pytest.mark.parametrize(
    "schema",
    [
        "true",
        "{}",
        "{type: object, required: [a], properties: {}}",
        "{type: [string, 'null'], minLength: 1, maxLength: 3.0, pattern: '^a$'}",
        "{type: integer, minimum: -1, exclusiveMaximum: 2.5, multipleOf: 5}",
        "{items: {type: string}, minItems: 0}",
        "{const: intger, default: {type: intger, required: 1}, examples: [{minLength: a}]}",
        "{x-anything: {type: intger}, example: 1, anything: {type: intger}}",
        "{discriminator: kind, externalDocs: {url: x}, deprecated: true, nullable: true, format: anything}",
        "{uniqueItems: false, minProperties: 0, additionalItems: true, patternProperties: {}}",
        "{properties: {type: {type: string}, required: {type: boolean}, $ref: {type: string}}}",
    ],
)
def test_these_are_fine(check: Check, schema: str) -> None:
    assert check(schema) == []


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ("{type: intger}", "1:8 unknown-type"),
        ("{type: [string, text]}", "1:17 unknown-type"),
        ("{type: 1}", "1:8 wrong-type"),
        ("{minLength: '3'}", "1:13 wrong-type"),
        ("{minLength: -1}", "1:13 wrong-type"),
        ("{minLength: 1.5}", "1:13 wrong-type"),
        ("{minimum: true}", "1:11 wrong-type"),
        ("{exclusiveMinimum: true}", "1:20 wrong-type"),
        ("{multipleOf: 0}", "1:14 wrong-type"),
        ("{required: true}", "1:12 wrong-type"),
        ("{required: [1]}", "1:12 wrong-type"),
        ("{enum: a}", "1:8 wrong-type"),
        ("{oneOf: []}", "1:9 wrong-type"),
        ("{oneOf: {}}", "1:9 wrong-type"),
        ("{items: 1}", "1:9 wrong-type"),
        ("{properties: [a]}", "1:14 wrong-type"),
        ("{properties: {a: string}}", "1:18 wrong-type"),
        ("{allOf: [string]}", "1:10 wrong-type"),
        ("{uniqueItems: 'yes'}", "1:15 wrong-type"),
        ("{description: [a]}", "1:15 wrong-type"),
        ("{pattern: '('}", "1:11 invalid-pattern"),
        ("{pattern: '^(?=a)'}", "1:2 unchecked-keyword"),
        ("{uniqueItems: true}", "1:2 unchecked-keyword"),
        ("{minProperties: 1}", "1:2 unchecked-keyword"),
        ("{not: {}}", "1:2 unchecked-keyword"),
        ("{items: [{}]}", "1:2 unchecked-keyword"),
        ("{type: number, multipleOf: 0.01}", "1:16 unchecked-keyword"),
        ("{const: 1.5}", "1:2 unchecked-keyword"),
        ("{enum: [{}]}", "1:2 unchecked-keyword"),
    ],
)
def test_these_are_reported(check: Check, schema: str, found: str) -> None:
    assert check(schema) == [found]


@pytest.mark.parametrize(
    "place",
    [
        "properties: {a: %s}",
        "items: %s",
        "additionalProperties: %s",
        "anyOf: [{}, %s]",
        "definitions: {a: %s}",
        "$defs: {a: {properties: {b: {items: %s}}}}",
    ],
)
def test_looks_into_every_schema(check: Check, place: str) -> None:
    (found,) = check("{" + place % "{type: intger}" + "}")
    assert found.endswith(" unknown-type")


def test_follows_references_and_reports_each_schema_once(check: Check) -> None:
    found = check(
        """
        properties:
          a: {$ref: 'other.yaml#/Thing', type: intger}
          b: {$ref: 'other.yaml#/Thing'}
          c: {$ref: '#'}
        """,
        other="Thing: {type: strin, properties: {self: {$ref: '#/Thing'}}}",
    )
    assert found == ["other.yaml:1:15 unknown-type"]


def test_says_what_to_do(check: Check) -> None:
    assert check("{type: [intger, text, xxx], minLength: a}", full=True) == [
        "type 'intger' does not exist (did you mean 'integer'?)",
        "type 'text' does not exist (it is one of array, boolean, integer, null, number, object, string)",
        "type 'xxx' does not exist (it is one of array, boolean, integer, null, number, object, string)",
        "'minLength' must be an integer that is not negative (None)",
    ]


@pytest.mark.parametrize("pattern", ["(", "[a", "*", "a{2", "a)"])
def test_some_patterns_are_none(pattern: str) -> None:
    assert is_regular_expression(pattern) is (pattern == "a{2")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^[A-Z]{3}$", True),
        (r"^\d+(?:\.\d{1,2})?$", True),
        (r"^[^\s@]+@[^\s@]+$", True),
        (r"\/a\-b", True),
        (r"é", True),
        (r"", True),
        (r"^\W$", False),
        (r"[^\w]", False),
        (r"\bword\b", False),
        (r"^(?=a)", False),
        (r"(?<!a)b", False),
        (r"(?<name>a)", False),
        (r"\p{L}", False),
        (r"\cJ", False),
        (r"a{,3}", False),
        (r"[[:alpha:]]", False),
        (r"[a&&b]", False),
        (r"\w{1,9000}", False),
        (r"(", False),
    ],
)
def test_some_patterns_mean_the_same_to_pydantic(pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert is_shared(pattern) is expected
    assert is_regular_expression(pattern) is (pattern != "(")
