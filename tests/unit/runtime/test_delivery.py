"""One message: prepared, decoded, dispatched, tried again, dead-lettered."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any

import pytest
from cqrs.deserializers import DeserializeJsonError
from pydantic import BaseModel
from runtime.decoding import Ignored
from runtime.delivery import Delivery
from runtime.failure import Failure, Retry
from runtime.message import KafkaMessage, Message, RejectMessage, RetryLater, current_message

from .contract import OrderPlaced, OrderPlacedPayload
from .counts import Counts, counted

SECRET = b'{"order-id": "SECRET"}'


class Service:
    """All around a delivery: what came to the handler and to the dead letter, and what fails."""

    def __init__(self, **options: Any) -> None:
        self.handled: list[tuple[OrderPlaced, Message, int, str]] = []
        self.dead: list[tuple[KafkaMessage, dict[str, str]]] = []
        self.decoded: list[bytes | None] = []
        self.answer: Any = None
        self.handler: Callable[[], Any] = lambda: None
        self.writing: Callable[[], Any] = _nothing
        self.delivery = Delivery[KafkaMessage](
            self._deserialize,
            self._dispatch,
            self._write,
            options.pop("retry", Retry(attempts=3, delay=0.01, delay_max=0.02)),
            operations={OrderPlaced: "receiveOrders"},
            prepare=options.pop("prepare", _unchanged),
            **{"skips_left_out": True, "dead_letter_timeout": 0.2, **options},
        )

    @property
    def counts(self) -> Counts:
        return counted(self.delivery.observe("orders", {}))

    def _deserialize(self, body: bytes | None, _: Message | None) -> Any:
        self.decoded.append(body)
        if body is None:
            return None
        return self.answer or OrderPlaced(payload=OrderPlacedPayload.model_validate_json(body))

    async def _dispatch(self, event: Any) -> None:
        message = current_message()
        self.handled.append((event, message, message.attempt, message.operation))
        result = self.handler()
        if asyncio.iscoroutine(result):
            await result

    async def _write(self, message: KafkaMessage, reasons: dict[str, str]) -> None:
        await self.writing()
        self.dead.append((message, reasons))


async def _nothing() -> None:
    pass


async def _unchanged(body: bytes, _: Message) -> bytes:
    return body


def record(body: bytes | None = SECRET) -> KafkaMessage:
    return KafkaMessage("orders", 1, 42, 1_700_000_000_000, b"key", body)


def fails(error: BaseException) -> Callable[[], None]:
    def handler() -> None:
        raise error

    return handler


async def settle(service: Service, body: bytes | None = SECRET) -> KafkaMessage:
    message = record(body)
    await service.delivery.settle(message)
    return message


async def test_an_event_is_dispatched_with_the_message_around_it() -> None:
    service = Service()
    message = record()
    assert await service.delivery.deliver(message) is None
    [(event, around, attempt, operation)] = service.handled
    assert event.payload.order_id == "SECRET"
    assert (around, attempt, operation) == (message, 1, "receiveOrders")
    assert service.counts == Counts(handled=1)
    with pytest.raises(LookupError):
        current_message()


async def test_the_body_is_prepared_and_the_message_keeps_it_as_it_came() -> None:
    async def unwrap(body: bytes, message: Message) -> bytes:
        assert message is current_message()
        return body[1:-1]

    service = Service(prepare=unwrap)
    message = await settle(service, b"<" + SECRET + b">")
    assert service.decoded == [SECRET]
    assert message.body == b"<" + SECRET + b">"


async def test_what_prepare_raises_is_judged_like_what_a_handler_raises() -> None:
    async def broken(_: bytes, __: Message) -> bytes:
        raise RejectMessage("not encrypted for us")

    service = Service(prepare=broken)
    await settle(service)
    assert service.decoded == []
    assert service.dead[0][1]["x-error"] == "not encrypted for us"


@pytest.mark.parametrize("answer", [None, "text", memoryview(b"{}"), {}])
async def test_a_prepare_that_does_not_give_bytes_is_a_failed_attempt(answer: Any) -> None:
    async def broken(_: bytes, __: Message) -> bytes:
        result: bytes = answer
        return result

    service = Service(prepare=broken)
    await settle(service)
    assert service.counts == Counts(retried=2, dead_lettered=1)
    assert service.dead[0][1]["x-error"].startswith("prepare must give bytes, not ")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 does not count cancellations")
async def test_a_handler_that_cancels_itself_and_returns_harms_nobody() -> None:
    service = Service()

    def cancel() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()

    service.handler = cancel
    await settle(service)
    service.handler = lambda: asyncio.sleep(0)
    await settle(service)
    assert service.counts == Counts(handled=2)


async def test_a_wait_that_a_subclass_forgot_to_say_is_the_usual_one() -> None:
    class Busy(RetryLater):
        def __init__(self) -> None:
            pass

    service = Service()
    service.handler = fails(Busy())
    await settle(service)
    assert service.counts == Counts(retried=2, dead_lettered=1)


async def test_a_tombstone_is_skipped_and_never_prepared() -> None:
    async def never(_: bytes, __: Message) -> bytes:
        raise AssertionError

    service = Service(prepare=never)
    await settle(service, None)
    assert service.decoded == [None]
    assert (service.handled, service.dead) == ([], [])
    assert service.counts == Counts(skipped=1)


async def test_a_message_that_no_operation_receives_is_skipped_where_others_have_their_own_copy() -> None:
    service = Service()
    service.answer = Ignored("OrderArchived")
    await settle(service)
    assert service.counts == Counts(skipped=1)
    assert service.dead == []


async def test_a_message_that_no_operation_receives_is_dead_lettered_where_skipping_would_destroy_it() -> None:
    service = Service(skips_left_out=False)
    service.answer = Ignored("OrderArchived")
    await settle(service)
    assert service.counts == Counts(dead_lettered=1)
    assert service.dead[0][1]["x-error"] == "no operation receives 'OrderArchived'"


async def test_bad_input_is_dead_lettered_at_once(caplog: pytest.LogCaptureFixture) -> None:
    service = Service()
    service.answer = DeserializeJsonError("not JSON", ValueError, SECRET)
    message = await settle(service)
    [(dead, reasons)] = service.dead
    assert dead is message
    assert dead.body == SECRET
    failed_at = reasons.pop("x-failed-at")
    assert failed_at.endswith("+00:00")
    assert reasons == {
        "x-error": "not JSON",
        "x-error-type": "ValueError",
        "x-attempts": "1",
        "x-event-id": str(message.event_id),
    }
    assert service.handled == []
    assert service.counts == Counts(dead_lettered=1)
    assert "dead-lettered after attempt 1: ValueError: not JSON" in caplog.text


async def test_a_handler_is_tried_again_until_it_succeeds() -> None:
    service = Service()
    service.handler = lambda: None if current_message().attempt == 3 else fails(OSError("down"))()
    await settle(service)
    assert [attempt for _, _, attempt, _ in service.handled] == [1, 2, 3]
    assert service.counts == Counts(handled=1, retried=2)
    assert service.dead == []


async def test_a_handler_that_keeps_failing_is_dead_lettered_after_the_last_attempt() -> None:
    service = Service()
    service.handler = fails(OSError("down"))
    await settle(service)
    assert len(service.handled) == 3
    reasons = service.dead[0][1]
    assert (reasons["x-error"], reasons["x-error-type"], reasons["x-attempts"]) == ("down", "OSError", "3")
    assert service.counts == Counts(retried=2, dead_lettered=1)


@pytest.mark.parametrize("error", [NotImplementedError(), RejectMessage("no")])
async def test_some_errors_are_permanent(error: Exception) -> None:
    service = Service()
    service.handler = fails(error)
    await settle(service)
    assert len(service.handled) == 1
    assert service.dead[0][1]["x-error"] == (str(error) or "NotImplementedError")


async def test_a_handler_may_say_when_to_come_back() -> None:
    service = Service()
    service.handler = fails(RetryLater(77.0))
    failure = await service.delivery.deliver(record())
    assert failure is not None
    assert (failure.delay, failure.attempts, failure.is_final) == (77.0, 1, False)


@pytest.mark.parametrize(("attempt", "longest"), [(1, 0.2), (2, 0.4), (3, 0.8), (9, 30.0), (10_000, 30.0)])
def test_waits_grow_up_to_a_limit_and_half_of_each_is_random(attempt: int, longest: float) -> None:
    waits = [Retry().wait(attempt) for _ in range(50)]
    assert all(longest / 2 <= wait <= longest for wait in waits)
    assert len(set(waits)) > 1


async def test_while_the_dead_letter_cannot_be_written_the_message_waits_and_the_handler_does_not_run_again() -> None:
    service = Service()
    service.handler = fails(RejectMessage("no"))
    service.writing = fails(ConnectionError("no leader"))
    message = record()
    failure = await service.delivery.deliver(message)
    assert failure is not None
    assert failure.is_final
    again = await service.delivery.deliver(message, failure)
    assert again is not None
    assert len(service.handled) == 1
    problem = "orders[1]@42: its dead letter cannot be written: ConnectionError: no leader"
    assert service.delivery.problems() == [problem]
    service.writing = _nothing
    assert await service.delivery.deliver(message, again) is None
    service.delivery.forget(message)
    assert service.delivery.problems() == []
    assert service.dead[0][1]["x-attempts"] == "1"


async def test_waits_for_a_dead_letter_double_up_to_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    service = Service(retry=Retry(delay_max=30.0))
    service.handler = fails(RejectMessage("no"))
    service.writing = fails(ConnectionError("no leader"))
    message, failure, waits = record(), None, list[float]()
    for _ in range(6):
        failure = await service.delivery.deliver(message, failure)
        assert failure is not None
        waits.append(failure.delay)
    assert waits == [2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    text = "orders[1]@42: its dead letter cannot be written: ConnectionError: no leader; again in 2.00 s"
    assert text in caplog.messages


async def test_a_dead_letter_that_is_written_at_last_is_no_problem_any_more() -> None:
    service = Service()
    failing = [ConnectionError("no leader"), ConnectionError("no leader")]

    async def write() -> None:
        if failing:
            raise failing.pop()

    service.handler, service.writing = fails(RejectMessage("no")), write
    await settle(service)
    assert len(service.dead) == 1
    assert service.delivery.problems() == []


async def test_a_wait_before_the_next_attempt_is_waited_for() -> None:
    service = Service(retry=Retry(attempts=2, delay=0.1))
    times = list[float]()

    def handler() -> None:
        times.append(monotonic())
        raise OSError("down")

    service.handler = handler
    await settle(service)
    assert times[1] - times[0] > 0.04


async def test_a_dead_letter_that_takes_too_long_counts_as_not_written() -> None:
    service = Service(dead_letter_timeout=0.01)
    service.writing = lambda: asyncio.sleep(60)
    service.handler = fails(RejectMessage("no"))
    failure = await service.delivery.deliver(record())
    assert isinstance(failure, Failure)
    assert service.counts == Counts()


async def test_a_handler_that_does_not_end_is_a_problem_until_it_does() -> None:
    service = Service(stuck_after=0.02)
    go = asyncio.Event()
    service.handler = go.wait
    task = asyncio.create_task(service.delivery.deliver(record()))
    await asyncio.sleep(0.01)
    assert service.delivery.observe("orders", {}).in_flight == 1
    assert service.delivery.problems() == []
    await asyncio.sleep(0.02)
    assert service.delivery.problems() == ["orders[1]@42: its handler has been running for 0 s"]
    go.set()
    await task
    assert service.delivery.problems() == []
    assert service.delivery.observe("orders", {}).in_flight == 0


async def test_what_becomes_of_messages_is_counted_by_event() -> None:
    service = Service()
    service.handler = fails(OSError("down"))
    await settle(service)
    service.answer = DeserializeJsonError("not JSON", ValueError, SECRET)
    await settle(service)
    tallies = service.delivery.observe("orders", {}).tallies
    assert (tallies["OrderPlaced"].retried, tallies["OrderPlaced"].dead_lettered) == (2, 1)
    assert (sum(tallies["OrderPlaced"].attempts), sum(tallies[""].attempts)) == (3, 0)
    assert (tallies[""].dead_lettered, tallies[""].handled) == (1, 0)


async def test_it_is_measured_how_long_a_handler_takes() -> None:
    service = Service()
    service.handler = lambda: asyncio.sleep(0.02)
    await settle(service)
    assert 0.01 < service.delivery.observe("orders", {}).tallies["OrderPlaced"].seconds < 2


async def test_an_attempt_runs_within_a_span() -> None:
    spans: list[str] = []

    @contextmanager
    def span(message: Message) -> Iterator[None]:
        spans.append(f"begin {message.attempt}")
        try:
            yield
        except Exception as error:
            spans.append(type(error).__name__)
            raise
        finally:
            spans.append("end")

    service = Service(span=span)
    service.handler = lambda: None if current_message().attempt == 2 else fails(OSError("down"))()
    await settle(service)
    assert spans == ["begin 1", "OSError", "end", "begin 2", "end"]


class UnprintableError(Exception):
    """An exception of somebody else, with a mistake."""

    def __str__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RuntimeError("a\nb\r\n\x00c\x1b[31m\u2028d"), "a b c [31m d"),
        (RuntimeError("\ud800 x"), "x"),
        (RuntimeError("x" * 5000), "x" * 997 + "..."),
        (RuntimeError(), "RuntimeError"),
        (UnprintableError(), "UnprintableError"),
    ],
)
async def test_the_reason_is_one_line_that_fits_a_header(error: Exception, text: str) -> None:
    service = Service()
    service.handler = fails(error)
    await settle(service)
    assert service.dead[0][1]["x-error"] == text


async def test_neither_reasons_nor_log_lines_repeat_a_payload(caplog: pytest.LogCaptureFixture) -> None:
    class Row(BaseModel):
        number: int

    service = Service()
    service.handler = lambda: Row.model_validate({"number": "SECRET", "SECRET": 1})
    with caplog.at_level(logging.DEBUG):
        await settle(service)
    assert service.dead[0][1]["x-error-type"] == "ValidationError"
    assert "SECRET" not in service.dead[0][1]["x-error"]
    assert "orders[1]@42" in caplog.text
    assert "SECRET" not in caplog.text


async def test_a_log_line_says_where_a_handler_failed(caplog: pytest.LogCaptureFixture) -> None:
    service = Service()
    service.handler = fails(OSError("down"))
    await settle(service)
    assert "attempt 1 failed" in caplog.text
    assert "dead-lettered after attempt 3: OSError: down" in caplog.text
    assert "OSError: down (test_delivery.py:" in caplog.text


@pytest.mark.parametrize("error", [OSError("down"), RejectMessage("no")])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
async def test_the_calls_that_led_to_a_failure_are_logged_where_somebody_wants_to_debug(
    level: int, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    service = Service()
    service.handler = fails(error)
    with caplog.at_level(level):
        await settle(service)
    count = 3 if isinstance(error, OSError) else 1  # of attempts
    assert caplog.text.count(": raised at\n") == (count if level == logging.DEBUG else 0)
    assert (" in handler\n" in caplog.text) is (level == logging.DEBUG)


async def test_a_cancellation_from_outside_is_no_failure_of_the_message() -> None:
    service = Service(is_cancelled=lambda _: True)
    service.handler = lambda: asyncio.sleep(60)
    task = asyncio.create_task(service.delivery.deliver(record()))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert service.counts == Counts()


def test_an_attempt_that_is_thrown_away_with_its_event_loop_is_not_counted() -> None:
    service = Service()
    service.handler = lambda: asyncio.sleep(60)
    loop = asyncio.new_event_loop()
    attempt = service.delivery.deliver(record())
    task = loop.create_task(attempt)
    loop.run_until_complete(asyncio.sleep(0))
    attempt.close()
    assert service.counts == Counts()
    task.cancel()
    loop.run_until_complete(asyncio.wait({task}))
    loop.close()


async def test_what_comes_again_is_not_dead_lettered() -> None:
    service = Service(is_given_up=lambda _: True)
    service.handler = fails(RejectMessage("cancelled, and made an error of it"))
    failure = await service.delivery.deliver(record())
    assert failure is not None
    assert service.dead == []


class OfItsOwnError(BaseException):
    """What `except Exception` does not catch."""


def _cancels_itself() -> Any:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    return asyncio.sleep(60)


@pytest.mark.parametrize(
    "handler",
    [
        fails(asyncio.CancelledError()),
        _cancels_itself,
        fails(SystemExit(3)),
        fails(KeyboardInterrupt()),
        fails(OfItsOwnError()),
        fails(GeneratorExit()),
    ],
)
async def test_a_handler_that_ends_by_something_of_its_own_has_failed(handler: Callable[[], Any]) -> None:
    service = Service()
    service.handler = handler
    await settle(service)
    assert len(service.handled) == 3
    assert service.dead[0][1]["x-error-type"] == "HandlerEnded"


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.03])
async def test_a_cancellation_that_a_handler_leaves_behind_costs_no_attempt(seconds: float) -> None:
    def handler() -> None:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(seconds, task.cancel)
        raise ValueError("x")

    service = Service()
    service.handler = handler
    await settle(service)
    assert len(service.handled) == 3
    assert [reasons["x-error-type"] for _, reasons in service.dead] == ["ValueError"]


@pytest.mark.skipif(sys.version_info < (3, 11), reason="a task does not count its cancellations")
async def test_what_a_handler_did_to_its_task_is_taken_back() -> None:
    service = Service()
    service.handler = _cancels_itself
    await service.delivery.deliver(record())
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


@pytest.mark.skipif(sys.version_info < (3, 11), reason="a task does not count its cancellations")
@pytest.mark.parametrize("is_asked_for", [False, True])
async def test_only_a_cancellation_that_nobody_asked_for_is_taken_back_when_a_handler_returns(
    *, is_asked_for: bool
) -> None:
    service = Service(is_cancelled=lambda _: is_asked_for)
    task = asyncio.current_task()
    assert task is not None
    service.handler = task.cancel
    assert await service.delivery.deliver(record()) is None
    assert task.cancelling() == is_asked_for
    if is_asked_for:
        with pytest.raises(asyncio.CancelledError):
            await asyncio.sleep(0)
        task.uncancel()


async def test_a_handler_that_catches_its_own_cancellation_has_succeeded_and_nothing_waits() -> None:
    async def handler() -> None:
        with suppress(asyncio.CancelledError):
            await _cancels_itself()

    service = Service()
    service.handler = handler
    began = monotonic()
    assert await service.delivery.deliver(record()) is None
    assert service.counts == Counts(handled=1)
    assert monotonic() - began < 0.9


async def test_a_delivery_inside_a_handler_leaves_it_its_own_message() -> None:
    outer, inner = Service(), Service()
    seen: list[str] = []

    async def publish() -> None:
        await inner.delivery.deliver(KafkaMessage("inner", 0, 0, 0, None, SECRET))
        message = current_message()
        assert isinstance(message, KafkaMessage)
        seen.append(message.topic)

    outer.handler = publish
    await settle(outer)
    assert seen == ["orders"]
