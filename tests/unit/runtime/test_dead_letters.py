"""Dead letters that get too large with their reasons are made smaller; nothing of the body is ever lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from aiokafka.errors import MessageSizeTooLargeError  # type: ignore[import-untyped] # it has no types
from runtime.kafka.dead_letter import DeadLetters
from runtime.message import KafkaMessage
from runtime.rabbit.arrival import Arrival
from runtime.rabbit.dead_letter import write_dead_letter
from runtime.rabbit.outbox import HeadersTooLarge

if TYPE_CHECKING:
    from runtime.rabbit.copies import Copies

REASONS = {"x-error": "e" * 1000, "x-error-type": "NotJson"}
BODY = bytes(range(256)) * 16


class Topic:
    """As much of a producer as is needed; a record of more than `limit` bytes is refused."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.records: list[tuple[bytes | None, dict[str, bytes | None]]] = []

    async def send(self, _: str, value: bytes | None, key: bytes | None, headers: Any) -> None:
        assert key in {b"key", b"k" * 5000, None}
        assert key is not None or value is not None, "which aiokafka refuses"
        size = len(key or b"") + len(value or b"") + sum(len(name) + len(content or b"") for name, content in headers)
        if size > self.limit:
            raise MessageSizeTooLargeError
        self.records.append((value, dict(headers)))


async def write(
    topic: Topic, body: bytes | None = BODY, *headers: tuple[str, bytes | None], key: bytes | None = b"key"
) -> None:
    letters = DeadLetters(cast("Any", topic))
    await letters.write(KafkaMessage("orders", 1, 7, 0, key, body, headers), REASONS, "orders.dead")


async def test_is_written_whole_where_it_fits() -> None:
    topic = Topic(10_000)
    await write(topic, BODY, ("a", None), ("\udcff", b"1"))
    [(body, headers)] = topic.records
    assert body == BODY
    assert headers == {
        "a": None,
        r"\udcff": b"1",
        "x-error": b"e" * 1000,
        "x-error-type": b"NotJson",
        "x-original-topic": b"orders",
        "x-original-partition": b"1",
        "x-original-offset": b"7",
    }


@pytest.mark.parametrize("key", [None, b"k" * 5000])
async def test_a_tombstone_whose_key_is_none_or_too_large_is_written_with_an_empty_body(key: bytes | None) -> None:
    topic = Topic(4000)
    await write(topic, None, key=key)
    [(body, headers)] = topic.records
    assert (body, headers["x-error-type"]) == (b"", b"NotJson")


async def test_first_the_text_of_the_error_goes() -> None:
    topic = Topic(len(BODY) + 200)
    await write(topic, BODY, ("a", b"1"))
    [(body, headers)] = topic.records
    assert (body, headers["x-error"], headers["a"]) == (BODY, b"NotJson", b"1")


@pytest.mark.parametrize("limit", [700, 1300, 2500])
async def test_then_the_body_goes_into_several_records(limit: int) -> None:
    topic = Topic(limit)
    await write(topic, BODY, ("a", b"1"))
    assert b"".join(body or b"" for body, _ in topic.records) == BODY
    count = len(topic.records)
    assert [headers["x-part"] for _, headers in topic.records] == [b"%d/%d" % (n, count) for n in range(1, count + 1)]
    assert ["a" in headers for _, headers in topic.records] == [True] + [False] * (count - 1)


@pytest.mark.parametrize("body", [b"small", None])
async def test_last_the_headers_of_the_producer_are_left_out(body: bytes | None) -> None:
    topic = Topic(1000)
    await write(topic, body, ("a", b"1" * 5000), ("b", b"2"))
    [(written, headers)] = topic.records
    assert written == body
    assert headers["x-headers-left-out"] == b"2"
    assert not {"a", "b"} & headers.keys()


async def test_and_a_key_that_leaves_no_room() -> None:
    topic = Topic(1200)
    await write(topic, BODY, ("a", b"1"), key=b"k" * 5000)
    assert b"".join(body or b"" for body, _ in topic.records) == BODY
    assert {headers["x-key-left-out"] for _, headers in topic.records} == {b"5000"}


async def test_a_topic_that_takes_nothing_refuses() -> None:
    with pytest.raises(MessageSizeTooLargeError):
        await write(Topic(50), BODY, ("a", b"1"))


class Queue:
    """As much of `Copies` as is needed; headers of more than `limit` characters are refused."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.headers: list[dict[str, object]] = []

    async def write(self, _: Arrival, queue: str, headers: dict[str, object]) -> None:
        assert queue == "orders.dead"
        if len(repr(headers)) > self.limit:
            raise HeadersTooLarge
        self.headers.append(headers)


async def bury(queue: Queue, **headers: object) -> None:
    message = Arrival("shop", "placed", "orders", b"body", headers, incoming=cast("Any", None))
    await write_dead_letter(cast("Copies", cast("Any", queue)), "orders.dead", message, REASONS)


@pytest.mark.parametrize(
    ("limit", "kept", "left_out"),
    [(5000, {"small", "large", "x-error"}, None), (3500, {"small", "large"}, None), (600, {"small"}, "1")],
)
async def test_on_rabbitmq_headers_are_cut_until_they_fit(limit: int, kept: set[str], left_out: str | None) -> None:
    queue = Queue(limit)
    await bury(queue, small="s" * 100, large="l" * 3000)
    [headers] = queue.headers
    assert {name for name, value in headers.items() if len(str(value)) >= 100} == kept
    assert headers.get("x-headers-left-out") == left_out
    assert headers["x-original-routing-key"] == "placed"


async def test_on_rabbitmq_reasons_that_do_not_fit_are_refused() -> None:
    with pytest.raises(HeadersTooLarge):
        await bury(Queue(10), small=1)
