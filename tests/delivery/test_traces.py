"""Spans of OpenTelemetry around attempts, below the span of whoever sent the message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from aio_pika import Message

from tests.live.kafka_client import Record
from tests.live.ledger import FAILS_ONCE, WISH
from tests.live.users_on_kafka import TOPIC
from tests.live.users_on_kafka import user as user_on_kafka
from tests.live.users_on_rabbit import QUEUE
from tests.live.users_on_rabbit import user as user_on_rabbit

if TYPE_CHECKING:
    from aio_pika.abc import HeadersType

    from tests.live.packages import Package
    from tests.live.users_on_kafka import UsersOnKafka
    from tests.live.users_on_rabbit import UsersOnRabbit

_EXPORTER: Final = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

_spans = open("spans.jsonl", "a", buffering=1)
_exporter = ConsoleSpanExporter(out=_spans, formatter=lambda span: span.to_json(indent=None) + chr(10))
trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(SimpleSpanProcessor(_exporter))
"""
"""What somebody who wants traces writes into dependencies.py."""

_TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
_PARENT: Final = "00f067aa0ba902b7"
_TRACEPARENT: Final = f"00-{_TRACE}-{_PARENT}-01"


@pytest.mark.xdist_group("kafka")
async def test_attempts_have_spans_on_kafka(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    _export(users.package)
    headers = [("odd", b"\xff"), ("odd", None), ("traceparent", _TRACEPARENT.encode())]
    with users.service(TRACES="true", RETRY_DELAY=0.01):
        await users.send(Record(user_on_kafka("u-1").body, b"u-1", headers).wishing(FAILS_ONCE), user_on_kafka("u-2"))
        await users.until_handled("u-1", "u-2")

    first, _, _ = spans = _spans(users.package)
    _check(spans, users.ledger.entries("began")[0].event_id)
    assert first["attributes"]["messaging.system"] == "kafka"
    assert first["attributes"]["messaging.destination.name"] == TOPIC
    assert first["attributes"]["messaging.kafka.offset"] == 0


@pytest.mark.xdist_group("rabbit")
async def test_attempts_have_spans_on_rabbit(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    _export(users.package)
    headers: HeadersType = {"odd": bytearray(b"\xff"), "number": 7, WISH: FAILS_ONCE, "traceparent": _TRACEPARENT}
    with users.service(TRACES="true", RETRY_DELAY=0.01):
        await users.send(Message(user_on_rabbit("u-1").body, headers=headers, message_id="m-1"), user_on_rabbit("u-2"))
        await users.until_handled("u-1", "u-2")

    first, _, _ = spans = _spans(users.package)
    _check(spans, users.ledger.entries("began")[0].event_id)
    assert first["attributes"]["messaging.system"] == "rabbitmq"
    assert QUEUE in first["attributes"]["messaging.destination.name"]


def _export(package: Package) -> None:
    with package.file("dependencies.py").open("a") as file:
        file.write(_EXPORTER)


def _spans(package: Package) -> list[Any]:
    return [json.loads(line) for line in (package.folder / "spans.jsonl").read_text().splitlines()]


def _check(spans: list[Any], event_id: str) -> None:
    """Two attempts of a message that brought a context along, and one of a message without."""
    failed, handled, alone = spans
    for number, span in enumerate((failed, handled), 1):
        assert span["context"]["trace_id"] == f"0x{_TRACE}"
        assert span["parent_id"] == f"0x{_PARENT}"
        assert span["kind"] == "SpanKind.CONSUMER"
        assert span["attributes"]["messaging.message.id"] == event_id
        assert span["attributes"]["messaging.message.attempt"] == number
    assert failed["status"] == {"status_code": "ERROR", "description": "ConnectionError: the database is away"}
    assert handled["status"]["status_code"] != "ERROR"
    assert alone["parent_id"] is None
    assert alone["context"]["trace_id"] != failed["context"]["trace_id"]
    assert "example.com" not in json.dumps(spans), "no payload"
