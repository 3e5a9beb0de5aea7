"""The check of schemas."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from cqrs_gen.contract.schemas import unchecked
from cqrs_gen.contract.schemas.check import SchemaChecker
from cqrs_gen.contract.schemas.patterns import for_pydantic, is_regular_expression
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from cqrs_gen.contract.schemas.all_of import Resolve
    from cqrs_gen.document.node import Node

    Check = Callable[..., list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Give a function that checks the schema in a file; gives `line:column rule` or with `full` the messages."""

    def check_text(text: str, *, full: bool = False, **files: str) -> list[str]:
        for name, content in {"schema": text, **files}.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content).lstrip("\n"), encoding="utf-8")
        diagnostics = Diagnostics()
        document = load([Path("schema.yaml")], diagnostics, cwd=tmp_path)
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
        "{type: array, items: {type: string}, minItems: 0}",
        "{const: intger, examples: [{minLength: a}]}",
        "{default: {type: intger, required: 1}}",
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
        ("{schemaFormat: application/schema+json, schema: {not: {}}}", "1:50 unchecked-keyword"),
        ("{schemaFormat: application/vnd.apache.avro, schema: {type: record}}", "1:45 unchecked-keyword"),
    ],
)
def test_these_are_reported(check: Check, schema: str, found: str) -> None:
    assert check(schema) == [found]


@pytest.mark.parametrize(
    ("schema", "found"),
    [
        ("{propertys: {}}", "1:2 unknown-keyword"),
        ("{maxLenght: 5}", "1:2 unknown-keyword"),
        ("{Required: [a]}", "1:2 unknown-keyword"),
        ("{max_length: 5}", "1:2 unknown-keyword"),
        ("{ref: '#/definitions/a'}", "1:2 unknown-keyword"),
        ("{format: datetime}", "1:10 unknown-format"),
        ("{format: UUID}", "1:10 unknown-format"),
        ("{format: uiid}", "1:10 unknown-format"),
        ("{required: [a, bookingID], properties: {a: {}, bookingId: {}}}", "1:16 undeclared-required"),
        ("{required: [adress], properties: {address: {}}}", "1:13 undeclared-required"),
        ("{required: [user_id], allOf: [{properties: {userId: {}}}]}", "1:13 undeclared-required"),
        ("{type: object, required: [zz], additionalProperties: false}", "1:27 undeclared-required"),
        ("{type: integer, default: '5'}", "1:26 invalid-default"),
        ("{type: boolean, default: 'false'}", "1:26 invalid-default"),
        ("{type: array, default: {}}", "1:24 invalid-default"),
        ("{enum: [a, b], default: c}", "1:25 invalid-default"),
        ("{const: 1, default: true}", "1:21 invalid-default"),
        ("{allOf: [{enum: [a, b]}], default: A}", "1:36 invalid-default"),
        ("{type: string, enum: [a, 1]}", "1:26 invalid-enum-value"),
        ("{type: string, enum: [a, null]}", "1:26 invalid-enum-value"),
        ("{type: [integer, 'null'], const: '1'}", "1:34 invalid-enum-value"),
    ],
)
def test_these_are_doubted(check: Check, schema: str, found: str) -> None:
    assert check(schema) == [found]


@pytest.mark.parametrize(
    "schema",
    [
        "{x-propertys: {}, example: a, id: a, prefixItems: [], javaType: a, comment: a, note: a, when: a}",
        "{type: string, types: [string]}",
        "{isRequired: true, form: {}}",
        "{format: ulid}",
        "{format: int64}",
        "{format: iso-date-time}",
        "{format: time}",
        "{required: [other], properties: {id: {}}}",
        "{required: [shippingAddress], properties: {billingAddress: {}}}",
        "{required: [line1, line2], properties: {line1: {}}}",
        (
            "{required: [userID], properties: {userId: {}}, allOf: [{$ref: '#/definitions/a'}],"
            " definitions: {a: {properties: {userID: {}}}}}"
        ),
        "{type: string, default: null}",
        "{type: number, default: 1}",
        "{type: integer, default: 1.0}",
        "{type: array, default: []}",
        "{enum: [a, null], default: a}",
        "{type: string, nullable: true, enum: [a, null]}",
        "{type: [string, integer], enum: [a, 1]}",
    ],
)
def test_these_are_not_doubted(check: Check, schema: str) -> None:
    assert check(schema) == []


def test_parts_are_doubted_too_and_are_not_checked_beside_properties(check: Check) -> None:
    wrong = "{properties: {userId: {}}, oneOf: [{required: [userID]}, {}]}"
    assert check(wrong) == ["1:28 unchecked-keyword", "1:48 undeclared-required"]
    fine = "{properties: {kinds: {}}, oneOf: [{required: [kinds], properties: {kind: {}}}, {}]}"
    assert check(fine) == ["1:27 unchecked-keyword"]


@pytest.mark.parametrize(
    "schema",
    [
        "{type: object, properties: {a: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}",
        "{type: string, anyOf: [{type: string, minLength: 5}], oneOf: [{type: string}]}",
        "{allOf: [{type: string, minLength: 3}, {type: string, minLength: 1}]}",
        "{allOf: [{type: object, properties: {a: {}}, additionalProperties: false}, {type: object}]}",
        "{enum: [0, true]}",
        "{type: integer, enum: [1, 100000000000000000000]}",
        "{type: string, enum: [a, bb], maxLength: 1}",
        "{type: string, format: uuid, pattern: ^a}",
        "{minimum: 5}",
        "{format: date}",
        "{required: [a]}",
        "{items: {type: string}}",
        "{anyOf: [{maximum: 5}, {type: string}]}",
        "{type: integer, anyOf: [{maximum: 5}, {type: integer}]}",
        "{anyOf: [{maxItems: 1}, {type: string}]}",
        "{allOf: [{allOf: [{maximum: 5}]}]}",
        "{allOf: [{type: integer}, {type: string}]}",
        "{allOf: [{type: boolean}], type: integer}",
        "{type: object, properties: {a: false}}",
        "{type: string, minLength: 1000000000000000000000}",
    ],
)
def test_what_the_models_do_not_check_is_said_once(check: Check, schema: str) -> None:
    [found] = check(schema)
    assert found.endswith("unchecked-keyword")


@pytest.mark.parametrize(
    "schema",
    [
        "{type: integer, enum: [0, 1]}",
        "{const: true}",
        "{format: int64}",
        "{required: []}",
        "{properties: {a: {}}, required: [a]}",
        "{allOf: [{type: object}], required: [a]}",
        "{allOf: [{type: number}, {type: integer}]}",
        "{anyOf: [{type: string}, {}]}",
        "{anyOf: [{properties: {a: {}}, required: [a]}, {type: string}]}",
        "{allOf: [{type: string, minLength: 3}, {maxLength: 5}]}",
        "{anyOf: [{type: string, minLength: 3}, {type: integer, minimum: 5}]}",
        "{type: integer, maximum: 1" + 400 * "0" + "}",
    ],
)
def test_what_the_models_check_is_not_doubted(check: Check, schema: str) -> None:
    assert check(schema) == []


def test_a_required_name_may_be_declared_anywhere_round_a_part(check: Check) -> None:
    found = check(
        """
        definitions:
          Base: {required: [userID], properties: {userId: {}}}
        properties: {userID: {}}
        allOf:
          - {$ref: '#/definitions/Base'}
          - {required: [userID], properties: {userId: {}}}
        """
    )
    assert found == ["2:21 undeclared-required"]  # by itself, Base does not declare it


@pytest.mark.parametrize(
    "place",
    [
        "properties: {a: %s}",
        "type: array, items: %s",
        "additionalProperties: %s",
        "anyOf: [{}, %s]",
        "definitions: {a: %s}",
        "$defs: {a: {properties: {b: {type: array, items: %s}}}}",
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


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            "{maxLenght: 5}",
            (
                "'maxLenght' is no keyword of schemas, so it changes nothing"
                " (did you mean 'maxLength'? A keyword of your own starts with 'x-')"
            ),
        ),
        ("{format: guid}", "the format 'guid' does not exist, so it changes nothing (did you mean 'uuid'?)"),
        (
            "{required: [ID], properties: {id: {}}}",
            "'ID' is required, but there is no such property (did you mean 'id'?)",
        ),
        (
            "{type: integer, default: '5'}",
            "the default '5' is not used: only the type 'integer' is allowed (without quotes it is an integer)",
        ),
        (
            "{type: [integer, 'null'], default: five}",
            (
                "the default 'five' is not used: only the types 'integer' and 'null' are allowed"
                " (change the value or the type)"
            ),
        ),
        (
            "{enum: [new], default: New}",
            "the default 'New' is not used: it is none of the allowed values (did you mean 'new'?)",
        ),
        (
            "{enum: [1], default: 2}",
            "the default 2 is not used: it is none of the allowed values (change it to one of them)",
        ),
        (
            "{type: string, const: true}",
            "true can never come: only the type 'string' is allowed (in quotes it is a string)",
        ),
        (
            "{type: 'null', const: " + "a" * 50 + "}",
            "a string can never come: only the type 'null' is allowed (change the value or the type)",
        ),
    ],
)
def test_says_what_is_doubtful(check: Check, schema: str, said: str) -> None:
    assert check(schema, full=True) == [said]


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
        (r"^\W\D\S$", True),
        (r"[^\w\d]", True),
        (r"[\W]", False),
        (r"[\w-z]", False),
        (r"\bword\b", False),
        (r"^(?=a)", False),
        (r"(?<!a)b", False),
        (r"(?<name>a)", False),
        (r"\p{L}", False),
        (r"\cJ", False),
        (r"a{,3}", False),
        (r"[[:alpha:]]", False),
        (r"[a&&b]", False),
        (r"\w{1,9000}", True),
        (r"(?:\w{1,900}){1,900}", False),
        (r"(", False),
    ],
)
def test_some_patterns_mean_the_same_to_pydantic(pattern: str, expected: bool) -> None:  # noqa: FBT001
    assert (for_pydantic(pattern) is not None) is expected
    assert is_regular_expression(pattern) is (pattern != "(")


def test_a_schema_is_looked_at_once_for_all_its_parts(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def says_no_type(schema: Node, resolve: Resolve) -> bool:
        asked.append(schema.pointer)
        return unchecked.says_no_type(schema, resolve)

    monkeypatch.setattr("cqrs_gen.contract.schemas.check.says_no_type", says_no_type)
    assert check("{allOf: [" + ", ".join(f"{{properties: {{p{number}: {{}}}}}}" for number in range(9)) + "]}") == []
    assert asked.count("") == 1
