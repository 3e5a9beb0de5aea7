"""The text of models.py, and what the classes do."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cqrs_gen.models.member_types import AnnotationError, annotate
from cqrs_gen.models.module import generate_models
from cqrs_gen.plan.schema_names import SchemaNames

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.models.conftest import Generated, Payload

    Generate = Callable[..., Generated]

ORDER = """
    messages:
      OrderPlaced:
        payload:
          description: A customer placed an order.
          type: object
          required: [orderId, kind, lines]
          properties:
            orderId: {type: string, format: uuid}
            kind: {const: order}
            lines: {type: array, minItems: 1, items: {$ref: '#/schemas/Line'}}
            placedOn: {type: string, format: date, description: The day in the shop's time zone.}
            at: {type: string, format: date-time}
            status: {enum: [new, paid, in-progress], default: new}
            amount: {type: number, minimum: 0}
            note: {type: [string, 'null']}
            class: {type: string, maxLength: 5}
            labels: {type: object, additionalProperties: {type: string, minLength: 1}}
            extra: {}
            priority: {enum: [1, 2, 3]}
      Texts: {payload: {type: array, items: {type: string, pattern: '^a'}, description: Some texts.}}
    schemas:
      Line:
        type: object
        additionalProperties: false
        properties: {sku: {type: string}, parts: {type: array, items: {$ref: '#/schemas/Line'}}}
"""

MODELS = '''\
"""The payloads of the contract, as Python has them."""

from __future__ import annotations

import datetime as dt  # noqa: TC003
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID  # noqa: TC003

from pydantic import AwareDatetime, Field

from .runtime.types import ContractModel, Exact, NonNull, TextEnum


class Line(ContractModel, extra="forbid"):
    """`/schemas/Line` of `orders.yaml`."""

    sku: Annotated[str | None, NonNull] = None
    parts: Annotated[list[Line] | None, NonNull] = None


class OrderPlacedStatus(TextEnum):
    """`/messages/OrderPlaced/payload/properties/status` of `orders.yaml`."""

    NEW = "new"
    PAID = "paid"
    IN_PROGRESS = "in-progress"


class OrderPlacedPayload(ContractModel):
    """A customer placed an order."""

    order_id: Annotated[UUID, Field(alias="orderId")]
    kind: Literal["order"]
    lines: Annotated[list[Line], Field(min_length=1)]
    placed_on: Annotated[dt.date | None, Field(alias="placedOn"), NonNull] = None
    """The day in the shop's time zone."""
    at: Annotated[AwareDatetime | None, NonNull] = None
    status: OrderPlacedStatus = OrderPlacedStatus.NEW
    amount: Annotated[int | float | None, Field(ge=0.0), NonNull] = None
    note: str | None = None
    class_: Annotated[str | None, Field(alias="class", max_length=5), NonNull] = None
    labels: Annotated[dict[str, Annotated[str, Field(min_length=1)]] | None, NonNull] = None
    extra: Any = None
    priority: Annotated[Annotated[Literal[1, 2, 3], Exact] | None, NonNull] = None


TextsPayload: TypeAlias = list[Annotated[str, Field(pattern="^a")]]
"""Some texts."""
'''


def formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "120", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def test_reads_as_if_somebody_had_written_it(generate: Generate) -> None:
    assert formatted(generate(ORDER).text) == MODELS


def test_is_the_same_every_time(generate: Generate) -> None:
    assert generate(ORDER).text == generate(ORDER).text


def test_holds_to_the_rules_of_generated_code(generate: Generate, tmp_path: Path) -> None:
    rules = Path(__file__).resolve().parents[3] / "tests" / "golden" / "generated-ruff.toml"
    (tmp_path / "models.py").write_text(formatted(generate(ORDER).text), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--config",
        str(rules),
        "--ignore",
        "INP001",
        "models.py",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_imports_only_what_it_uses(generate: Generate) -> None:
    text = generate("messages: {A: {payload: {type: string, format: uuid}}}").text
    assert formatted(text).split("\n\n", 2)[2] == (
        "from typing import TypeAlias\nfrom uuid import UUID\n\nAPayload: TypeAlias = UUID\n"
    )


HOSTILE = [
    '"""\nimport os\nos.abort()\n"""',
    "'''",
    "\\",
    'a"',
    '\\"\\"\\"',
    "x\r\ny\x00z\u2028w",
    "{{ 7 * 7 }} {% raw %}",
    "# type: ignore",
    "",
    "   ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_text_of_the_document_is_only_ever_text(payload: Callable[[Any], Payload], text: str) -> None:
    read = payload(
        {
            "description": text,
            "title": text,
            "type": "object",
            "properties": {
                text: {"description": text, "type": "integer"},
                "constant": {"const": text},
                "enum": {"enum": [text, text + "!"], "description": text},
                "default": {"type": "string", "default": text},
                "nested": {"title": text, "properties": {text: {"title": text}}},
            },
        }
    )
    value = {text: 1, "constant": text, "enum": text, "nested": {text: [text]}}
    assert read.rewritten(value) == {**value, "default": text}


@pytest.mark.parametrize(
    "members",
    [
        ["class", "None", "def", "self", "cls", "match", "type", "id"],
        ["model_config", "model_dump", "model_fields", "copy", "json", "dict", "schema", "validate", "__init__"],
        ["str", "int", "list", "dt", "date", "datetime", "uuid", "any", "field", "enum"],
        ["userId", "user_id", "UserID", "user-id", "user_id_2"],
        [
            "$ref",
            "@type",
            "a.b",
            "a b",
            "1st",
            "",
            "-",
            "<=",
            "größe",
            "日本",
            "ﬁeld",
            "__proto__",
            "_private",
            "__x__",
        ],
    ],
    ids=repr,
)
def test_members_may_be_called_anything(payload: Callable[[Any], Payload], members: list[str]) -> None:
    dates = {member: {"type": "string", "format": "date"} for member in members}
    read = payload({"type": "object", "properties": dates, "required": members, "additionalProperties": False})
    value = dict.fromkeys(members, "2026-01-02")
    assert read.rewritten(value) == value
    for member in members:
        assert not read.takes({**value, member: "x"})


def test_values_may_be_anything(payload: Callable[[Any], Payload]) -> None:
    values = [
        "a-b",
        "a_b",
        "A B",
        "",
        " ",
        "+",
        "-",
        "<=",
        "1",
        "-1",
        "mro",
        "name",
        "class",
        "é",
        "日本",
        "NULL",
        "__x__",
    ]
    read = payload({"enum": values})
    assert [read.rewritten(value) for value in values] == values
    assert not read.takes("other")


def test_classes_may_hold_each_other(payload: Callable[[Any], Payload]) -> None:
    read = payload(
        {
            "properties": {
                "a": {"properties": {"up": {"$ref": "#/schema"}, "down": {"$ref": "#/schema/properties/b"}}},
                "b": {"properties": {"a": {"$ref": "#/schema/properties/a"}}},
            }
        }
    )
    value = {"a": {"down": {"a": {"up": {"b": {}}}}}}
    assert read.rewritten(value) == value
    assert not read.takes({"a": {"down": {"a": {"up": {"b": 1}}}}})


def test_other_members_have_the_type_that_is_written(payload: Callable[[Any], Payload]) -> None:
    read = payload(
        {
            "properties": {"a": {"type": "string"}},
            "additionalProperties": {"type": "array", "items": {"minimum": 1, "type": "integer"}},
        }
    )
    assert read.rewritten({"a": "x", "b": [1]}) == {"a": "x", "b": [1]}
    assert not read.takes({"b": [0]})
    assert not read.takes({"b": "x"})


def test_a_model_generator_that_does_otherwise_is_a_bug(monkeypatch: pytest.MonkeyPatch, generate: Generate) -> None:
    generated = generate(ORDER)
    written: list[str] = []

    def changed(change: Callable[[str], str]) -> None:
        monkeypatch.setattr("datamodel_code_generator.generate", lambda *_, **__: change(written[0]))

    import datamodel_code_generator  # noqa: PLC0415

    original = datamodel_code_generator.generate
    monkeypatch.setattr(
        "datamodel_code_generator.generate",
        lambda *args, **kwargs: written.append(original(*args, **kwargs)) or written[0],
    )
    assert ast.parse(generated.text)
    for change in (
        lambda text: text.replace("class Line(", "class Line1("),
        lambda text: text.replace("    field_5:", "    field_5 ="),
        lambda _: None,
    ):
        changed(change)  # type: ignore[arg-type]
        with pytest.raises(AnnotationError):
            generate_models(generated.bundle, generated.names)


def test_nothing_is_there_without_payloads() -> None:
    bundle = {"properties": {}, "$defs": {}}
    assert annotate(bundle, frozenset()).fields == {}
    assert ast.parse(generate_models(bundle, SchemaNames({}, {}, {})))
