"""A span around every attempt, in the context of the producer."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from runtime import tracing
from runtime.message import KafkaMessage, RabbitMessage
from runtime.tracing import span_around

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
CONTEXT = f"00-{TRACE}-{PARENT}-01"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Give the spans that were finished."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(tracing, "_tracer", provider.get_tracer(__name__))
    return exporter


def test_of_a_kafka_record(exporter: InMemorySpanExporter) -> None:
    headers = (("null", None), ("wrong", b"\xff"), ("traceparent", CONTEXT.encode()))
    message = KafkaMessage("orders.v1", 2, 42, 0, None, b"{}", headers, attempt=3)
    with span_around(message):
        assert trace.get_current_span().is_recording()
    [span] = exporter.get_finished_spans()
    assert (span.name, span.kind, span.status.status_code) == ("process orders.v1", SpanKind.CONSUMER, StatusCode.UNSET)
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, PARENT)
    assert dict(span.attributes or {}) == {
        "messaging.system": "kafka",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "orders.v1",
        "messaging.destination.partition.id": "2",
        "messaging.kafka.offset": 42,
        "messaging.message.id": str(message.event_id),
        "messaging.message.attempt": 3,
    }


def test_of_a_message_of_rabbitmq(exporter: InMemorySpanExporter) -> None:
    with span_around(RabbitMessage("shop", "order.placed", "orders", b"{}", {"traceparent": CONTEXT})):
        pass
    [span] = exporter.get_finished_spans()
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}" == TRACE
    assert (span.attributes or {})["messaging.rabbitmq.destination.routing_key"] == "order.placed"


def test_tells_that_an_attempt_failed_and_never_the_payload(exporter: InMemorySpanExporter) -> None:
    def fail() -> None:
        with span_around(KafkaMessage("orders.v1", 0, 0, 0, None, b"SECRET")):
            raise ConnectionError("the database is away")

    with pytest.raises(ConnectionError):
        fail()
    [span] = exporter.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (
        StatusCode.ERROR,
        "ConnectionError: the database is away",
    )
    assert span.events == ()
    assert "SECRET" not in span.to_json()
