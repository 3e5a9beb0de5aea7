"""What a publisher is given is sent as it was given, to an address that there can be, or refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field
from runtime.address import Address
from runtime.bad_input import InvalidParameter, InvalidPayload
from runtime.parameters import Parameters
from runtime.payload import Reader
from runtime.publishing import Outgoing, Publisher
from runtime.types import ContractModel, NonNull, TextEnum

NAN = float("nan")


class Status(TextEnum):
    """An enumeration as models have them."""

    NEW = "new"


class Line(ContractModel):
    """A model without a member that tells it from `Priced`."""

    name: str


class Priced(Line):
    """One that is valid wherever a line is."""

    price: Annotated[int | float | None, NonNull] = None


class Order(ContractModel):
    """Members of every kind."""

    count: int = 3
    price: Annotated[int | float | None, NonNull] = None
    weight: float | None = None
    status: Annotated[Status | None, NonNull] = None
    at: Annotated[datetime | None, NonNull] = None
    total: Annotated[Decimal | None, NonNull] = None
    lines: Annotated[list[Line] | None, NonNull] = None
    either: Annotated[Line | Priced | None, NonNull] = None
    tries: Annotated[dict[str, int] | None, Field(alias="triesByName"), NonNull] = None


@pytest.mark.parametrize(
    ("type_", "payload", "written"),
    [
        (Order, Order(), b"{}"),
        (Order, Order(count=3, price=None, weight=None), b'{"count":3,"weight":null}'),
        (Order, Order(price=1.0, weight=1), b'{"price":1.0,"weight":1.0}'),
        (Order, Order.model_construct(weight=2**60 + 1, _fields_set={"weight"}), b'{"weight":1.152921504606847e+18}'),
        (Order, Order(status=Status.NEW, tries={"a": 1}), b'{"status":"new","triesByName":{"a":1}}'),
        (
            Order,
            Order(at=datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=2)))),
            b'{"at":"2026-03-01T12:00:00+02:00"}',
        ),
        (Order, Order(total=Decimal("1.10")), b'{"total":"1.10"}'),
        (Order, Order(either=Priced(name="a")), b'{"either":{"name":"a"}}'),
        (
            Order,
            Order.model_validate({"on": date(2026, 3, 1), "all": (1, True, None), "big": 2**70}),
            b'{"on":"2026-03-01","all":[1,true,null],"big":1180591620717411303424}',
        ),
        (list[float], [1, 2], b"[1.0,2.0]"),
        (list[bool | int], [True, 1], b"[true,1]"),
        (object, {1: {"a": Line(name="b")}}, b'{"1":{"a":{"name":"b"}}}'),
    ],
)
def test_a_payload_is_written_as_it_is(type_: Any, payload: object, written: bytes) -> None:
    assert Reader(type_).write(payload) == written


@pytest.mark.parametrize(
    ("type_", "payload", "reason"),
    [
        (object, {1: "a", "1": "b"}, "comes twice"),
        (int, 10**400, "infinity"),
        pytest.param(int, 10**5000, "infinity", id="longer than Python writes"),
        (object, "\ud800", "another type"),
        (float, NAN, "change on the way"),
        (float | None, float("inf"), "change on the way"),
        (object, {"a": [NAN]}, "change on the way"),
        (Order, Order.model_construct(weight=NAN), "change on the way"),
        (Order, Order.model_validate({"extra": NAN}), "change on the way"),
        (Order, Order.model_construct(count=True), "change on the way"),
        (Order, Order.model_construct(weight=True), "change on the way"),
        (Order, Order.model_construct(tries={"a": True}), "change on the way"),
        (list[int], [False], "change on the way"),
        (Line, Priced(name="a", price=1), "change on the way"),
        (Order, Order(lines=[Priced(name="a", price=1)]), "change on the way"),
    ],
)
def test_a_payload_that_would_arrive_as_another_is_refused(type_: Any, payload: object, reason: str) -> None:
    with pytest.raises(InvalidPayload, match=reason):
        Reader(type_).write(payload)


async def sent(type_: Any, payload: object, **options: Any) -> list[bytes]:
    bodies: list[bytes] = []

    async def send(message: Outgoing) -> None:
        bodies.append(message.body)

    await Publisher(send, "orders", type_, **options).publish(payload)
    return bodies


@pytest.mark.parametrize("name", ["event_name", "eventName"])
async def test_a_payload_that_looks_like_an_envelope_is_refused_where_somebody_looks(name: str) -> None:
    payload = Line.model_validate({"name": "a", name: "Line", "payload": {"name": "b"}})
    with pytest.raises(InvalidPayload, match="envelope"):
        await sent(Line, payload)
    for options in ({"may_look_wrapped": True}, {"event_name": "Line"}):
        assert len(await sent(Line, payload, **options)) == 1


@pytest.mark.parametrize("extra", [{"event_name": "Line"}, {"payload": 1}, {"event_name": 1, "payload": 1}])
async def test_a_payload_that_is_no_envelope_is_sent(extra: dict[str, Any]) -> None:
    assert len(await sent(Line, Line(name="a", **extra))) == 1


@pytest.mark.parametrize("text", ["a-1_B", "ü", "a b", "{p}", "$", "x" * 248])
def test_a_part_of_a_routing_key_is_nearly_anything(text: str) -> None:
    assert Parameters(Address("orders.{p}"), {"p": str}).fill({"p": text}) == f"orders.{text}"


@pytest.mark.parametrize(
    "text", ["", "a.b", "a/b", "*", "a#", "\0", "a\n", "\x7f", "\x85", "\ud800", "x" * 249, "ü" * 125]
)
def test_other_parts_of_a_routing_key_are_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        Parameters(Address("orders.{p}"), {"p": str}).fill({"p": text})


@pytest.mark.parametrize("text", ["a-1_B", "x" * 242])
def test_a_part_of_the_name_of_a_topic_is_what_kafka_takes(text: str) -> None:
    assert Parameters(Address("orders.{p}"), {"p": str}, is_topic=True).fill({"p": text}) == f"orders.{text}"


@pytest.mark.parametrize("text", ["", "a.b", "ü", "a b", "a\n", "{p}", "*", "x" * 243])
def test_other_parts_of_the_name_of_a_topic_are_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        Parameters(Address("orders.{p}"), {"p": str}, is_topic=True).fill({"p": text})
