"""Messages: who they are, when they were sent, and their headers."""

from datetime import datetime, timedelta, timezone
from uuid import NAMESPACE_URL, UUID, uuid5

import pytest
from pydantic import ValidationError
from runtime.message import KafkaMessage, RabbitMessage, RetryLater, current, current_message
from runtime.settings import ServiceSettings

ID = UUID("0b2f3c1e-5f5e-4d1b-9c3a-1d2e3f405162")


def record(*headers: tuple[str, bytes | None], timestamp: int = 1_700_000_000_123) -> KafkaMessage:
    return KafkaMessage("orders.v1", 3, 41, timestamp, None, b"{}", headers)


def received(**members: object) -> RabbitMessage:
    return RabbitMessage("events", "order.placed", "orders", b"{}", **members)  # type: ignore[arg-type]


class TestIdentity:
    """The id of an event whose body brings none."""

    def test_of_a_record_is_its_place(self) -> None:
        assert record().event_id == uuid5(NAMESPACE_URL, "orders.v1/3/41/1700000000123")
        assert record().event_id != record(timestamp=1).event_id

    @pytest.mark.parametrize("value", [str(ID).encode(), ID.hex.encode()])
    def test_of_a_dead_letter_is_the_one_it_had(self, value: bytes) -> None:
        assert record(("x-event-id", b"broken"), ("x-event-id", value)).event_id == ID
        assert received(amqp_headers={"x-event-id": value}, message_id="7").event_id == ID
        assert received(amqp_headers={"x-event-id": value.decode()}).event_id == ID

    @pytest.mark.parametrize("value", [b"broken", b"\xff", b"", None])
    def test_of_a_broken_dead_letter_is_its_own(self, value: bytes | None) -> None:
        assert record(("x-event-id", value)).event_id == record().event_id
        assert received(amqp_headers={"x-event-id": value}, message_id=str(ID)).event_id == ID

    def test_of_a_queue_is_the_message_id(self) -> None:
        assert received(message_id=str(ID)).event_id == ID
        assert received(message_id="order-7").event_id == uuid5(NAMESPACE_URL, "order-7")

    def test_of_a_message_without_id_lasts_as_long_as_the_object(self) -> None:
        message = received()
        assert message.event_id == message.event_id
        assert message.event_id != received().event_id


class TestTime:
    """When a message was sent."""

    def test_of_a_record_is_in_utc(self) -> None:
        assert record().sent_at == datetime(2023, 11, 14, 22, 13, 20, 123_000, timezone.utc)

    @pytest.mark.parametrize("timestamp", [-1, 10**18])
    def test_of_a_record_without_a_usable_one_is_now(self, timestamp: int) -> None:
        assert datetime.now(timezone.utc) - record(timestamp=timestamp).sent_at < timedelta(minutes=1)

    def test_of_a_queue_is_in_utc(self) -> None:
        naive = datetime(2026, 11, 23, 7)  # noqa: DTZ001 - as clients read it
        other = datetime(2026, 11, 23, 9, tzinfo=timezone(timedelta(hours=2)))
        for timestamp in (naive, other, naive.replace(tzinfo=timezone.utc)):
            sent_at = received(timestamp=timestamp).sent_at
            assert sent_at == datetime(2026, 11, 23, 7, tzinfo=timezone.utc)
            assert sent_at.utcoffset() == timedelta(0)

    def test_of_a_message_without_is_now(self) -> None:
        assert datetime.now(timezone.utc) - received().sent_at < timedelta(minutes=1)


class TestHeaders:
    """Headers, of both protocols alike."""

    def test_of_a_record_may_repeat_and_be_anything(self) -> None:
        message = record(("a", b"1"), ("b", None), ("a", "ж".encode()), ("c", b"\xff"))
        assert message.header("a") == "ж"
        assert [message.header(name) for name in ("b", "c", "d")] == [None, None, None]

    def test_of_a_queue_are_pairs_of_text_and_bytes_too(self) -> None:
        original = {"text": "ж", "bytes": b"\xff", "number": 7, "flag": True, "none": None, "table": {"a": [1]},
                    "time": datetime(2026, 1, 2, tzinfo=timezone.utc), "odd": bytearray(b"x")}  # fmt: skip
        message = received(amqp_headers=original)
        assert dict(message.headers) == {
            "text": "ж".encode(), "bytes": b"\xff", "number": b"7", "flag": b"true", "none": None,
            "table": b'{"a": [1]}', "time": b"2026-01-02T00:00:00+00:00", "odd": b"x",
        }  # fmt: skip
        assert message.amqp_headers is original
        assert [message.header(name) for name in ("text", "number", "bytes", "none")] == ["ж", "7", None, None]

    @pytest.mark.parametrize("name", ["correlation_id", "correlationId", "correlation-id", "x-correlation-id"])
    def test_have_a_correlation_id(self, name: str) -> None:
        assert record((name, b"c-1")).correlation_id == "c-1"
        assert record(("other", b"c-1")).correlation_id is None
        assert record().correlation_id is None

    def test_have_a_content_type(self) -> None:
        assert record(("Content-Type", b"text/plain")).content_type == "text/plain"
        assert record(("contentType", b'"application/json"')).content_type == "application/json"
        assert record(("content-type", b"\xff")).content_type is None
        assert record(("content-type", None)).content_type is None
        assert record().content_type is None


def test_messages_say_where_they_are() -> None:
    assert str(record()) == "orders.v1[3]@41"
    assert str(received()) == "orders (events, order.placed)"
    assert str(RabbitMessage("", "orders", "orders", b"")) == "orders (default exchange, orders)"


def test_the_current_message_is_known_in_handlers_only() -> None:
    with pytest.raises(LookupError):
        current_message()
    message = record()
    token = current.set(message)
    assert current_message() is message
    current.reset(token)


def test_retry_later_says_when() -> None:
    assert str(RetryLater(2.5)) == "again in 2.5 s"
    assert (RetryLater(1, "busy").seconds, str(RetryLater(1, "busy"))) == (1, "busy")


class TestSettings:
    """The settings that every service has."""

    def test_name_the_dead_letter_after_the_address(self) -> None:
        assert ServiceSettings().dead_letter_of("orders.{id}") == "orders.{id}.dead"
        assert ServiceSettings(dead_letter="dead-{address}").dead_letter_of("a") == "dead-a"

    @pytest.mark.parametrize("name", ["dead", "{address}", "", "{}.dead", "{address}.{x}", "{address}{address}"])
    def test_refuse_a_dead_letter_that_is_no_place_of_its_own(self, name: str) -> None:
        with pytest.raises(ValidationError, match="must hold"):
            ServiceSettings(dead_letter=name)
