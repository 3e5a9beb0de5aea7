"""Headers, keys and correlation ids: what the contract says of them reaches the handler typed, or is bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import pytest
from aiokafka import ConsumerRecord
from faststream.kafka.message import FAKE_CONSUMER

from tests.generated import Package
from tests.live.packages import PARCELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tests.generated import Dead, Generate

REQUEST: Final = "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77"
KEY: Final = REQUEST.encode()
BODY: Final = b'{"id": "p-1", "order": {"number": 9007199254740993}}'
LEAST: Final = {"attempt-number": "1", "priority": "low"}
ALL: Final = {
    "request-id": REQUEST,
    "attempt-number": "2",
    "priority": "high",
    "weight": "1.50",
    "fragile": "True",
    "sent-at": "2026-03-01T09:30:00Z",
    "tags": '["a", "b"]',
    "sender": '{"name": "Ada", "country": "UK"}',
    "note": "5",
    "limit": "7",
    "other": "\udcff",
}


@pytest.fixture(scope="module")
def parcels(generate: Generate) -> Package:
    return generate(PARCELS)


async def of_kafka(
    parcels: Package,
    headers: Sequence[tuple[str, bytes | None]] = (),
    *,
    topic: str = "parcels.sent",
    key: bytes | None = KEY,
    body: bytes = BODY,
) -> list[Dead]:
    """Hand a record to the subscriber as the client does, whose headers FastStream's broker in memory cannot send."""
    async with parcels.traffic() as traffic:
        contract = parcels.module("contract.kafka")
        record = ConsumerRecord(topic, 0, 0, 5, 0, key, body, None, 0, 0, tuple(headers))
        subscriber = {"parcels.sent": "sent", "parcels.weighed": "weighed", "parcels.moved": "moved"}[topic]
        batch = contract.Batch(
            body=b"", raw_message=(record,), message_id="", correlation_id="", consumer=FAKE_CONSUMER
        )
        await getattr(contract, f"on_{subscriber}")(batch)
    return list(traffic.dead)


async def of_rabbit(
    parcels: Package, headers: Mapping[str, Any], queue: str = "parcels.sent", *, body: bytes = BODY, **properties: Any
) -> list[Dead]:
    async with parcels.traffic() as traffic:
        await traffic.rabbit.publish(body, queue, headers=dict(headers), **properties)
    return list(traffic.dead)


def as_bytes(headers: Mapping[str, str]) -> list[tuple[str, bytes | None]]:
    return [(name, text.encode("utf-8", "surrogateescape")) for name, text in headers.items()]


def headers_of(parcels: Package, event: str = "ParcelSent") -> Any:
    """Give the typed headers of the only message that was handled, read anew as a test of a handler does."""
    return _around(parcels, event, "headers_of")


def key_of(parcels: Package, event: str = "ParcelSent") -> Any:
    return _around(parcels, event, "key_of")


def _around(parcels: Package, event: str, function: str) -> Any:
    [(handled, message)] = parcels.handled
    message.typed = None
    assert type(handled).__name__ == event
    with parcels.module("contract.testing").handling(message):
        return getattr(parcels.module("contract"), function)(type(handled))


class TestHeaders:
    """Are read as what their schema says: from texts, and from what AMQP has types for."""

    async def test_of_a_record_are_read_from_texts(self, parcels: Package) -> None:
        assert await of_kafka(parcels, as_bytes(ALL)) == []
        headers = headers_of(parcels)
        models = parcels.module("contract.models")
        assert type(headers) is models.ParcelSentHeaders
        assert (headers.request_id, headers.attempt_number) == (UUID(REQUEST), 2)
        assert headers.priority is models.ParcelSentHeadersPriority.HIGH
        assert (headers.weight, headers.fragile) == (1.5, True)
        assert headers.sent_at == datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
        assert (headers.tags, headers.sender.name) == (["a", "b"], "Ada")
        assert (headers.note, headers.limit) == ("5", 7)

    async def test_of_a_message_are_read_from_typed_values(self, parcels: Package) -> None:
        typed = {
            "attempt-number": 2,
            "priority": "high",
            "weight": Decimal("1.5"),
            "fragile": True,
            "sent-at": datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc),
            "tags": ["a", "b"],
            "sender": {"name": "Ada"},
            "note": None,
            "limit": False,
            "other": bytearray(b"\xff"),
        }
        assert await of_rabbit(parcels, typed) == []
        headers = headers_of(parcels)
        assert (headers.attempt_number, headers.weight, headers.fragile, headers.limit) == (2, 1.5, True, False)
        assert headers.sent_at == datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
        assert (headers.tags, headers.sender.name, headers.note) == (["a", "b"], "Ada", None)

    async def test_of_a_message_may_be_texts(self, parcels: Package) -> None:
        assert await of_rabbit(parcels, {name: text for name, text in ALL.items() if name != "other"}) == []
        assert headers_of(parcels).attempt_number == 2

    async def test_that_come_twice_are_the_last(self, parcels: Package) -> None:
        await of_kafka(parcels, [("attempt-number", None), *as_bytes({**LEAST, "attempt-number": "8"})])
        assert headers_of(parcels).attempt_number == 8

    async def test_that_are_absent_are_none(self, parcels: Package) -> None:
        await of_kafka(parcels, as_bytes(LEAST))
        assert (headers_of(parcels).weight, headers_of(parcels).tags) == (None, None)

    @pytest.mark.parametrize(
        ("name", "value", "reason"),
        [
            ("attempt-number", b"secret", "attempt-number: Input should be a valid integer"),
            ("attempt-number", b"0", "attempt-number: Input should be greater than or equal to 1"),
            ("attempt-number", b"1.5", "attempt-number: Input should be a valid integer"),
            ("attempt-number", b"", "attempt-number: Input should be a valid integer"),
            ("attempt-number", None, "attempt-number: Input should be a valid integer"),
            ("attempt-number", b"\xff", "attempt-number: it is no UTF-8"),
            ("priority", b"secret", "priority: Input should be 'low' or 'high'"),
            ("weight", b"NaN", "weight.int: Input should be a valid integer; weight.float: Input should be a valid"),
            ("fragile", b"1", "fragile: Input should be a valid boolean"),
            ("sent-at", b"secret", "sent-at: Input should be a valid datetime"),
            ("request-id", b"secret", "request-id: Input should be a valid UUID"),
            ("tags", b"secret", "tags: Input should be a valid array"),
            ("tags", b"[1]", "tags.0: Input should be a valid string"),
            ("sender", b'{"name": "a", "name": "a"}', "sender: Input should be"),
            ("sender", b'{"secret": 1}', "sender.name: Field required"),
        ],
    )
    async def test_that_the_contract_forbids_are_bad_input(
        self, parcels: Package, name: str, value: bytes | None, reason: str
    ) -> None:
        headers = [*as_bytes(LEAST), (name, value)]
        [dead] = await of_kafka(parcels, headers)
        assert dead.headers["x-error-type"] == "InvalidHeaders"
        assert dead.headers["x-error"].startswith(reason)
        assert "secret" not in dead.headers["x-error"]
        assert dead.body == BODY
        assert parcels.handled == []

    @pytest.mark.parametrize("envelope", [False, True])
    async def test_that_are_required_and_absent_are_bad_input(self, parcels: Package, *, envelope: bool) -> None:
        body = json.dumps({"event_name": "ParcelSent", "payload": {"id": "p-1"}}).encode() if envelope else BODY
        [dead] = await of_rabbit(parcels, {"priority": "low"}, body=body)
        reasons = (dead.headers["x-error-type"], dead.headers["x-error"])
        assert reasons == ("InvalidHeaders", "attempt-number: Field required")

    @pytest.mark.parametrize(
        ("name", "value"), [("priority", 1), ("fragile", 1), ("tags", {}), ("attempt-number", 1.5)]
    )
    async def test_of_another_type_of_amqp_are_bad_input(self, parcels: Package, name: str, value: object) -> None:
        [dead] = await of_rabbit(parcels, {"attempt-number": 1, "priority": "low", name: value})
        assert dead.headers["x-error-type"] == "InvalidHeaders"

    async def test_that_are_forbidden_are_bad_input(self, parcels: Package) -> None:
        [dead] = await of_rabbit(parcels, {"scale": "s", "secret": "s"}, "parcels.weighed")
        reasons = (dead.headers["x-error-type"], dead.headers["x-error"])
        assert reasons == ("InvalidHeaders", "a header that the contract does not allow")

    async def test_that_clients_add_are_never_forbidden(self, parcels: Package) -> None:
        added = ("traceparent", "baggage", "content-type", "correlation_id", "x-error", "x-attempts", "x-event-id")
        added += ("x-original-topic", "x-correlation-id", "X-Correlation-Id", "__TypeId__", "x-death", "x-part")
        headers = as_bytes({"scale": "s", **dict.fromkeys(added, "")})
        assert await of_kafka(parcels, headers, topic="parcels.weighed", key=b"1") == []
        assert headers_of(parcels, "ParcelWeighed").scale == "s"

    async def test_that_tell_messages_apart_still_do(self, parcels: Package) -> None:
        headers = {"__TypeId__": "Left", "request-id": REQUEST}
        assert await of_kafka(parcels, as_bytes(headers), topic="parcels.moved") == []
        assert headers_of(parcels, "ParcelLeft").type_id == "Left"

    async def test_are_not_asked_of_a_body_alone(self, parcels: Package) -> None:
        event = parcels.module("contract.deserializers").deserialize_sent(BODY)
        assert event.payload.id == "p-1"

    async def test_are_there_for_the_handler_itself(self, parcels: Package) -> None:
        seen: list[Any] = []

        async def look(event: Any) -> None:
            seen.append(parcels.module("contract").headers_of(type(event)).attempt_number)

        recorder = parcels.module("handlers.recorder")
        recorder.act = look
        await of_rabbit(parcels, {"attempt-number": 3, "priority": "low"})
        recorder.act = None
        assert seen == [3]


class TestKeys:
    """Are read as what their schema says, on Kafka."""

    async def test_are_typed(self, parcels: Package) -> None:
        await of_kafka(parcels, as_bytes(LEAST))
        assert key_of(parcels) == UUID(REQUEST)

    async def test_may_be_objects(self, parcels: Package) -> None:
        headers = as_bytes({"__TypeId__": "Arrived", "request-id": REQUEST})
        assert await of_kafka(parcels, headers, topic="parcels.moved", key=b'{"depot": "d", "gate": 4.0}') == []
        assert (key_of(parcels, "ParcelArrived").depot, key_of(parcels, "ParcelArrived").gate) == ("d", 4)

    @pytest.mark.parametrize(("key", "expected"), [(b"12", 12), (None, None)])
    async def test_may_be_null_where_the_contract_says_so(
        self, parcels: Package, key: bytes | None, expected: int | None
    ) -> None:
        assert await of_kafka(parcels, as_bytes({"scale": "s"}), topic="parcels.weighed", key=key) == []
        assert key_of(parcels, "ParcelWeighed") == expected

    @pytest.mark.parametrize(
        ("key", "reason"),
        [
            (None, "there is no key"),
            (b"secret", "Input should be a valid UUID"),
            (b"\xff", "it is no UTF-8"),
            (b"", "Input should be a valid UUID"),
        ],
    )
    async def test_that_the_contract_forbids_are_bad_input(
        self, parcels: Package, key: bytes | None, reason: str
    ) -> None:
        [dead] = await of_kafka(parcels, as_bytes(LEAST), key=key)
        assert (dead.headers["x-error-type"], dead.headers["x-error"]) == ("InvalidKey", reason)
        assert (dead.raw.key or None) == (key or None)  # brokers in memory know no difference

    async def test_are_not_there_on_rabbitmq(self, parcels: Package) -> None:
        await of_rabbit(parcels, {"attempt-number": 1, "priority": "low"})
        with pytest.raises(LookupError, match="RabbitMQ has no key"):
            key_of(parcels)


class TestOfAnEventWithout:
    """There is nothing to give."""

    @pytest.mark.parametrize("function", ["headers_of", "key_of"])
    async def test_is_a_type_error(self, parcels: Package, function: str) -> None:
        await of_kafka(parcels, as_bytes(LEAST))
        [(_, message)] = parcels.handled
        event = parcels.module("contract.runtime.events").Event
        with parcels.module("contract.testing").handling(message), pytest.raises(TypeError, match="does not describe"):
            getattr(parcels.module("contract"), function)(event)

    @pytest.mark.parametrize("function", ["headers_of", "key_of"])
    def test_or_outside_of_a_handler_is_a_lookup_error(self, parcels: Package, function: str) -> None:
        with pytest.raises(LookupError):
            getattr(parcels.module("contract"), function)(parcels.module("contract.events").ParcelSent)

    def test_nothing_is_imported_for_it(self, kafka: Package) -> None:
        kafka.module("contract.kafka")
        unused = ("headers", "keys", "around", "correlation", "wire_values")
        assert [name for name in unused if f"{kafka.name}.contract.runtime.{name}" in sys.modules] == []
        assert not hasattr(kafka.module("contract"), "headers_of")


class TestCorrelationIds:
    """Stand where the contract says."""

    async def test_in_a_header(self, parcels: Package) -> None:
        await of_kafka(parcels, as_bytes({**LEAST, "request-id": REQUEST, "correlation_id": "other"}))
        assert parcels.handled[0][1].correlation_id == REQUEST
        await of_rabbit(parcels, {**LEAST, "request-id": REQUEST}, correlation_id="other")
        assert parcels.handled[0][1].correlation_id == REQUEST

    async def test_that_are_absent_are_none(self, parcels: Package) -> None:
        await of_kafka(parcels, as_bytes({**LEAST, "correlation_id": "other"}))
        assert parcels.handled[0][1].correlation_id is None
        await of_rabbit(parcels, LEAST, correlation_id="other")
        assert parcels.handled[0][1].correlation_id is None

    @pytest.mark.parametrize("is_envelope", [False, True])
    async def test_in_the_payload(self, parcels: Package, *, is_envelope: bool) -> None:
        body = b'{"event_name": "ParcelWeighed", "payload": ' + BODY + b"}" if is_envelope else BODY
        await of_rabbit(parcels, {"scale": "s"}, "parcels.weighed", body=body, correlation_id="other")
        assert parcels.handled[0][1].correlation_id == "9007199254740993"
        await of_rabbit(parcels, {"scale": "s"}, "parcels.weighed", body=b'{"id": "p"}', correlation_id="other")
        assert parcels.handled[0][1].correlation_id is None

    async def test_inside_a_header(self, parcels: Package) -> None:
        headers = {"__TypeId__": "Left", "request-id": REQUEST}
        traced = as_bytes({**headers, "trace": '{"request": "r-1"}'})
        assert await of_kafka(parcels, traced, topic="parcels.moved") == []
        assert parcels.handled[0][1].correlation_id == "r-1"
        await of_rabbit(parcels, {**headers, "trace": {"request": "r-2"}}, "parcels.moved")
        assert parcels.handled[0][1].correlation_id == "r-2"
        await of_kafka(parcels, as_bytes({**headers, "trace": "r-3"}), topic="parcels.moved")
        assert parcels.handled[0][1].correlation_id is None

    async def test_of_which_nothing_is_said_are_in_the_usual_headers(self, parcels: Package) -> None:
        headers = as_bytes({"__TypeId__": "Arrived", "request-id": REQUEST, "correlation_id": "c-1"})
        await of_kafka(parcels, headers, topic="parcels.moved", key=b'{"depot": "d"}')
        assert parcels.handled[0][1].correlation_id == "c-1"


ASKING = """
from typing_extensions import assert_type
from uuid import UUID
from parcels.contract import events, headers_of, key_of, models

assert_type(headers_of(events.ParcelSent), models.ParcelSentHeaders)
assert_type(headers_of(events.ParcelWeighed), models.StrictHeaders)
assert_type(key_of(events.ParcelSent), UUID)
assert_type(key_of(events.ParcelWeighed), int | None)
key_of(events.ParcelLeft)
"""


@pytest.mark.parametrize(
    ("checker", "error"), [("mypy --strict", "[arg-type]"), ("pyright --pythonpath {python}", "reportArgumentType")]
)
def test_type_checkers_know_the_types(checker: str, error: str, tmp_path: Path) -> None:
    Package(PARCELS, tmp_path, "parcels")
    (tmp_path / "asking.py").write_text(ASKING, encoding="utf-8")
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "include": ["asking.py"]}')
    command = [sys.executable, "-m", *checker.format(python=sys.executable).split()]
    arguments = ["asking.py"] if "mypy" in checker else []
    done = subprocess.run([*command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    errors = [line for line in done.stdout.splitlines() if "error" in line and "asking.py:" in line]
    assert len(errors) == 1, done.stdout
    assert f"asking.py:{ASKING.count(chr(10))}" in errors[0]
    assert error in done.stdout
