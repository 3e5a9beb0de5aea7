"""What is around a payload: headers and keys as JSON, the models of headers, correlation ids."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field
from runtime.bad_input import BadInput, InvalidHeaders
from runtime.candidates import Known
from runtime.decoding import Deserializer
from runtime.events import Event
from runtime.expressions import HeaderValue, PayloadValue
from runtime.headers import Headers, WithHeaders
from runtime.keys import Key, WithKey
from runtime.message import KafkaMessage, RabbitMessage
from runtime.wire_values import as_json, json_types


class Kind(str, Enum):
    """Texts of which a header is one."""

    NEW = "new"


class Traced(BaseModel):
    """Headers with names that clients may set as properties of AMQP."""

    model_config = ConfigDict(strict=True, extra="forbid")

    correlation_id: str
    content_type: str | None = Field(default=None, alias="Content-Type")


def record(*headers: tuple[str, bytes | None], key: bytes | None = None) -> KafkaMessage:
    return KafkaMessage("t", 0, 0, 0, key, b"{}", headers)


def message(headers: dict[str, object], **properties: Any) -> RabbitMessage:
    return RabbitMessage("", "q", "q", b"{}", headers, **properties)


class TestTypes:
    """Which texts are JSON."""

    @pytest.mark.parametrize(
        ("type_", "types"),
        [
            (str, set()),
            (UUID, set()),
            (date, set()),
            (Kind, set()),
            (Any, set()),
            (int | None, {"integer"}),
            (int | float, {"integer", "number"}),
            (bool | str, {"boolean"}),
            (list[str], {"array"}),
            (dict[str, Any], {"object"}),
            (Traced | None, {"object"}),
            (Annotated[int | None, Field(ge=1)], {"integer"}),
            (Annotated[list[int], Field(min_length=1)] | bool, {"array", "boolean"}),
            (Literal["a", 1, True], {"integer", "boolean"}),
        ],
    )
    def test_are_told_by_the_annotation(self, type_: Any, types: set[str]) -> None:
        assert json_types(type_) == types

    @pytest.mark.parametrize(
        ("value", "types", "written"),
        [
            (b"5", set(), b'"5"'),
            (b"5", {"integer"}, b"5"),
            (b"12345678901234567890123", {"integer"}, b"12345678901234567890123"),
            (b"5.0", {"integer"}, b"5.0"),
            (b"5", {"number"}, b"5"),
            (b"5", {"boolean"}, b'"5"'),
            (b"FALSE", {"boolean"}, b"false"),
            (b"true", {"integer"}, b'"true"'),
            (b"null", {"integer"}, b'"null"'),
            (b"[1, 2]", {"array"}, b"[1, 2]"),
            (b"[1, 2]", {"object"}, b'"[1, 2]"'),
            (b'{"a": 1, "a": 2}', {"object"}, b'"{\\"a\\": 1, \\"a\\": 2}"'),
            (b'say "hi"', {"integer"}, b'"say \\"hi\\""'),
            ("é".encode(), set(), '"é"'.encode()),
            (None, {"integer"}, b"null"),
            (5, set(), b"5"),
            (-(2**64), {"integer"}, b"-18446744073709551616"),
            (True, {"integer"}, b"true"),
            (Decimal("1.5"), {"number"}, b"1.5"),
            (datetime(2026, 3, 1), set(), b'"2026-03-01T00:00:00+00:00"'),  # noqa: DTZ001 - as a client may read it
            (
                {"a": [bytearray(b"b"), datetime(2026, 3, 1, tzinfo=timezone.utc)]},
                set(),
                b'{"a":["b","2026-03-01T00:00:00+00:00"]}',
            ),
        ],
    )
    def test_say_how_a_value_is_written(self, value: object, types: set[str], written: bytes) -> None:
        assert as_json(value, frozenset(types)) == written

    @pytest.mark.parametrize("value", [b"\xff", "\udcff", {"a": b"\xff"}, {"a": "\udcff"}, [object()]])
    def test_of_what_is_no_text_there_are_none(self, value: object) -> None:
        with pytest.raises(BadInput, match=r"^it is no UTF-8$"):
            as_json(value, frozenset({"integer"}))

    def test_an_integer_inside_that_is_too_large_is_called_so(self) -> None:
        with pytest.raises(BadInput, match=r"^it holds an integer beyond 64 bits$"):
            as_json({"a": [2**64]}, frozenset())


class TestHeaders:
    """Are read once."""

    def test_are_read_once_for_a_message(self) -> None:
        headers, one, other = Headers(Traced), record(("correlation_id", b"1")), record(("correlation_id", b"2"))
        assert headers.read(one) is headers.read(one)
        assert headers.read(other).correlation_id == "2"

    def test_may_be_properties_of_amqp(self) -> None:
        read = Headers(Traced).read(message({}, correlation_id="c", content_type="application/json"))
        assert (read.correlation_id, read.content_type) == ("c", "application/json")
        assert Headers(Traced).read(message({"correlation_id": "h"}, correlation_id="c")).correlation_id == "h"

    def test_are_no_properties_of_kafka(self) -> None:
        with pytest.raises(InvalidHeaders, match="correlation_id: Field required"):
            Headers(Traced).read(record(("correlation-id", b"c")))

    def test_that_are_refused_are_not_kept(self) -> None:
        refused, headers = record(), Headers(Traced)
        for _ in range(2):
            with pytest.raises(InvalidHeaders):
                headers.read(refused)


class TestEvents:
    """Know what is around them."""

    def test_have_nothing_unless_it_is_said(self) -> None:
        class Plain(Event[str], frozen=True):
            event_name: Literal["Plain"] = "Plain"

        assert Plain.around == ()

    def test_have_what_is_said(self) -> None:
        class Full(Event[str], WithHeaders[Traced], WithKey[int], frozen=True):
            event_name: Literal["Full"] = "Full"

        assert {type(reader) for reader in Full.around} == {Headers, Key}
        assert Event.around == WithHeaders.around == WithKey.around == ()
        assert set(Full.model_fields) == {"event_id", "event_timestamp", "event_name", "topic", "payload"}

    def test_check_keys_of_kafka_only(self) -> None:
        Key[int](int).check(message({}))
        with pytest.raises(BadInput, match="there is no key"):
            Key[int](int).check(record())


class TestCorrelationIds:
    """Are texts, wherever they stand."""

    @pytest.mark.parametrize(
        ("steps", "expected"),
        [
            (("a", "1", "b"), "x"),
            (("a", "0"), "1.5"),
            (("a", "2"), None),
            (("a", "-"), None),
            (("a", "1"), '{"b":"x"}'),
            (("n",), None),
            (("t",), "true"),
            (("t", "more"), None),
            (("missing", "more"), None),
            ((), '{"a":[1.5,{"b":"x"}],"n":null,"t":true}'),
        ],
    )
    def test_in_a_payload(self, steps: tuple[str, ...], expected: str | None) -> None:
        body = b'{"a": [1.5, {"b": "x"}], "n": null, "t": true}'
        assert PayloadValue(*steps).find(record(), body, None, is_envelope=False) == expected
        assert PayloadValue(*steps).find(record(), b'{"payload": ' + body + b"}", None, is_envelope=True) == expected

    def test_in_a_payload_that_came_as_something_else_than_json(self) -> None:
        payload = Traced(correlation_id="c")
        assert PayloadValue("correlation_id").find(record(), None, payload, is_envelope=False) == "c"
        assert PayloadValue().find(record(), None, "text", is_envelope=False) == "text"
        assert PayloadValue("a").find(record(), None, b"\xff", is_envelope=False) is None

    def test_may_be_the_property_of_amqp_where_clients_set_that(self) -> None:
        assert HeaderValue("correlationId").find(message({}, correlation_id="c"), b"", None, is_envelope=False) == "c"
        assert HeaderValue("request").find(message({}, correlation_id="c"), b"", None, is_envelope=False) is None
        found = HeaderValue("correlationId").find(
            message({"correlationId": 7}, correlation_id="c"), b"", None, is_envelope=False
        )
        assert found == "7"

    def test_are_what_was_found_even_if_that_is_nothing(self) -> None:
        looked_at = record(("correlation_id", b"c"))
        assert looked_at.correlation_id == "c"
        looked_at.correlation_id = None
        assert looked_at.correlation_id is None
        looked_at.correlation_id = ""
        assert looked_at.correlation_id is None
        looked_at.correlation_id = "d"
        assert looked_at.correlation_id == "d"


class Asked(BaseModel):
    """A request whose address is one of the types that pydantic writes in a spelling of its own."""

    to: UUID | None = None


class AskedEvent(Event[Asked], frozen=True):
    """Its event."""

    event_name: Literal["asked"] = "asked"


class TestReplyAddress:
    """Stands in a message once that is decoded, if the contract says where it is."""

    KNOWN = Known(AskedEvent, Asked, reply_to=PayloadValue("to"))

    def decoded(self, body: bytes, *, property_: str | None = None) -> RabbitMessage:
        one = message({}, reply_to=property_)
        assert isinstance(Deserializer("q", envelope="auto", messages=(self.KNOWN,))(body, one), AskedEvent)
        return one

    @pytest.mark.parametrize("text", ["5D0E3A0E-38F1-4F5C-9F0C-1C1F8D3F2B77", "5d0e3a0e38f14f5c9f0c1c1f8d3f2b77"])
    def test_is_what_the_body_says_to_the_letter(self, text: str) -> None:
        body = b'{"to": "%s"}' % text.encode()
        assert self.decoded(body).reply_to == text
        assert self.decoded(b'{"event_name": "asked", "payload": %s}' % body).reply_to == text

    def test_is_the_property_where_the_body_has_none(self) -> None:
        assert self.decoded(b"{}", property_="mine").reply_to == "mine"
        assert self.decoded(b'{"to": null}', property_="mine").reply_to == "mine"
        assert self.decoded(b"{}").reply_to is None
