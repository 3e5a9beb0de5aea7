"""Deserializers of channels whose messages are not all JSON: which message a body is."""

from __future__ import annotations

import json
from typing import Any, Literal

import pytest
from cqrs.deserializers import DeserializeJsonError
from runtime.bad_input import AmbiguousMessage, NotJson, NotText, UnknownMessage, UnsupportedContent
from runtime.contents.avro import Avro
from runtime.contents.bytes import Bytes
from runtime.contents.decoding import ContentDeserializer, medium_of
from runtime.contents.framed import Framed
from runtime.contents.json import Json
from runtime.contents.text import Text
from runtime.decoding import Ignored, Known, LeftOut, Unsupported
from runtime.events import Event
from runtime.message import KafkaMessage

from .contract import OrderCancelled, OrderCancelledPayload, OrderPlaced, OrderPlacedPayload

ORDER = json.dumps({"order-id": "o-1"}).encode()
CANCELLATION = json.dumps({"order-id": "o-1", "reason": "late"}).encode()


class Note(Event[str], frozen=True):
    """A text."""

    event_name: Literal["Note"] = "Note"


class File(Event[bytes], frozen=True):
    """Bytes."""

    event_name: Literal["File"] = "File"


class Sum(Event[int], frozen=True):
    """A number in Avro."""

    event_name: Literal["Sum"] = "Sum"


ORDERS = Known(OrderPlaced, OrderPlacedPayload)
NOTES = Known(Note, Text(str))
FILES = Known(File, Bytes())
SUMS = Known(Sum, Avro("long", int))


def read(body: bytes | None, *messages: Any, content_type: str | None = None, **headers: str) -> Any:
    """Read a body as a channel with these messages does: gives the name and the payload, or the type of an error."""
    raw = [(name, value.encode()) for name, value in headers.items()]
    raw += [("content-type", content_type.encode())] if content_type else []
    record = KafkaMessage("orders", 1, 7, 1_700_000_000_000, b"key", body, raw)
    answer: Any = ContentDeserializer("orders", envelope="auto", messages=messages)(body, record)
    if isinstance(answer, DeserializeJsonError):
        return answer.error_type
    return answer if isinstance(answer, Ignored) or answer is None else (answer.event_name, answer.payload)


def test_a_tombstone_is_none() -> None:
    assert read(None, NOTES) is None


def test_the_event_has_the_identity_of_its_message() -> None:
    deserialize = ContentDeserializer("orders", envelope="auto", messages=(NOTES,))
    record = KafkaMessage("orders", 1, 7, 1_700_000_000_000, b"key", b"hi", ())
    event: Any = deserialize(b"hi", record)
    assert (event.event_id, event.event_timestamp, event.topic) == (record.event_id, record.sent_at, "orders")
    assert isinstance(deserialize(b"hi"), Note)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (None, ("Note", "hi")),
        ("text/plain", ("Note", "hi")),
        ("Text/Plain; charset=UTF-8; format=flowed", ("Note", "hi")),
        ('text/plain;charset="us-ascii"', ("Note", "hi")),
        ("application/octet-stream", ("Note", "hi")),
        ("text/plain; charset=iso-8859-1", UnsupportedContent),
        ("application/json", UnsupportedContent),
        ("application/xml", UnsupportedContent),
    ],
)
def test_a_message_that_is_alone_must_not_contradict_its_content_type(content_type: str | None, expected: Any) -> None:
    assert read(b"hi", NOTES, content_type=content_type) == expected


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", "OrderPlaced"),
        ("application/problem+json", "OrderPlaced"),
        ("text/plain", "Note"),
        ("application/octet-stream", "File"),
        ("avro/binary", NotJson),
        (None, AmbiguousMessage),
        ("application/xml", UnsupportedContent),
    ],
)
def test_the_content_type_decides(content_type: str | None, expected: Any) -> None:
    answer = read(ORDER, ORDERS, NOTES, FILES, content_type=content_type)
    if expected is NotJson:
        assert answer is UnsupportedContent, "no message of the channel is Avro"
    else:
        assert (answer[0] if isinstance(answer, tuple) else answer) == expected


def test_bytes_that_nobody_declared_are_whatever_they_can_be_read_as() -> None:
    assert read(b"\x02", ORDERS, SUMS, content_type="application/octet-stream") == ("Sum", 1)
    assert read(ORDER, ORDERS, SUMS, content_type="application/octet-stream")[0] == "OrderPlaced"
    assert read(b"\x02", ORDERS, FILES, content_type="application/octet-stream") == ("File", b"\x02")


@pytest.mark.parametrize(
    ("body", "expected"),
    [(ORDER, "OrderPlaced"), (b"\x02", "Sum"), (b"\x02\x02\x02", UnknownMessage), (b"", UnknownMessage)],
)
def test_without_a_content_type_it_is_what_it_can_be_read_as(body: bytes, expected: Any) -> None:
    answer = read(body, ORDERS, SUMS)
    assert (answer[0] if isinstance(answer, tuple) else answer) == expected


def test_an_envelope_around_json_settles_it() -> None:
    enveloped = json.dumps({"event_name": "OrderPlaced", "payload": {"order-id": "o-2"}}).encode()
    assert read(enveloped, ORDERS, NOTES)[0] == "OrderPlaced"
    assert read(enveloped.replace(b"OrderPlaced", b"Note"), ORDERS, NOTES)[0] == "Note", "no envelope is around a text"
    assert read(enveloped, NOTES) == ("Note", enveloped.decode())


def test_a_header_names_a_message_of_any_content() -> None:
    messages = (
        Known(OrderPlaced, OrderPlacedPayload, header=("kind", ("order",))),
        Known(Note, Text(str), header=("kind", ("note",))),
    )
    assert read(ORDER, *messages, kind="note") == ("Note", ORDER.decode())
    assert read(ORDER, *messages, kind="order")[0] == "OrderPlaced"
    assert read(ORDER, *messages, kind="other") is UnknownMessage
    assert read(ORDER, *messages, kind="note", content_type="application/json") is UnsupportedContent


def test_messages_in_json_are_told_apart_as_ever() -> None:
    messages = (ORDERS, Known(OrderCancelled, OrderCancelledPayload), SUMS)
    assert read(ORDER, *messages, content_type="application/json")[0] == "OrderPlaced"
    assert read(CANCELLATION, *messages) is UnknownMessage, "it is valid as both that are JSON"


def test_what_is_left_out_and_what_nobody_can_decode() -> None:
    messages = (NOTES, LeftOut("File", Bytes()), Unsupported("Image", content_type="image/png"))
    assert read(b"hi", *messages, content_type="application/octet-stream") == Ignored("File")
    assert read(b"hi", *messages, content_type="image/png") is UnsupportedContent
    assert read(b"\xff", SUMS, Unsupported("Image", content_type="image/png")) is UnsupportedContent
    assert read(b"hi", NOTES, Unsupported("Image", content_type="image/png")) == ("Note", "hi")


def test_framed_json_is_json_by_its_content_type() -> None:
    framed = Known(OrderPlaced, Framed(Json(OrderPlacedPayload), id_bytes=4))
    assert read(b"\x00\x00\x00\x00\x07" + ORDER, framed, NOTES, content_type="application/json")[0] == "OrderPlaced"
    assert read(b"\x00\x00\x00\x00\x07" + ORDER, framed, SUMS)[0] == "OrderPlaced"


def test_bad_input_has_a_reason() -> None:
    assert read(b"\xff", NOTES) is NotText


@pytest.mark.parametrize(
    ("content_type", "medium"),
    [
        ("application/avro", "avro"),
        ("application/vnd.apache.avro+json;version=1.9.0", "avro"),
        ("application/*+avro", "avro"),
        ("application/cloudevents+json", "json"),
        ("application/octet-stream", "bytes"),
        ("text/html", None),
    ],
)
def test_content_types(content_type: str, medium: str | None) -> None:
    assert medium_of(content_type) == medium
