"""The runtime that models.py is written with: `ContractModel` and `NonNull`."""

import datetime as dt
import json
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import pytest
from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, ValidationError
from runtime.types import ContractModel, NonNull

WIRE: dict[str, Any] = {"by_alias": True, "by_name": False, "strict": True}


class Colour(str, Enum):
    """A colour."""

    RED = "red"
    BLUE = "blue"


class Address(ContractModel, extra="forbid"):
    """A closed object."""

    street: str
    postal_code: Annotated[str | None, Field(alias="postalCode"), NonNull] = None


class Order(ContractModel):
    """An open object whose members may all be absent."""

    name: Annotated[str | None, Field(alias="theName", max_length=3), NonNull] = None
    first: Annotated[str | None, NonNull, Field(alias="First")] = None
    amount: Annotated[int | float | None, Field(ge=1), NonNull] = None
    tags: Annotated[list[Annotated[str, Field(min_length=1)]] | None, Field(max_length=2), NonNull] = None
    colour: Annotated[Colour | None, NonNull] = None
    address: Annotated[Address | None, NonNull] = None
    either: Annotated[Address | Annotated[str, Field(max_length=9)] | Colour | None, NonNull] = None
    colours: Annotated[dict[str, Colour | None] | None, NonNull] = None
    parent: Annotated["Order | None", NonNull] = None
    nullable: str | None = "unset"


PayloadT = TypeVar("PayloadT")


class Event(BaseModel, Generic[PayloadT]):
    """A generic model around a payload."""

    payload: PayloadT


MEMBERS = ["theName", "First", "amount", "tags", "colour", "address", "either", "colours", "parent"]


def read(value: object) -> Order:
    return Order.model_validate_json(json.dumps(value), **WIRE)


class TestNonNull:
    """A member that may be absent and is never null."""

    @pytest.mark.parametrize("member", MEMBERS)
    def test_null_is_refused_in_json(self, member: str) -> None:
        with pytest.raises(ValidationError):
            read({member: None})

    @pytest.mark.parametrize("wrapped", [{"parent": {"tags": None}}, {"either": {"street": "x", "postalCode": None}}])
    def test_null_is_refused_further_in(self, wrapped: object) -> None:
        with pytest.raises(ValidationError):
            read(wrapped)

    def test_null_is_refused_inside_a_generic_model(self) -> None:
        with pytest.raises(ValidationError):
            Event[Order].model_validate_json('{"payload": {"tags": null}}', **WIRE)

    def test_is_none_where_absent(self) -> None:
        order = read({})
        assert all(getattr(order, field) is None for field in Order.model_fields if field != "nullable")

    @pytest.mark.parametrize(
        "value",
        [
            {"theName": "abc"},
            {"amount": 1},
            {"amount": 1.5},
            {"tags": ["a", "b"]},
            {"colour": "red"},
            {"address": {"street": "x"}},
            {"either": {"street": "x"}},
            {"either": "anything"},
            {"colours": {"a": "red", "b": None}},
            {"parent": {"parent": {"amount": 2}}},
        ],
    )
    def test_what_is_read_is_written(self, value: dict[str, object]) -> None:
        assert json.loads(read(value).model_dump_json(exclude_unset=True)) == value

    @pytest.mark.parametrize(
        "value", [{"theName": "abcd"}, {"amount": 0}, {"tags": [""]}, {"tags": ["a", "b", "c"]}, {"colour": "green"}]
    )
    def test_constraints_hold(self, value: object) -> None:
        with pytest.raises(ValidationError):
            read(value)

    def test_none_is_written_by_no_way_out(self) -> None:
        for order in (Order(), Order(name=None, parent=Order(tags=None))):
            absent = {} if order.parent is None else {"parent": {"nullable": "unset"}}
            expected = {**absent, "nullable": "unset"}
            assert order.model_dump() == expected
            assert order.model_dump(mode="json", by_alias=False) == expected
            assert json.loads(order.model_dump_json()) == expected
            assert json.loads(TypeAdapter(Event[Order]).dump_json(Event(payload=order))) == {"payload": expected}

    def test_none_says_absent_in_python(self) -> None:
        assert Order(name=None).name is None
        assert Order.model_validate({"theName": None}).name is None

    def test_null_is_a_value_where_it_is_allowed(self) -> None:
        assert read({"nullable": None}).model_dump() == {"nullable": None}

    @pytest.mark.parametrize("mode", ["validation", "serialization"])
    def test_json_schema_knows_no_null(self, mode: Any) -> None:
        schema = Order.model_json_schema(mode=mode)["$defs"]["Order"]["properties"]
        assert schema["theName"] == {"maxLength": 3, "title": "Thename", "type": "string"}
        assert schema["address"]["$ref"] == "#/$defs/Address"
        assert all("default" not in schema[member] for member in MEMBERS)

    def test_belongs_to_a_type_with_none(self) -> None:
        with pytest.raises(TypeError, match="NonNull belongs to a type with None"):
            TypeAdapter(Annotated[str, NonNull])


class TestContractModel:
    """What holds for every object."""

    def test_only_names_of_the_contract_count_in_json(self) -> None:
        order = read({"name": "far too long", "first": 1})
        assert order.name is None
        assert order.model_extra == {"name": "far too long", "first": 1}

    def test_python_uses_the_names_of_fields(self) -> None:
        assert Order(name="abc", address=Address(street="x", postal_code="1")).model_dump(exclude_unset=True) == {
            "theName": "abc",
            "address": {"street": "x", "postalCode": "1"},
        }

    def test_unknown_members_are_kept_or_refused(self) -> None:
        assert read({"other": {"a": [1]}}).model_dump(exclude_unset=True) == {"other": {"a": [1]}}
        with pytest.raises(ValidationError):
            read({"address": {"street": "x", "other": 1}})

    @pytest.mark.parametrize(
        ("annotation", "value"), [(int, '"1"'), (int, "true"), (str, "1"), (bool, "1"), (float, '"1"')]
    )
    def test_nothing_is_coerced(self, annotation: Any, value: str) -> None:
        class Model(ContractModel):
            member: annotation

        with pytest.raises(ValidationError):
            Model.model_validate_json(f'{{"member": {value}}}', by_alias=True, by_name=False)

    def test_strings_of_json_become_what_their_format_says(self) -> None:
        class Model(ContractModel):
            at: AwareDatetime
            on: dt.date
            id: UUID

        read = Model.model_validate_json(
            '{"at": "2026-01-02T03:04:05Z", "on": "2026-01-02", "id": "7f1c2f5e-7d5c-4b5e-9a53-2f9d5f2c1a11"}', **WIRE
        )
        assert read.on == dt.date(2026, 1, 2)
        assert json.loads(read.model_dump_json())["at"] == "2026-01-02T03:04:05Z"
        for wrong in ('{"at": 1}', '{"at": "2026-01-02T03:04:05"}', '{"on": "2026-01-02T03:00:00"}', '{"id": "1"}'):
            with pytest.raises(ValidationError):
                Model.model_validate_json(wrong, **WIRE)

    def test_infinity_is_no_number(self) -> None:
        with pytest.raises(ValidationError):
            Order.model_validate_json('{"amount": 1e999}', **WIRE)

    def test_other_members_may_have_a_type(self) -> None:
        class Model(ContractModel):
            __pydantic_extra__: dict[str, int] = Field(init=False)

        assert Model.model_validate_json('{"a": 1}', **WIRE).model_extra == {"a": 1}
        with pytest.raises(ValidationError):
            Model.model_validate_json('{"a": "1"}', **WIRE)
