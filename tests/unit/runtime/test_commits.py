"""Offsets that are committed before a handler runs, or never."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from runtime.failure import Failure
from runtime.kafka.commits import AtMostOnce, NotCommitted, Uncommitted
from runtime.kafka.partitions import Partitions
from runtime.kafka.ungrouped import Ungrouped
from runtime.message import KafkaMessage


class Delivery:
    """Notes what is delivered, and fails as it is told to."""

    def __init__(self, steps: list[str]) -> None:
        self.steps = steps
        self.failures: list[Failure | None] = []
        self.earlier: list[Failure | None] = []

    async def deliver(self, message: KafkaMessage, earlier: Failure | None = None) -> Failure | None:
        self.steps.append(f"handle {message.offset}")
        self.earlier.append(earlier)
        await asyncio.sleep(0)
        return self.failures.pop(0) if self.failures else None

    def forget(self, message: KafkaMessage) -> None:
        self.steps.append(f"forget {message.offset}")


class Service:
    """A partition of records that are committed before they are handled."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.errors: list[Exception] = []
        self.delivery = Delivery(self.steps)
        self.at_most_once = AtMostOnce(self.delivery, self._commit)

    async def _commit(self, message: KafkaMessage) -> None:
        self.steps.append(f"commit {message.offset}")
        if self.errors:
            raise self.errors.pop(0)


class Consumer:
    """A consumer that must not commit."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def assignment(self) -> list[str]:
        return ["a"]

    async def commit(self, offsets: dict[str, int]) -> None:
        raise AssertionError(offsets)

    def pause(self, *partitions: str) -> None:
        self.calls += [f"pause {partition}" for partition in partitions]

    def resume(self, *partitions: str) -> None:
        self.calls += [f"resume {partition}" for partition in partitions]


def record(offset: int) -> KafkaMessage:
    return KafkaMessage("orders", 0, offset, 0, None, b"SECRET")


def failed(delay: float = 0.0) -> Failure:
    return Failure(OSError("down"), 1, delay, is_final=False)


async def until(condition: Callable[[], object]) -> None:
    async def wait() -> None:
        while not condition():  # noqa: ASYNC110 - whatever is waited for, it sets no event
            await asyncio.sleep(0.001)

    await asyncio.wait_for(wait(), 5)


async def test_a_record_is_committed_before_it_is_handled_and_once() -> None:
    service = Service()
    service.delivery.failures = [failed()]
    failure = await service.at_most_once.deliver(record(7))
    assert failure is not None
    message = record(7)
    assert await service.at_most_once.deliver(message, failure) is None
    assert service.steps == ["commit 7", "handle 7", "handle 7"]
    assert service.delivery.earlier == [None, failure]


async def test_a_record_that_cannot_be_committed_waits_unhandled(caplog: pytest.LogCaptureFixture) -> None:
    service, message = Service(), record(7)
    service.errors = [OSError("no coordinator"), OSError("no coordinator")]
    failure = await service.at_most_once.deliver(message)
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, NotCommitted)
    assert (failure.attempts, failure.is_final, failure.delay) == (0, False, 1.0)
    [problem] = service.at_most_once.problems()
    assert problem.startswith("orders[0]@7: cannot be committed before its handler: ")
    assert "no coordinator" in problem
    assert caplog.messages == [f"{problem}; again in 1 s"]

    failure = await service.at_most_once.deliver(message, failure)
    assert await service.at_most_once.deliver(message, failure) is None
    assert service.steps == ["commit 7", "commit 7", "commit 7", "handle 7"]
    assert service.delivery.earlier == [None], "its first attempt is the first"
    assert service.at_most_once.problems() == []


async def test_a_record_that_waits_to_be_committed_comes_again_and_is_no_loss(
    caplog: pytest.LogCaptureFixture,
) -> None:
    service, message = Service(), record(7)
    service.errors = [OSError("no coordinator")]
    await service.at_most_once.deliver(message)
    caplog.clear()
    service.at_most_once.forget(message)
    assert (service.at_most_once.problems(), caplog.messages) == ([], [])
    assert service.steps[-1] == "forget 7"


@pytest.mark.parametrize("then", ["waits", "is handled"])
async def test_a_failed_record_that_nobody_waits_for_is_said_to_be_lost(
    caplog: pytest.LogCaptureFixture, then: str
) -> None:
    service, message = Service(), record(7)
    service.delivery.failures = [failed()]
    failure = await service.at_most_once.deliver(message)
    if then == "is handled":
        await service.at_most_once.deliver(message, failure)
    service.at_most_once.forget(message)
    lost = "orders[0]@7: is lost between two attempts: it was committed before the first"
    assert caplog.messages == ([lost] if then == "waits" else [])
    service.at_most_once.forget(message)
    assert len(caplog.messages) <= 1


@pytest.mark.parametrize("ending", ["stop", "revoke"])
async def test_nothing_is_committed_behind_a_handler_and_what_did_not_begin_comes_again(ending: str) -> None:
    service, consumer = Service(), Consumer()
    partitions = Partitions[str, KafkaMessage](service.at_most_once, in_hand=2, commit_every=0.001)
    await partitions.take(Uncommitted(consumer), {"a": [record(0), record(1)]})
    await until(lambda: "handle 1" in service.steps)
    await asyncio.sleep(0.01)
    service.delivery.failures = [failed(60), failed(60)]
    await partitions.take(Uncommitted(consumer), {"a": [record(2), record(3)]})
    await until(lambda: "handle 2" in service.steps)
    end: Callable[[Uncommitted[str]], Awaitable[None]] = getattr(partitions, ending)
    await end(Uncommitted(consumer))
    assert service.steps == ["commit 0", "handle 0", "commit 1", "handle 1", "commit 2", "handle 2", "forget 2"]


async def test_a_partition_with_enough_in_hand_is_paused_without_commits_too() -> None:
    service, consumer = Service(), Consumer()
    partitions = Partitions[str, KafkaMessage](service.delivery, in_hand=2)
    service.delivery.failures = [failed(0.3)]
    await partitions.take(Uncommitted(consumer), {"a": [record(0), record(1)]})
    await until(lambda: "handle 1" in service.steps)
    assert consumer.calls == ["pause a", "resume a"]
    await partitions.stop(Uncommitted(consumer))


class Assigned(Consumer):
    """A consumer without a group, whose assignment changes."""

    def __init__(self) -> None:
        super().__init__()
        self.partitions = ["a"]

    def assignment(self) -> list[str]:
        return self.partitions

    def seek(self, partition: str, offset: int) -> None:
        self.calls.append(f"seek {partition} {offset}")


def fetched(**offsets: list[int]) -> dict[str, list[KafkaMessage]]:
    return {partition: [record(offset) for offset in numbers] for partition, numbers in offsets.items()}


class TestUngrouped:
    """A consumer without a group stays where it is when it gets another partition."""

    def test_takes_all_while_nothing_changes(self) -> None:
        consumer = Assigned()
        ungrouped = Ungrouped(consumer)
        for batch in (fetched(a=[3, 4]), fetched(a=[5]), fetched()):
            assert ungrouped.stay(batch) == batch
        assert consumer.calls == []

    @pytest.mark.parametrize("offsets", [[0, 1], [9]], ids=["earliest", "latest"])
    def test_goes_on_from_where_it_was(self, offsets: list[int]) -> None:
        consumer = Assigned()
        ungrouped = Ungrouped(consumer)
        ungrouped.stay(fetched(a=[3, 4]))
        consumer.partitions = ["a", "b"]
        batch = fetched(a=offsets, b=[0])
        assert ungrouped.stay(batch) == {"b": batch["b"]}
        assert consumer.calls == ["seek a 5"]
        again = fetched(a=[5, 6], b=[1])
        assert ungrouped.stay(again) == again
        assert consumer.calls == ["seek a 5"]

    def test_pauses_again_what_was_paused(self) -> None:
        consumer = Assigned()
        consumer.partitions = ["a", "c", "d"]
        ungrouped = Ungrouped(consumer)
        ungrouped.stay(fetched(a=[3], c=[1]))
        ungrouped.pause("a", "c", "d")
        ungrouped.resume("c")
        consumer.calls.clear()
        consumer.partitions = ["a", "b", "c"]
        ungrouped.stay(fetched(b=[0]))
        assert consumer.calls == ["seek a 4", "seek c 2", "pause a"]

    def test_forgets_a_partition_whose_topic_was_made_again(self) -> None:
        consumer = Assigned()
        ungrouped = Ungrouped(consumer)
        ungrouped.stay(fetched(a=[3, 4]))
        consumer.partitions = ["b"]
        ungrouped.stay(fetched(b=[0]))
        consumer.partitions = ["a", "b"]
        batch = fetched(a=[0, 1])
        assert ungrouped.stay(batch) == batch
        assert consumer.calls == ["seek b 1"]

    async def test_commits_nothing(self) -> None:
        await Ungrouped(Assigned()).commit({"a": 1})
