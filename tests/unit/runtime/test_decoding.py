"""Deserializers: which message a body is, what its event holds, and what is refused."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Literal
from uuid import UUID, uuid4

import cqrs
import pytest
from cqrs.deserializers import DeserializeJsonError
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict
from runtime.bad_input import AmbiguousMessage, InvalidPayload, NotJson, UnknownMessage, UnsupportedContent
from runtime.decoding import ENVELOPES, Deserializer, Ignored, Known, LeftOut, Unsupported
from runtime.events import Event
from runtime.message import KafkaMessage, RabbitMessage

from .contract import (
    Anything,
    Declared,
    DeclaredPayload,
    Note,
    Numbers,
    OrderArchivedPayload,
    OrderCancelled,
    OrderCancelledPayload,
    OrderPlaced,
    OrderPlacedPayload,
)

EVENT_ID = UUID("0b2f3c1e-5f5e-4d1b-9c3a-1d2e3f405162")
SENT = "2026-11-23T07:00:00.123456"
ORDER = {"order-id": "o-1", "items": [{"sku": "a", "qty": 2}]}
CANCELLATION = {"order-id": "o-1", "reason": "late"}


def encoded(value: object) -> bytes:
    return json.dumps(value).encode()


def enveloped(name: str, payload: object, **members: object) -> bytes:
    return encoded({
        "event_name": name,
        "payload": payload,
        "event_id": str(EVENT_ID),
        "event_timestamp": SENT,
        "topic": "somewhere",
        **members,
    })  # fmt: skip


def deserializer(*messages: Any, envelope: Any = "auto") -> Deserializer[Any]:
    return Deserializer("orders.v1", envelope=envelope, messages=messages)


def record(body: bytes | None = b"", *headers: tuple[str, bytes | None]) -> KafkaMessage:
    return KafkaMessage("orders.v1", 1, 7, 1_700_000_000_000, b"key", body, headers)


def refused(answer: object) -> tuple[type[Exception], str]:
    assert isinstance(answer, DeserializeJsonError)
    return answer.error_type, answer.error_message


placed = deserializer(Known(OrderPlaced, OrderPlacedPayload))
told_by_validity = deserializer(
    Known(OrderPlaced, OrderPlacedPayload),
    Known(OrderCancelled, OrderCancelledPayload),
    LeftOut("OrderArchived", OrderArchivedPayload),
)


class TestBareBodies:
    """A body that is the payload."""

    def test_is_the_payload(self) -> None:
        event = placed(encoded({**ORDER, "placed_on": "2026-11-23", "customer": str(EVENT_ID), "extra": [1.50, None]}))
        assert isinstance(event, OrderPlaced)
        assert event.payload.order_id == "o-1"
        assert event.payload.placed_on == date(2026, 11, 23)
        assert event.payload.customer == EVENT_ID
        assert event.event_name == "OrderPlaced"
        assert event.topic == "orders.v1"

    @pytest.mark.parametrize("number", ["1", "1.0", "1.25", "1e3", "-0", "12345678901234567890123"])
    def test_keeps_what_the_wire_says(self, number: str) -> None:
        body = b'{"order-id": "o-1", "total": %s, "other": [%s]}' % (number.encode(), number.encode())
        event = placed(body)
        assert isinstance(event, OrderPlaced)
        exact = json.loads(number)
        assert (type(event.payload.total), event.payload.total) == (type(exact), exact)
        written = event.to_dict()["payload"]
        assert (written["total"], written["other"]) == (exact, [exact])
        assert written["order-id"] == "o-1"

    def test_takes_identity_and_time_of_its_record(self) -> None:
        message = record(encoded(ORDER))
        first, second = placed(message.body, message), placed(message.body, message)
        assert isinstance(first, OrderPlaced)
        assert isinstance(second, OrderPlaced)
        assert first.event_id == second.event_id == message.event_id
        assert first.event_timestamp == datetime.fromtimestamp(1_700_000_000, timezone.utc)

    def test_has_a_new_identity_without_a_message(self) -> None:
        first, second = placed(encoded(ORDER)), placed(encoded(ORDER))
        assert isinstance(first, OrderPlaced)
        assert isinstance(second, OrderPlaced)
        assert first.event_id != second.event_id
        assert datetime.now(timezone.utc) - first.event_timestamp < timedelta(minutes=1)

    def test_is_read_by_alias_only(self) -> None:
        assert refused(placed(b'{"order_id": "o-1"}')) == (InvalidPayload, "order-id: Field required")

    @pytest.mark.parametrize("body", [b'{"order-id": 1}', b'{"order-id": "o-1", "items": [{"sku": "a", "qty": "1"}]}'])
    def test_is_read_strictly(self, body: bytes) -> None:
        assert refused(placed(body))[0] is InvalidPayload

    @pytest.mark.parametrize(
        ("event", "payload_type", "value"),
        [
            (Numbers, list[int], [1, 2, 3]),
            (Note, str | None, "text"),
            (Note, str | None, None),
            (Anything, Any, {"a": [1, {"b": None}]}),
            (Anything, Any, 1.5),
        ],
    )
    def test_may_be_any_value(self, event: type[Event[Any]], payload_type: Any, value: object) -> None:
        answer = deserializer(Known(event, payload_type))(encoded(value))
        assert isinstance(answer, event)
        assert answer.payload == value
        assert answer.to_dict()["payload"] == value

    def test_strings_are_quoted(self) -> None:
        assert refused(deserializer(Known(Note, str | None))(b"text"))[0] is NotJson


class TestIntegers:
    """1.0 is an integer for JSON Schema."""

    @pytest.mark.parametrize("spelling", ["2.0", "2e0", "20e-1"])
    def test_may_be_spelt_as_numbers(self, spelling: str) -> None:
        body = b'{"order-id": "o-1", "total": 2.0, "items": [{"sku": "a", "qty": %s}]}' % spelling.encode()
        event = placed(body)
        assert isinstance(event, OrderPlaced)
        assert (type(event.payload.items[0].qty), event.payload.items[0].qty) == (int, 2)
        assert isinstance(event.payload.total, float)

    def test_may_be_spelt_as_numbers_anywhere(self) -> None:
        class Level(BaseModel):
            level: Literal[1, 2] | None
            by_name: dict[str, int]

        class Levels(Event[Level], frozen=True):
            event_name: Literal["Levels"] = "Levels"

        event = deserializer(Known(Levels, Level))(b'{"level": 1.0, "by_name": {"int": 2.0, "b": 3}}')
        assert isinstance(event, Levels)
        assert event.payload == Level(level=1, by_name={"int": 2, "b": 3})
        numbers = deserializer(Known(Numbers, list[int]))(b"[1, 2.0, 12345678901234567890123]")
        assert isinstance(numbers, Numbers)
        assert numbers.payload == [1, 2, 12345678901234567890123]

    def test_have_no_fraction(self) -> None:
        kind, text = refused(deserializer(Known(Numbers, list[int]))(b"[1.0, 1.5]"))
        assert kind is InvalidPayload
        assert text == "1: Input should be a valid integer"

    def test_are_respelt_in_envelopes(self) -> None:
        event = placed(enveloped("OrderPlaced", {"order-id": "o", "items": [{"sku": "a", "qty": 1.0}]}))
        assert isinstance(event, OrderPlaced)
        assert event.payload.items[0].qty == 1


class TestEnvelopes:
    """A body that is an envelope of python-cqrs."""

    def test_brings_identity_time_and_topic(self) -> None:
        event = placed(enveloped("OrderPlaced", ORDER), record())
        assert isinstance(event, OrderPlaced)
        assert event.payload.order_id == "o-1"
        assert event.event_id == EVENT_ID
        assert event.event_timestamp == datetime.fromisoformat(SENT)
        assert event.topic == "somewhere"

    def test_of_python_cqrs_itself_is_read(self) -> None:
        original = OrderPlaced(payload=OrderPlacedPayload(order_id="o-1"), topic="t")
        assert placed(encoded(original.to_dict())) == original

    def test_of_a_dataclass_event_is_read(self) -> None:
        @dataclass
        class Payload:
            reason: str
            amounts: list[int] = field(default_factory=list[int])

        class Reasoned(BaseModel):
            model_config = ConfigDict(extra="allow")
            reason: str

        class OrderRefused(Event[Reasoned], frozen=True):
            event_name: Literal["OrderRefused"] = "OrderRefused"

        original = cqrs.NotificationEvent[Payload](event_name="OrderRefused", payload=Payload("late", [1]), topic="t")
        written = original.to_dict()
        assert "eventId" in written
        assert "-" not in str(written["eventId"])
        event = deserializer(Known(OrderRefused, Reasoned))(json.dumps(written, default=str).encode(), record())
        assert isinstance(event, OrderRefused)
        assert event.event_id == original.event_id
        assert event.event_timestamp == original.event_timestamp
        assert event.payload.reason == "late"

    def test_holds_a_payload_as_the_contract_spells_it(self) -> None:
        body = encoded({"eventName": "OrderPlaced", "payload": {"orderId": "o-1"}, "eventId": EVENT_ID.hex})
        assert refused(placed(body)) == (InvalidPayload, "payload.order-id: Field required")

    @pytest.mark.parametrize("member", ["event_id", "event_timestamp", "topic"])
    def test_takes_what_it_lacks_from_the_message(self, member: str) -> None:
        value = json.loads(enveloped("OrderPlaced", ORDER))
        del value[member]
        message = record()
        first, second = placed(encoded(value), message), placed(encoded(value), message)
        assert isinstance(first, OrderPlaced)
        assert first == second
        expected = {"event_id": message.event_id, "event_timestamp": message.sent_at, "topic": "orders.v1"}
        assert getattr(first, member) == expected[member]
        assert (first.event_id == EVENT_ID) is (member != "event_id")

    @pytest.mark.parametrize("members", [{"event_id": "x"}, {"event_id": None}, {"event_timestamp": "x"}, {"topic": 1}])
    def test_is_refused_when_it_is_broken(self, members: dict[str, object]) -> None:
        assert refused(placed(enveloped("OrderPlaced", ORDER, **members)))[0] is InvalidPayload

    def test_is_never_taken_for_the_payload(self) -> None:
        anything = deserializer(Known(OrderPlaced, OrderArchivedPayload))
        assert refused(anything(enveloped("OrderPlaced", {})))[0] is InvalidPayload

    def test_is_seen_behind_escapes(self) -> None:
        body = enveloped("OrderPlaced", ORDER).replace(b"event_name", rb"event\u005fname")
        event = placed(body)
        assert isinstance(event, OrderPlaced)
        assert event.event_id == EVENT_ID

    @pytest.mark.parametrize(
        "body",
        [
            enveloped("SomethingElse", ORDER),
            encoded({**ORDER, "event_name": "OrderPlaced"}),
            encoded({**ORDER, "event_name": ["OrderPlaced"], "payload": {}}),
        ],
    )
    def test_of_nothing_we_know_is_a_payload(self, body: bytes) -> None:
        anything = deserializer(Known(Anything, Any), Known(OrderPlaced, OrderCancelledPayload))
        event = anything(body)
        assert isinstance(event, Anything)
        assert event.payload == json.loads(body)

    def test_that_the_schema_declares_is_the_payload(self) -> None:
        declared = deserializer(Known(Declared, DeclaredPayload, declares_envelope=True))
        event = declared(enveloped("Declared", {"a": 1}), record())
        assert isinstance(event, Declared)
        assert event.payload.payload == {"a": 1}
        assert event.payload.event_id == str(EVENT_ID)
        assert (event.event_id, event.event_timestamp) == (EVENT_ID, datetime.fromisoformat(SENT))

    def test_that_the_schema_declares_differently_has_the_identity_of_its_message(self) -> None:
        declared = deserializer(Known(Declared, DeclaredPayload, declares_envelope=True))
        message = record()
        event = declared(enveloped("Declared", {}, event_id="42"), message)
        assert isinstance(event, Declared)
        assert event.event_id == message.event_id

    def test_names_the_message(self) -> None:
        event = told_by_validity(enveloped("OrderCancelled", CANCELLATION))
        assert isinstance(event, OrderCancelled)
        assert told_by_validity(enveloped("OrderArchived", {"anything": 1})) == Ignored("OrderArchived")

    def test_of_an_unsupported_message_is_refused(self) -> None:
        answer = deserializer(
            Known(OrderPlaced, OrderPlacedPayload), Unsupported("OrderExported", content_type="application/avro")
        )(enveloped("OrderExported", {}))
        assert refused(answer) == (UnsupportedContent, "'OrderExported' is application/avro, which cannot be decoded")

    @pytest.mark.parametrize(
        "body",
        [
            encoded(ORDER),
            enveloped("SomethingElse", ORDER),
            encoded({"event_name": "OrderPlaced"}),
            encoded({"payload": ORDER}),
            b"[]",
            b"null",
        ],
    )
    def test_may_be_required(self, body: bytes) -> None:
        cqrs_only = deserializer(Known(OrderPlaced, OrderPlacedPayload), envelope="cqrs")
        assert isinstance(cqrs_only(enveloped("OrderPlaced", ORDER)), OrderPlaced)
        assert refused(cqrs_only(body)) == (
            UnknownMessage,
            "no envelope with a payload and an event_name among 'OrderPlaced'",
        )

    def test_may_be_unknown(self) -> None:
        none = deserializer(Known(Anything, Any), envelope="none")
        body = enveloped("Anything", ORDER)
        event = none(body)
        assert isinstance(event, Anything)
        assert event.payload == json.loads(body)
        assert event.event_id != EVENT_ID
        assert ENVELOPES == ("auto", "cqrs", "none")


class TestTellingMessagesApart:
    """Several messages on a channel."""

    members = deserializer(
        Known(OrderPlaced, OrderPlacedPayload, member=("type", ("placed", "ordered"))),
        Known(OrderCancelled, OrderCancelledPayload, member=("type", ("cancelled",))),
        LeftOut("OrderArchived", OrderArchivedPayload, member=("type", ("archived",))),
    )
    headers = deserializer(
        Known(OrderPlaced, OrderPlacedPayload, header=("__TypeId__", ("com.acme.Placed",))),
        Known(OrderCancelled, OrderCancelledPayload, header=("__TypeId__", ("com.acme.Cancelled",))),
        Unsupported("OrderExported", content_type="application/avro", header=("__TypeId__", ("com.acme.Exported",))),
    )

    def test_by_a_member(self) -> None:
        both = {**ORDER, **CANCELLATION}
        assert isinstance(self.members(encoded({**both, "type": "ordered"})), OrderPlaced)
        assert isinstance(self.members(encoded({**both, "type": "cancelled"})), OrderCancelled)
        assert self.members(encoded({"archive": "x", "type": "archived"})) == Ignored("OrderArchived")

    def test_a_member_that_decides_leaves_no_choice(self) -> None:
        answer = self.members(encoded({**ORDER, "type": "cancelled"}))
        assert refused(answer) == (InvalidPayload, "reason: Field required")

    @pytest.mark.parametrize("value", ["somewhere", 1, None, ["placed"]])
    def test_a_member_that_names_nothing_is_refused(self, value: object) -> None:
        kind, text = refused(self.members(encoded({**ORDER, "type": value})))
        assert kind is UnknownMessage
        assert text == "member 'type' is none of 'placed', 'ordered', 'cancelled', 'archived'"

    def test_without_the_member_the_valid_one_wins(self) -> None:
        assert isinstance(self.members(encoded(ORDER)), OrderPlaced)

    def test_by_a_header(self) -> None:
        both = encoded({**ORDER, **CANCELLATION})
        assert isinstance(self.headers(both, record(both, ("__TypeId__", b"com.acme.Placed"))), OrderPlaced)
        cancelled = RabbitMessage("", "q", "q", both, {"__TypeId__": "com.acme.Cancelled"})
        assert isinstance(self.headers(both, cancelled), OrderCancelled)

    def test_a_header_that_names_nothing_is_refused(self) -> None:
        kind, text = refused(self.headers(encoded(ORDER), record(b"", ("__TypeId__", b"com.acme.Other"))))
        assert kind is UnknownMessage
        assert text == ("header '__TypeId__' is none of 'com.acme.Placed', 'com.acme.Cancelled', 'com.acme.Exported'")

    def test_a_header_names_an_unsupported_message(self) -> None:
        exported = record(b"", ("__TypeId__", b"com.acme.Exported"))
        assert refused(self.headers(b"\x00\x01", exported))[0] is UnsupportedContent
        assert refused(self.headers(encoded(ORDER), exported))[0] is UnsupportedContent
        assert refused(self.headers(b"\x00\x01", record(b"", ("__TypeId__", b"com.acme.Placed"))))[0] is NotJson

    def test_without_the_header_the_valid_one_wins(self) -> None:
        assert isinstance(self.headers(encoded(ORDER), record()), OrderPlaced)
        assert isinstance(self.headers(encoded(ORDER)), OrderPlaced)

    def test_a_single_message_is_refused_under_another_header(self) -> None:
        single = deserializer(Known(OrderPlaced, OrderPlacedPayload, header=("kind", ("placed",))))
        assert isinstance(single(encoded(ORDER), record(b"", ("kind", b"placed"))), OrderPlaced)
        assert refused(single(encoded(ORDER), record(b"", ("kind", b"other"))))[0] is UnknownMessage

    def test_the_envelope_goes_before_the_header(self) -> None:
        body = enveloped("OrderCancelled", CANCELLATION)
        assert isinstance(self.headers(body, record(body, ("__TypeId__", b"com.acme.Placed"))), OrderCancelled)

    def test_by_validity(self) -> None:
        assert isinstance(told_by_validity(encoded(ORDER)), OrderPlaced)
        assert told_by_validity(encoded({"archive": "x"})) == Ignored("OrderArchived")

    def test_by_validity_names_those_that_fit(self) -> None:
        answer = told_by_validity(encoded(CANCELLATION))
        assert refused(answer) == (AmbiguousMessage, "valid as each of OrderPlaced, OrderCancelled")

    def test_by_validity_tells_why_none_fits(self) -> None:
        kind, text = refused(told_by_validity(b'{"reason": "secret"}'))
        assert kind is UnknownMessage
        assert text == (
            "valid as none of OrderPlaced: order-id: Field required | OrderCancelled: order-id: Field required"
            " | OrderArchived: archive: Field required"
        )

    def test_an_unsupported_message_may_be_what_does_not_fit(self) -> None:
        beside = deserializer(
            Known(OrderPlaced, OrderPlacedPayload), Unsupported("OrderExported", content_type="application/avro")
        )
        assert isinstance(beside(encoded(ORDER)), OrderPlaced)
        assert refused(beside(b"{}"))[0] is UnsupportedContent
        assert refused(beside(b"\x00Obj"))[0] is UnsupportedContent


class TestContentTypes:
    """Bodies that say what they are."""

    @pytest.mark.parametrize(
        "content_type",
        [b"application/json", b"application/json; charset=utf-8", b"application/vnd.acme.v1+json", b"Application/JSON",
         b'"application/json"', b"application/octet-stream", b"", None],
    )  # fmt: skip
    def test_of_json_are_read(self, content_type: bytes | None) -> None:
        assert isinstance(placed(encoded(ORDER), record(b"", ("content-type", content_type))), OrderPlaced)

    @pytest.mark.parametrize("content_type", ["text/plain", "application/avro", "application/xml"])
    def test_of_anything_else_are_refused(self, content_type: str) -> None:
        message = RabbitMessage("", "q", "q", b"", content_type=content_type)
        kind, text = refused(placed(encoded(ORDER), message))
        assert kind is UnsupportedContent
        assert content_type in text


class TestBadInput:
    """Bodies that nobody can use."""

    def test_a_tombstone_is_nothing(self) -> None:
        assert placed(None, record(None)) is None

    @pytest.mark.parametrize(
        "body",
        [
            b"", b" ", b"{", b"nul", b"1 2", b"\x00", b"\xff\xfe", b'"\xed\xa0\x80"', rb'"\ud800"',
            b"\xef\xbb\xbf{}", b"NaN", b"[Infinity]", b"-Infinity", b"1e400", b"9" * 400, b'{"a": 1, "a": 1}',
            b'[{"a": {"b": 1, "b": 2}}]', rb'{"a": 1, "\u0061": 2}', rb'{"a": "\u003a\u003A", "a": 1}',
            b"[" * 300 + b"]" * 300, b"[" * 100_000, b'{"a":' * 5_000,
        ],
    )  # fmt: skip
    def test_is_no_json(self, body: bytes) -> None:
        answer = deserializer(Known(Anything, Any))(body, record(body))
        assert refused(answer)[0] is NotJson
        assert isinstance(answer, DeserializeJsonError)
        assert answer.message_data == body

    def test_nesting_is_limited_by_the_validator_too(self) -> None:
        assert refused(deserializer(Known(Anything, Any))(b"[" * 220 + b"]" * 220))[0] is NotJson

    @pytest.mark.parametrize(
        "body",
        [rb'{"a": "\u003a\u0022", "b": ":"}', rb'{"quo\"te": "\\\"", "b": ["\"", {"\u0022": 1}]}',
         '{"ж": "ж"}'.encode(), b'{"a": {"x": 1}, "b": {"x": 1}}', b' {"a" :1}\r\n'],
    )  # fmt: skip
    def test_quotes_and_colons_are_no_duplicates(self, body: bytes) -> None:
        event = deserializer(Known(Anything, Any))(body)
        assert isinstance(event, Anything)
        assert event.payload == json.loads(body)

    def test_says_where_and_never_what(self) -> None:
        class Closed(BaseModel):
            model_config = ConfigDict(extra="forbid")
            kind: Literal["a"]
            ids: dict[str, UUID]
            when: datetime
            amount: int

        class Strict(Event[Closed], frozen=True):
            event_name: Literal["Strict"] = "Strict"

        body = encoded({
            "kind": "SECRET",
            "ids": {"SECRET": "SECRET"},
            "when": "SECRET",
            "amount": "SECRET",
            "SECRET": 1,
            "SECRET2": 1,
        })  # fmt: skip
        kind, text = refused(deserializer(Known(Strict, Closed))(body))
        assert kind is InvalidPayload
        assert "SECRET" not in text
        assert text.startswith("kind: Input should be 'a'; ids.*: Input should be a valid UUID; when: ")
        assert text.endswith("; and 1 more")

    @settings(max_examples=300, deadline=None)
    @given(body=st.binary(max_size=60), envelope=st.sampled_from(ENVELOPES))
    def test_never_raises(self, body: bytes, envelope: str) -> None:
        answer = deserializer(
            Known(OrderPlaced, OrderPlacedPayload), Known(Anything, Any), envelope=envelope
        )(body, record(body))  # fmt: skip
        assert isinstance(answer, (Event, DeserializeJsonError))

    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    )

    @settings(max_examples=300, deadline=None)
    @given(value=json_values, is_ascii=st.booleans())
    def test_every_value_comes_out_as_it_went_in(self, value: object, *, is_ascii: bool) -> None:
        event = deserializer(Known(Anything, Any), envelope="none")(json.dumps(value, ensure_ascii=is_ascii).encode())
        assert isinstance(event, Anything)
        assert json.dumps(event.to_dict()["payload"]) == json.dumps(value)


class TestEvents:
    """Events, as they are written and read again."""

    def test_are_written_as_the_contract_spells_them(self) -> None:
        event = OrderPlaced(payload=OrderPlacedPayload(order_id="o", placed_on=date(2026, 1, 2)), event_id=EVENT_ID)
        written = event.to_dict()
        assert written["payload"]["order-id"] == "o"
        assert written["payload"]["placed_on"] == "2026-01-02"
        assert written["event_id"] == str(EVENT_ID)
        assert OrderPlaced.from_dict(**written) == event

    def test_are_not_made_of_look_alikes(self) -> None:
        other = OrderCancelled(payload=OrderCancelledPayload(order_id="o", reason="r"))
        with pytest.raises(ValueError, match="OrderPlaced"):
            OrderPlaced.model_validate(other)

    def test_have_the_hash_of_their_identity(self) -> None:
        assert hash(Anything(payload={}, event_id=EVENT_ID)) == hash(EVENT_ID)

    def test_are_read_by_python_cqrs(self) -> None:
        read = cqrs.deserializers.JsonDeserializer[OrderPlaced](OrderPlaced)
        event = OrderPlaced(payload=OrderPlacedPayload(order_id="o"), event_id=uuid4())
        assert read(encoded(event.to_dict())) == event
