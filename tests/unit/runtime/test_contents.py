"""What is read of bodies that are no plain JSON, and what is refused of them."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from io import BytesIO
from time import perf_counter
from typing import Annotated, Any, Literal
from uuid import UUID

import fastavro
import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from runtime.bad_input import AmbiguousMessage, BadInput, InvalidPayload, NotAvro, NotFramed, NotJson, NotText
from runtime.contents.avro import Avro
from runtime.contents.bytes import Bytes
from runtime.contents.framed import Framed
from runtime.contents.json import Json
from runtime.contents.text import Text

ID = UUID("0b2f3c1e-5f5e-4d1b-9c3a-1d2e3f405162")
FRAME = b"\x00\x00\x00\x00\x07"


class Status(str, Enum):
    """An enumeration as models have them."""

    NEW = "NEW"
    PAID = "PAID"


class Order(BaseModel):
    """A record as models have them."""

    model_config = ConfigDict(strict=True, extra="forbid")

    id: str
    status: Status
    total: Annotated[int, Field(alias="totalCents")]


class Tree(BaseModel):
    """A record that holds itself."""

    child: Tree | None


class Larger(Order):
    """A record with a member that its schema does not have."""

    more: str


def deep(levels: int) -> Tree:
    """Give a tree of one branch."""
    tree = Tree(child=None)
    for _ in range(levels):
        tree = Tree.model_construct(child=tree)
    return tree


NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=timezone.utc)
ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["NEW", "PAID"]}},
        {"name": "totalCents", "type": "long"},
    ],
}
PLACED = {"id": "o-1", "status": "PAID", "totalCents": 1250}
TREE = {"type": "record", "name": "Tree", "fields": [{"name": "child", "type": ["null", "Tree"]}]}
EITHER = {"type": "enum", "name": "E", "symbols": ["A", "B"]}
WEIGHTLESS: list[Any] = [
    "null",
    {"type": "null"},
    {"type": "record", "name": "Empty", "fields": []},
    {"type": "record", "name": "Nothing", "fields": [{"name": "nothing", "type": "null"}]},
]
DECIMAL = {"type": "bytes", "logicalType": "exact-decimal", "precision": 4, "scale": 2}


def avro(schema: Any, value: Any) -> bytes:
    stream = BytesIO()
    fastavro.schemaless_writer(stream, schema, value)
    return stream.getvalue()


class TestText:
    """A text without quotes."""

    def test_is_the_body(self) -> None:
        assert Text(str).read('"ä" \x00\n'.encode()) == '"ä" \x00\n'
        assert Text(str).read(b"") == ""

    def test_is_what_its_type_makes_of_it(self) -> None:
        assert Text(Status).read(b"NEW") is Status.NEW
        assert Text(UUID).read(str(ID).encode()) == ID
        assert Text(date).read(b"2026-03-01") == date(2026, 3, 1)

    @pytest.mark.parametrize("type_", [Status, UUID, Annotated[str, Field(max_length=3)], Literal["on"]])
    def test_is_refused_where_its_type_does(self, type_: Any) -> None:
        with pytest.raises(InvalidPayload) as refusal:
            Text(type_).read(b"secret")
        assert "secret" not in str(refusal.value)

    def test_must_be_utf_8(self) -> None:
        with pytest.raises(NotText):
            Text(str).read(b"\xff\xfe")


def test_bytes_are_the_body() -> None:
    assert Bytes().read(b"\x00\xff") == b"\x00\xff"
    assert Bytes().read(b"") == b""


class TestFramed:
    """A payload behind the id of a schema."""

    def test_is_what_is_behind_the_id(self) -> None:
        assert Framed(Json(dict[str, int]), id_bytes=4).read(FRAME + b'{"a": 1}') == {"a": 1}
        assert Framed(Text(str), id_bytes=8).read(bytes(9) + b"text") == "text"

    def test_is_told_by_the_content_type_of_what_is_behind(self) -> None:
        assert [Framed(Json(int), id_bytes=4).medium, Framed(Text(str), id_bytes=4).medium] == ["json", "text"]

    @pytest.mark.parametrize("body", [b"", b"\x00\x00\x00\x00", b'{"a": 1}', b"\x01" + FRAME[1:] + b'{"a": 1}'])
    def test_must_be_framed(self, body: bytes) -> None:
        with pytest.raises(NotFramed):
            Framed(Json(dict[str, int]), id_bytes=4).read(body)

    def test_is_as_strict_as_json_is(self) -> None:
        with pytest.raises(NotJson):
            Framed(Json(dict[str, int]), id_bytes=4).read(FRAME + b'{"a": 1, "a": 2}')
        with pytest.raises(InvalidPayload):
            Framed(Json(dict[str, int]), id_bytes=4).read(FRAME + b'{"a": "1"}')


class TestAvro:
    """Values of an Avro schema."""

    def test_is_what_the_model_has(self) -> None:
        order = Avro(ORDER, Order).read(avro(ORDER, PLACED))
        assert (order.id, order.status, order.total) == ("o-1", Status.PAID, 1250)

    def test_has_logical_types(self) -> None:
        assert Avro({"type": "string", "logicalType": "uuid"}, UUID).read(avro("string", str(ID))) == ID
        assert Avro({"type": "int", "logicalType": "date"}, date).read(avro("int", 1)) == date(1970, 1, 2)

    @pytest.mark.parametrize("schema", [DECIMAL, {**DECIMAL, "type": "fixed", "name": "F", "size": 20}])
    @pytest.mark.parametrize("number", ["12.34", "-0.01", "0.00", "99.99", "-99.99"])
    def test_decimals_are_exact(self, schema: Any, number: str) -> None:
        written = {**schema, "logicalType": "decimal"}
        assert str(Avro(schema, Decimal).read(avro(written, Decimal(number)))) == number

    @pytest.mark.parametrize("unscaled", [10_000, -10_000, 2**8_000_000], ids=["digit", "below", "a million bytes"])
    def test_a_decimal_with_too_many_digits_is_refused_at_once(self, unscaled: int) -> None:
        body = avro("bytes", unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True))
        with pytest.raises(NotAvro):
            Avro(DECIMAL, Decimal).read(body)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            avro(ORDER, PLACED)[:-1],
            avro(ORDER, PLACED) + b"\x00",
            b"\x06o-1\x10\x02",
            b"\x06\xff-1\x02\x02",
            b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7fo-1",
            b"\x01o-1",
            b'{"id": "o-1", "status": "PAID", "totalCents": 1250}',
            FRAME,
        ],
        ids=["empty", "cut", "longer", "symbol", "UTF-8", "endless", "negative", "JSON", "frame alone"],
    )
    def test_is_refused_where_it_is_not_as_the_schema_says(self, body: bytes) -> None:
        with pytest.raises(NotAvro) as refusal:
            Avro(ORDER, Order).read(body)
        assert "o-1" not in str(refusal.value)

    @pytest.mark.parametrize(
        ("schema", "value"),
        [
            ({"type": "string", "logicalType": "uuid"}, b"\x0csecret"),
            ({"type": "int", "logicalType": "date"}, b"\xfe\xff\xff\xff\x0f"),
            ({"type": "long", "logicalType": "timestamp-millis"}, b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f"),
        ],
    )
    def test_is_refused_where_python_has_no_such_value(self, schema: Any, value: bytes) -> None:
        with pytest.raises(NotAvro) as refusal:
            Avro(schema, Any).read(value)
        assert "secret" not in str(refusal.value)

    def test_is_refused_where_the_model_does(self) -> None:
        with pytest.raises(InvalidPayload) as refusal:
            Avro("string", Annotated[str, Field(max_length=3)]).read(avro("string", "secret"))
        assert "secret" not in str(refusal.value)

    @pytest.mark.parametrize("depth", [200, 1_000_000])
    def test_that_nests_too_deeply_is_refused_and_the_process_lives(self, depth: int) -> None:
        tree = Avro(TREE, Tree, is_recursive=True)
        with pytest.raises(NotAvro, match=r"^the body is nested too deeply"):
            tree.read(b"\x02" * depth + b"\x00")
        assert tree.read(avro(TREE, {"child": {"child": None}})) == Tree(child=Tree(child=None))

    def test_may_nest(self) -> None:
        tree = Avro(TREE, Tree, is_recursive=True).read(b"\x02" * 199 + b"\x00")
        for _ in range(199):
            tree = tree.child
        assert tree == Tree(child=None)

    def test_may_have_many_that_nest_side_by_side(self) -> None:
        schema = {"type": "array", "items": {**TREE, "name": "Tree"}}
        body = avro("long", 1000) + b"\x02\x00" * 1000 + b"\x00"
        assert len(Avro(schema, Any, is_recursive=True).read(body)) == 1000

    @pytest.mark.parametrize("items", WEIGHTLESS)
    @pytest.mark.parametrize("count", [1100, 3_000_000, -1100, -3_000_000])
    @pytest.mark.parametrize("is_recursive", [False, True])
    def test_that_claims_to_have_more_than_it_has_room_for_is_refused(
        self, items: Any, count: int, *, is_recursive: bool
    ) -> None:
        reader = Avro({"type": "array", "items": items}, Any, is_recursive=is_recursive)
        body = avro("long", count) + (b"\x00" if count < 0 else b"") + b"\x00"
        with pytest.raises(NotAvro, match="claims more values that take no bytes"):
            reader.read(body)

    @pytest.mark.parametrize("items", WEIGHTLESS)
    def test_may_have_some_that_take_no_bytes(self, items: Any) -> None:
        reader = Avro({"type": "array", "items": items}, Any)
        for _ in range(3):  # of each body
            assert len(reader.read(avro("long", 900) + b"\x00")) == 900

    def test_may_have_any_number_of_nulls_of_unions(self) -> None:
        body = avro("long", 5000) + bytes(5000) + b"\x00"
        assert Avro({"type": "array", "items": ["null", "int"]}, Any).read(body) == [None] * 5000

    @pytest.mark.parametrize(
        ("schema", "start", "end"),
        [
            (EITHER, b"", b""),
            (["int", "string"], b"", b"\x00"),
            ({"type": "array", "items": ["null", EITHER]}, b"\x02\x02", b"\x00"),
            ({"type": "array", "items": [EITHER, "null"]}, b"\x02", b"\x00"),
        ],
        ids=["enum", "union", "enum inside", "union inside"],
    )
    @pytest.mark.parametrize("index", [-1, -2, 2, 2**40])
    @pytest.mark.parametrize("is_recursive", [False, True])
    def test_has_no_index_that_the_schema_has_not(
        self, schema: Any, start: bytes, end: bytes, index: int, *, is_recursive: bool
    ) -> None:
        with pytest.raises(NotAvro, match="not as the schema says"):
            Avro(schema, Any, is_recursive=is_recursive).read(start + avro("long", index) + end)

    @pytest.mark.parametrize("body", [b"\xff" * 1_000_000, b"\x02" + b"\xff" * 1_000_000])
    def test_a_count_without_end_is_refused_at_once(self, body: bytes) -> None:
        numbers = {"type": "record", "name": "N", "fields": [{"name": "all", "type": {"type": "array", "items": "N"}}]}
        started = perf_counter()
        with pytest.raises(NotAvro):
            Avro(numbers, Any, is_recursive=True).read(body)
        assert perf_counter() - started < 1

    def test_leaves_the_schema_as_it_is(self) -> None:
        schema = {"type": "array", "items": [{"type": "array", "items": "null"}, ORDER, DECIMAL]}
        before = deepcopy(schema)
        for _ in range(2):
            assert Avro(schema, Any).read(b"\x02\x04\x04\x04\xd2\x00") == [Decimal("12.34")]
        assert schema == before

    @pytest.mark.parametrize("is_recursive", [False, True])
    def test_that_may_hold_itself_is_read_as_any_other(self, *, is_recursive: bool) -> None:
        schema = {"type": "map", "values": {"type": "array", "items": DECIMAL}}
        body = b"\x02\x02a\x04\x04\x04\xd2\x02\x01\x00\x00"
        expected = {"a": [Decimal("12.34"), Decimal("0.01")]}
        assert Avro(schema, Any, is_recursive=is_recursive).read(body) == expected


class TestFraming:
    """The id of a schema in front of Avro."""

    BARE = avro(ORDER, PLACED)

    def test_is_recognised(self) -> None:
        reader = Avro(ORDER, Order, may_be_framed=True)
        assert reader.read(self.BARE) == reader.read(FRAME + self.BARE)

    def test_is_not_looked_for_where_there_is_none(self) -> None:
        assert Avro(ORDER, Order).read(self.BARE).id == "o-1"
        with pytest.raises(NotAvro):
            Avro(ORDER, Order).read(FRAME + self.BARE)

    @pytest.mark.parametrize("size", [4, 8])
    def test_is_asked_for_where_there_must_be_one(self, size: int) -> None:
        reader = Framed(Avro(ORDER, Order), id_bytes=size)
        assert reader.read(bytes(1 + size) + self.BARE).id == "o-1"
        with pytest.raises(NotFramed):
            reader.read(self.BARE)
        with pytest.raises(BadInput):
            reader.read(bytes(size) + self.BARE)

    def test_is_not_guessed_where_both_are_possible(self) -> None:
        texts = {"type": "record", "name": "T", "fields": [{"name": name, "type": "string"} for name in "abcde"]}
        body = b"\x00\x00\x00\x00\x0a" + bytes(5)
        assert Avro(texts, Any).read(body)["e"] == "\x00" * 5
        assert Framed(Avro(texts, Any), id_bytes=4).read(body) == dict.fromkeys("abcde", "")
        with pytest.raises(AmbiguousMessage):
            Avro(texts, Any, may_be_framed=True).read(body)

    def test_a_bare_body_that_starts_like_a_frame_is_bare(self) -> None:
        schema = {
            "type": "record",
            "name": "N",
            "fields": [{"name": name, "type": ["null", "int"]} for name in "abcdef"],
        }
        assert Avro(schema, Any, may_be_framed=True).read(bytes(6)) == dict.fromkeys("abcdef")


class TestWritingAvro:
    """What is sent in Avro is what its receiver reads, or nothing is."""

    def test_has_every_field(self) -> None:
        content = Avro(ORDER, Order)
        order = Order(id="o-1", status=Status.PAID, totalCents=1250)
        assert content.write(order) == avro(ORDER, PLACED)
        assert content.read(content.write(order)) == order

    def test_has_the_defaults_of_members_that_were_left_out(self) -> None:
        class Line(BaseModel):
            sku: str
            quantity: int = 1

        fields = [{"name": "sku", "type": "string"}, {"name": "quantity", "type": "int"}]
        schema = {"type": "record", "name": "Line", "fields": fields}
        assert Avro(schema, Line).write(Line(sku="s")) == avro(schema, {"sku": "s", "quantity": 1})

    @pytest.mark.parametrize(
        ("schema", "type_", "value", "arrives"),
        [
            (DECIMAL, Decimal, Decimal("1.5"), Decimal("1.50")),
            ({**DECIMAL, "type": "fixed", "name": "F", "size": 4}, Decimal, Decimal("-12.34"), Decimal("-12.34")),
            ({"type": "int", "logicalType": "date"}, date, date(2026, 3, 1), date(2026, 3, 1)),
            ({"type": "string", "logicalType": "uuid"}, UUID, ID, ID),
            ({"type": "long", "logicalType": "timestamp-micros"}, AwareDatetime, NOON, NOON),
            (
                {"type": "long", "logicalType": "timestamp-millis"},
                AwareDatetime,
                NOON,
                NOON.replace(microsecond=123000),
            ),
            ("double", float, 0.1, 0.1),
            ("float", float, 0.1, 0.10000000149011612),
            ("double", int | float, 3, 3.0),
            (["null", "string", "long"], str | int | None, "7", "7"),
            (["null", "string", "long"], str | int | None, 7, 7),
            ({"type": "map", "values": ["null", "boolean"]}, dict[str, bool | None], {"a": True, "-type": None}, None),
            (TREE, Tree, Tree(child=Tree(child=None)), None),
            (EITHER, Literal["A", "B"], "B", "B"),
            ("bytes", bytes, b"\x00\xff", b"\x00\xff"),
        ],
    )
    def test_arrives(self, schema: Any, type_: Any, value: Any, arrives: Any) -> None:
        content = Avro(deepcopy(schema), type_, is_recursive=schema is TREE)
        assert content.read(content.write(value)) == (value if arrives is None else arrives)

    @pytest.mark.parametrize(
        ("schema", "type_", "value"),
        [
            (DECIMAL, Decimal, Decimal("1.234")),
            (DECIMAL, Decimal, Decimal("123.45")),
            ("int", int, 2**31),
            ("int", int, True),
            ("long", int, "7"),
            ("boolean", bool, 1),
            ("boolean", bool, "no"),
            ("float", float, 1e300),
            ("float", float, 1e-60),
            ("string", str, 7),
            ("string", str, "\ud800"),
            (EITHER, Literal["A", "B"], "C"),
            ("string", Annotated[str, Field(max_length=3)], "text"),
            ({"type": "long", "logicalType": "timestamp-micros"}, AwareDatetime, NOON.replace(tzinfo=None)),
            ({"type": "array", "items": "int"}, list[int], {"a": 1}),
            (TREE, Tree, deep(250)),
            (ORDER, Order, Order.model_construct(id="o-1", status=Status.PAID)),
            (ORDER, Order, Larger(id="o-1", status=Status.PAID, totalCents=1, more="x")),
        ],
    )
    def test_is_refused_where_it_would_not(self, schema: Any, type_: Any, value: Any) -> None:
        with pytest.raises(InvalidPayload):
            Avro(deepcopy(schema), type_, is_recursive=schema is TREE).write(value)

    def test_is_refused_where_its_receiver_could_not_tell_it_from_a_framed_one(self) -> None:
        texts = {"type": "record", "name": "T", "fields": [{"name": name, "type": "string"} for name in "abcde"]}
        value = {**dict.fromkeys("abcd", ""), "e": "\x00" * 5}
        assert Avro(texts, Any).read(Avro(texts, Any).write(value)) == value
        with pytest.raises(InvalidPayload):
            Avro(texts, Any, may_be_framed=True).write(value)

    def test_is_behind_the_id_of_its_schema(self) -> None:
        order = Order(id="o-1", status=Status.PAID, totalCents=1250)
        framed = Framed(Avro(ORDER, Order), id_bytes=4, schema_id=7)
        assert framed.write(order) == FRAME + avro(ORDER, PLACED)
        assert (
            Framed(Json(dict[str, int]), id_bytes=8, schema_id=258).write({"a": 1})
            == b"\x00" * 7 + b"\x01\x02" + b'{"a":1}'
        )
