"""A span of OpenTelemetry around every attempt, in the context that the producer sent along."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from .message import KafkaMessage
from .reason import describe

if TYPE_CHECKING:
    from collections.abc import Generator

    from .message import Message


_tracer: Final = trace.get_tracer(__name__)


@contextmanager
def span_around(message: Message) -> Generator[None, None, None]:
    """Have one attempt to handle a message in a span of its own, which tells whether it failed and never the payload.

    Without an SDK that somebody has configured in the process it records nothing.
    """
    headers = {name: text for name, value in message.headers if value and (text := value.decode(errors="ignore"))}
    channel = message.topic if isinstance(message, KafkaMessage) else message.queue
    with _tracer.start_as_current_span(
        f"process {channel}",
        context=propagate.extract(headers),
        kind=SpanKind.CONSUMER,
        attributes=_attributes(message),
        record_exception=False,  # its text may repeat a payload
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception as error:
            span.set_status(Status(StatusCode.ERROR, describe(error)))
            raise


def _attributes(message: Message) -> dict[str, str | int]:
    """Give what the semantic conventions for messaging ask for (OpenTelemetry, messaging spans)."""
    attributes: dict[str, str | int] = {
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.message.id": str(message.event_id),
        "messaging.message.attempt": message.attempt,
    }
    if isinstance(message, KafkaMessage):
        return attributes | {
            "messaging.system": "kafka",
            "messaging.destination.name": message.topic,
            "messaging.destination.partition.id": str(message.partition),
            "messaging.kafka.offset": message.offset,
        }
    return attributes | {
        "messaging.system": "rabbitmq",
        "messaging.destination.name": f"{message.exchange}:{message.routing_key}:{message.queue}",
        "messaging.rabbitmq.destination.routing_key": message.routing_key,
    }
