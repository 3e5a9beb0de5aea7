"""A partitioned log: order, offsets, retries, rebalances and stopping."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from runtime.delivery import Failure
from runtime.kafka.partitions import Partitions

AGAIN = Failure(OSError("down"), 1, 0.01, is_final=False)
LATER = Failure(OSError("down"), 1, 60.0, is_final=False)


@dataclass(frozen=True)
class Record:
    """A record: its partition and its offset."""

    partition: str
    offset: int
    body: bytes = b""
    key: bytes | None = None


class Consumer:
    """As much of a consumer as is needed, with all partitions."""

    def __init__(self) -> None:
        self.assigned = {"a", "b"}
        self.committed: list[dict[str, int]] = []
        self.calls: list[tuple[str, str]] = []
        self.failing_commits = 0

    def assignment(self) -> Iterable[str]:
        return self.assigned

    async def commit(self, offsets: dict[str, int]) -> None:
        await asyncio.sleep(0)
        if self.failing_commits:
            self.failing_commits -= 1
            raise ConnectionError("no coordinator")
        self.committed.append(offsets)

    def pause(self, *partitions: str) -> None:
        self.calls += [("pause", partition) for partition in partitions]

    def resume(self, *partitions: str) -> None:
        self.calls += [("resume", partition) for partition in partitions]

    @property
    def last(self) -> dict[str, int]:
        return {partition: offset for offsets in self.committed for partition, offset in offsets.items()}


class Delivery:
    """Notes what is delivered; `on` says what becomes of a record, by its partition and offset."""

    def __init__(self) -> None:
        self.begun: list[Record] = []
        self.finished: list[Record] = []
        self.forgotten: list[Record] = []
        self.on: dict[tuple[str, int], Callable[[Failure | None], Any]] = {}

    async def deliver(self, message: Record, earlier: Failure | None = None) -> Failure | None:
        self.begun.append(message)
        failure = None
        if action := self.on.get((message.partition, message.offset)):
            failure = action(earlier)
            if asyncio.iscoroutine(failure):
                failure = await failure
        if failure is None:
            self.finished.append(message)
        return failure

    def forget(self, message: Record) -> None:
        self.forgotten.append(message)


class Log:
    """A consumer and the partitions that are worked through."""

    def __init__(self, **options: Any) -> None:
        self.consumer = Consumer()
        self.delivery = Delivery()
        self.partitions = Partitions[str, Record](self.delivery, **{"commit_every": 0.02, **options})

    async def take(self, partition: str, offsets: Iterable[int], body: bytes = b"") -> None:
        await self.partitions.take(self.consumer, {partition: [Record(partition, n, body) for n in offsets]})


async def until(condition: Callable[[], object]) -> None:
    async def wait() -> None:
        while not condition():  # noqa: ASYNC110 - whatever is waited for, it sets no event
            await asyncio.sleep(0.001)

    await asyncio.wait_for(wait(), 2)


async def test_records_are_delivered_in_order_and_committed_when_there_are_no_more() -> None:
    log = Log()
    await log.take("a", range(3))
    await log.take("a", range(3, 5))
    await until(lambda: log.consumer.last == {"a": 5})
    assert [record.offset for record in log.delivery.begun] == [0, 1, 2, 3, 4]
    assert log.delivery.forgotten == [], "nothing failed"


async def test_an_offset_is_never_committed_past_a_record_that_is_not_finished() -> None:
    log = Log()
    log.delivery.on["a", 1] = lambda _: LATER
    await log.take("a", range(3))
    await until(lambda: log.consumer.committed)
    await asyncio.sleep(0.05)
    assert log.consumer.last == {"a": 1}
    assert [record.offset for record in log.delivery.begun] == [0, 1]


async def test_no_partition_waits_for_another_and_the_consumer_waits_for_none() -> None:
    log = Log()
    log.delivery.on["a", 0] = lambda _: asyncio.sleep(60)
    await asyncio.wait_for(log.take("a", range(2)), 1)
    await asyncio.wait_for(log.take("b", range(2)), 1)
    await until(lambda: log.consumer.last == {"b": 2})


async def test_handlers_that_never_wait_leave_room_for_others() -> None:
    log = Log()
    log.delivery.on = {("a", n): lambda _: time.sleep(0.03) for n in range(20)}  # type: ignore[misc]
    await log.take("a", range(20))
    await asyncio.sleep(0)
    await log.partitions.stop(log.consumer)
    assert len(log.delivery.begun) < 4


async def test_handlers_that_never_wait_are_not_held_up_for_others() -> None:
    log = Log()
    for offset in range(3):
        log.delivery.on["a", offset] = lambda _: time.sleep(0.03)
    began = time.monotonic()
    await log.take("a", range(3))
    await until(lambda: log.consumer.last == {"a": 3})
    assert time.monotonic() - began < 0.9


async def test_a_record_is_tried_again_in_its_place() -> None:
    log = Log()
    log.delivery.on["a", 0] = lambda earlier: None if earlier else AGAIN
    await log.take("a", range(2))
    await until(lambda: log.consumer.last == {"a": 2})
    assert [record.offset for record in log.delivery.begun] == [0, 0, 1]


async def test_a_commit_that_failed_is_tried_again_although_nothing_follows(caplog: pytest.LogCaptureFixture) -> None:
    log = Log()
    log.consumer.failing_commits = 2
    await log.take("a", range(1))
    await until(lambda: log.consumer.last == {"a": 1})
    assert caplog.messages == ["commit of {'a': 1} failed: ConnectionError('no coordinator')"] * 2


async def test_much_is_committed_before_the_time_has_come_and_little_when_there_is_no_more() -> None:
    log = Log(in_hand=4, commit_every=60)
    go = asyncio.Event()
    log.delivery.on["a", 5] = lambda _: _none(go)
    await log.take("a", range(6))
    await until(lambda: len(log.delivery.begun) == 6)
    assert log.consumer.committed == [{"a": 4}]
    go.set()
    await until(lambda: log.consumer.last == {"a": 6})
    assert log.consumer.committed == [{"a": 4}, {"a": 6}]


async def test_what_is_finished_during_a_commit_is_committed_after_it() -> None:
    log = Log()
    go, begun, committed, commit = asyncio.Event(), asyncio.Event(), asyncio.Event(), log.consumer.commit

    async def slowly(offsets: dict[str, int]) -> None:
        begun.set()
        await committed.wait()
        await commit(offsets)

    log.consumer.commit = slowly  # type: ignore[method-assign]
    log.delivery.on["a", 1] = lambda _: _none(go)
    await log.take("a", range(2))
    await begun.wait()
    go.set()
    await until(lambda: len(log.delivery.finished) == 2)
    committed.set()
    await until(lambda: log.consumer.last == {"a": 2})
    assert log.consumer.committed == [{"a": 1}, {"a": 2}]


async def test_what_is_committed_is_not_committed_again_and_no_task_is_left() -> None:
    log = Log()
    await log.take("a", range(2))
    await until(lambda: log.consumer.committed)
    await asyncio.sleep(0.05)
    assert log.consumer.committed == [{"a": 2}]
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_finished_records_are_committed_each_second() -> None:
    consumer, delivery = Consumer(), Delivery()
    delivery.on["a", 1] = lambda _: asyncio.sleep(60)
    began = time.monotonic()
    await Partitions[str, Record](delivery).take(consumer, {"a": [Record("a", 0), Record("a", 1)]})
    await until(lambda: consumer.last == {"a": 1})
    assert 0.9 < time.monotonic() - began < 1.9


async def test_it_tells_which_record_of_each_partition_is_next() -> None:
    log = Log()
    log.delivery.on["a", 1] = lambda _: asyncio.sleep(60)
    await log.take("a", range(3))
    await log.take("b", [])
    await until(lambda: len(log.delivery.begun) == 2)
    assert log.partitions.next_offsets() == {"a": 1}


async def test_a_worker_that_is_busy_or_has_nothing_to_do_is_not_started_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = Log(concurrency=4)
    go = asyncio.Event()
    log.delivery.on["a", 3] = lambda _: _none(go)
    await log.take("a", range(4))
    await until(lambda: log.consumer.last == {"a": 3})
    await asyncio.sleep(0.03)
    go.set()
    await until(lambda: log.consumer.last == {"a": 4})
    assert len(log.delivery.begun) == 4
    assert caplog.text == ""


async def test_finished_records_are_committed_while_a_handler_is_busy() -> None:
    log = Log()
    log.delivery.on["a", 1] = lambda _: asyncio.sleep(60)
    await log.take("a", range(2))
    await until(lambda: log.consumer.last == {"a": 1})


@pytest.mark.parametrize(("count", "body"), [(10, b""), (3, b"x" * 100)])
async def test_a_partition_with_enough_in_hand_is_paused_until_half_is_done(count: int, body: bytes) -> None:
    log = Log(in_hand=10, bytes_in_hand=300)
    go = asyncio.Event()
    log.delivery.on["a", 0] = lambda _: _none(go)
    await log.take("a", range(count), body)
    assert log.consumer.calls == [("pause", "a")]
    go.set()
    await until(lambda: log.consumer.last == {"a": count})
    assert log.consumer.calls == [("pause", "a"), ("resume", "a")]


@pytest.mark.parametrize(("count", "body", "few", "most"), [(10, b"", 3, 7), (3, b"x" * 100, 1, 2)])
async def test_a_partition_is_not_resumed_before_half_is_done(count: int, body: bytes, few: int, most: int) -> None:
    log = Log(in_hand=10, bytes_in_hand=300)
    done = asyncio.Semaphore(0)
    for offset in range(count):
        log.delivery.on["a", offset] = lambda _: _none(done)
    await log.take("a", range(count), body)
    for _ in range(few):
        done.release()
    await until(lambda: len(log.delivery.finished) == few)
    await asyncio.sleep(0.01)
    assert log.consumer.calls == [("pause", "a")]
    for _ in range(most - few):
        done.release()
    await until(lambda: log.consumer.calls == [("pause", "a"), ("resume", "a")])
    assert len(log.delivery.finished) == most


async def test_quick_handlers_never_pause() -> None:
    log = Log(in_hand=2)
    await log.take("a", range(50))
    await until(lambda: log.consumer.last == {"a": 50})
    assert log.consumer.calls == []


async def test_before_partitions_are_given_away_the_record_in_hand_is_finished_and_committed() -> None:
    log = Log()
    go = asyncio.Event()
    log.delivery.on["a", 1] = lambda _: _none(go)
    await log.take("a", range(4))
    await until(lambda: len(log.delivery.begun) == 2)
    revoke = asyncio.create_task(log.partitions.revoke(log.consumer))
    await asyncio.sleep(0.01)
    await log.take("a", range(4, 6))  # it comes again
    go.set()
    await revoke
    assert log.consumer.last == {"a": 2}
    assert [record.offset for record in log.delivery.begun] == [0, 1]
    await log.take("a", range(2, 4))  # it comes again, too
    log.partitions.assign()
    await log.take("a", range(2, 4))
    await until(lambda: log.consumer.last == {"a": 4})
    assert [record.offset for record in log.delivery.begun] == [0, 1, 2, 3]


async def test_a_retry_does_not_hold_up_a_rebalance_and_does_not_go_on_after_it() -> None:
    log = Log()
    log.delivery.on["a", 0] = lambda _: LATER
    await log.take("a", range(1))
    await until(lambda: log.delivery.begun)
    await asyncio.wait_for(log.partitions.revoke(log.consumer), 1)
    log.partitions.assign()
    await asyncio.sleep(0.03)
    assert len(log.delivery.begun) == 1
    assert log.consumer.committed == []
    assert log.delivery.forgotten == log.delivery.begun


async def test_a_handler_that_outlasts_the_wait_is_cancelled_and_its_record_not_committed() -> None:
    log = Log(drain_timeout=0.02)
    was_cancelled = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            was_cancelled.set()  # and goes on as if it had succeeded

    log.delivery.on["a", 0] = lambda _: stubborn()
    await log.take("a", range(2))
    await until(lambda: log.delivery.begun)
    await log.partitions.revoke(log.consumer)
    log.partitions.assign()
    await asyncio.wait_for(was_cancelled.wait(), 1)
    await asyncio.sleep(0.03)
    assert log.consumer.committed == []
    assert len(log.delivery.begun) == 1


@pytest.mark.parametrize("ending", ["revoke", "stop"])
async def test_what_a_handler_that_was_given_up_finishes_is_not_committed(
    ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    log = Log(drain_timeout=0.02)

    async def stubborn() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        assert log.partitions.is_given_up()

    log.delivery.on["a", 0] = lambda _: stubborn()
    await log.take("a", range(1))
    await until(lambda: log.delivery.begun)
    assert not log.partitions.is_given_up()
    await getattr(log.partitions, ending)(log.consumer)
    await until(lambda: log.delivery.finished)
    await asyncio.sleep(0.03)
    assert log.consumer.committed == []
    [line] = caplog.messages
    assert line.startswith("a: a handler is still busy after 0.02 s and is cancelled; its message comes again")


async def test_a_handler_that_was_given_up_and_goes_on_does_not_hold_up_others() -> None:
    log = Log(drain_timeout=0.02)
    go = asyncio.Event()

    async def stubborn() -> None:
        while not go.is_set():
            with suppress(asyncio.CancelledError):
                await go.wait()

    log.delivery.on["a", 0] = lambda _: stubborn()
    await log.take("a", range(1))
    await until(lambda: log.delivery.begun)
    await log.partitions.revoke(log.consumer)
    log.partitions.assign()
    await log.take("b", range(2))
    await until(lambda: log.consumer.last == {"b": 2})
    go.set()


async def test_only_offsets_of_partitions_that_are_assigned_are_committed() -> None:
    log = Log()
    log.consumer.assigned = {"b"}
    await log.take("a", range(1))
    await log.take("b", range(1))
    await until(lambda: log.consumer.committed)
    assert log.consumer.last == {"b": 1}


async def test_when_the_service_stops_nothing_is_begun_and_what_is_finished_is_committed() -> None:
    log = Log()
    go = asyncio.Event()
    log.delivery.on["a", 0] = lambda _: _none(go)
    await log.take("a", range(3))
    await until(lambda: log.delivery.begun)
    stop = asyncio.create_task(log.partitions.stop(log.consumer))
    await asyncio.sleep(0.01)
    go.set()
    await stop
    log.partitions.assign()  # a rebalance that came late
    await log.take("b", range(1))
    await asyncio.sleep(0.03)
    assert log.consumer.last == {"a": 1}
    assert len(log.delivery.begun) == 1


async def test_a_commit_that_does_not_end_does_not_keep_the_service_from_stopping(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = Log(drain_timeout=0.02)
    log.consumer.commit = lambda _: asyncio.sleep(60)  # type: ignore[method-assign]
    await log.take("a", range(1))
    await until(lambda: log.delivery.finished)
    await asyncio.wait_for(log.partitions.stop(log.consumer), 1)
    assert "offsets were not committed within 0.02 s" in caplog.text


async def test_a_mistake_of_our_own_loses_no_record_and_stops_no_partition(caplog: pytest.LogCaptureFixture) -> None:
    log = Log()
    errors = [RuntimeError("a mistake"), asyncio.CancelledError()]

    def action(_: Failure | None) -> None:
        if errors:
            raise errors.pop(0)

    log.delivery.on["a", 0] = action
    await log.take("a", range(2))
    await until(lambda: log.consumer.last == {"a": 2})
    assert [record.offset for record in log.delivery.finished] == [0, 1]
    assert "a: its worker ended (RuntimeError('a mistake')) and is started again" in caplog.text
    assert "a: its worker ended (cancelled) and is started again" in caplog.text


async def _none(go: asyncio.Event | asyncio.Semaphore) -> None:
    await (go.wait() if isinstance(go, asyncio.Event) else go.acquire())
