"""A partitioned log: records in order, offsets committed only behind finished ones.

Knows no broker. Each partition is worked through by a task of its own, so that none waits for another and the consumer
keeps polling whatever handlers do: time in a handler or between two attempts never costs the membership of the group.
A partition with enough in hand is paused, but not at once: aiokafka drops what it has prefetched of a paused one.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping, Sequence

    from ..delivery import Failure

logger = logging.getLogger(__name__)

_PATIENCE: Final = 0.1
"""Seconds that quick handlers have to work off a full partition before it is paused."""

PartitionT = TypeVar("PartitionT")


class Record(Protocol):
    """A place in a partition, and what is there."""

    @property
    def offset(self) -> int: ...
    @property
    def body(self) -> bytes | None: ...


RecordT = TypeVar("RecordT", bound=Record)
RecordT_contra = TypeVar("RecordT_contra", bound=Record, contravariant=True)


class Consumer(Protocol[PartitionT]):
    """The part of a consumer that is needed; aiokafka's has it."""

    def assignment(self) -> Iterable[PartitionT]: ...
    async def commit(self, offsets: dict[PartitionT, int]) -> None: ...
    def pause(self, *partitions: PartitionT) -> None: ...
    def resume(self, *partitions: PartitionT) -> None: ...


class Deliverer(Protocol[RecordT_contra]):
    """The part of a delivery that is needed."""

    def deliver(self, message: RecordT_contra, earlier: Failure | None = None) -> Awaitable[Failure | None]: ...
    def forget(self, message: RecordT_contra) -> None: ...


class _Lane(Generic[RecordT]):
    """What is in hand of one partition, for as long as it is assigned."""

    def __init__(self) -> None:
        self.records: deque[RecordT] = deque()
        self.size = 0
        self.is_paused = False
        self.worker: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        return self.worker is None or self.worker.done()

    def put(self, records: Sequence[RecordT]) -> None:
        self.records.extend(records)
        self.size += sum(len(record.body or b"") for record in records)

    def drop_first(self) -> None:
        self.size -= len(self.records.popleft().body or b"")


class Partitions(Generic[PartitionT, RecordT]):
    """Works through the partitions of one consumer and keeps their offsets.

    Pauses a partition that has `in_hand` records or `bytes_in_hand` waiting, commits every `commit_every` seconds and
    whenever a partition has nothing left, and waits up to `drain_timeout` seconds for handlers before it gives up
    partitions.
    """

    def __init__(
        self,
        delivery: Deliverer[RecordT],
        *,
        in_hand: int = 500,
        bytes_in_hand: int = 16 << 20,
        commit_every: float = 1.0,
        drain_timeout: float = 20.0,
    ) -> None:
        self._delivery = delivery
        self._in_hand = in_hand
        self._bytes_in_hand = bytes_in_hand
        self._commit_every = commit_every
        self._drain_timeout = drain_timeout
        self._lanes: dict[PartitionT, _Lane[RecordT]] = {}
        self._finished: dict[PartitionT, int] = {}
        self._is_revoking = self._is_stopping = False
        self._halt = asyncio.Event()
        self._committing = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None

    async def take(self, consumer: Consumer[PartitionT], batch: Mapping[PartitionT, Sequence[RecordT]]) -> None:
        """Take over what was just fetched; waits a moment when that is much, so that quick handlers never pause."""
        if self._is_revoking or self._is_stopping:  # it comes again: a new assignment starts at the committed offsets
            return
        for partition, records in batch.items():
            lane = self._lanes.setdefault(partition, _Lane())
            lane.put(records)
            self._start_worker(consumer, partition, lane)
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._tick(consumer))
        if full := {
            lane.worker: partition for partition, lane in self._lanes.items() if lane.worker and self._is_full(lane)
        }:
            _, busy = await asyncio.wait(full, timeout=_PATIENCE)
            for worker in busy:
                self._pause(consumer, full[worker])

    async def revoke(self, consumer: Consumer[PartitionT]) -> None:
        """Finish the records in hand and commit, before others get the partitions."""
        self._is_revoking = True
        await self._drain(consumer)
        self._lanes.clear()
        self._finished.clear()

    def assign(self) -> None:
        """Go on with a new assignment."""
        self._is_revoking = False
        if not self._is_stopping:
            self._halt.clear()

    async def stop(self, consumer: Consumer[PartitionT]) -> None:
        """Finish the records in hand and commit, for good."""
        self._is_stopping = True
        await self._drain(consumer)

    def _start_worker(self, consumer: Consumer[PartitionT], partition: PartitionT, lane: _Lane[RecordT]) -> None:
        if lane.is_idle:
            lane.worker = asyncio.create_task(self._work(consumer, partition, lane))

    async def _work(self, consumer: Consumer[PartitionT], partition: PartitionT, lane: _Lane[RecordT]) -> None:
        records, done = lane.records, 0
        while records and not self._halt.is_set():
            record = records[0]  # it stays first until it is finished, whatever happens
            try:
                if not await self._is_finished(record, partition, lane):
                    return  # it comes again
            finally:
                self._delivery.forget(record)
            lane.drop_first()
            self._finished[partition] = record.offset + 1
            if lane.is_paused and len(records) < self._in_hand / 2 and lane.size < self._bytes_in_hand / 2:
                lane.is_paused = False
                consumer.resume(partition)
            done += 1
            if done % self._in_hand == 0 or not records:
                await self._commit(consumer)

    async def _is_finished(self, record: RecordT, partition: PartitionT, lane: _Lane[RecordT]) -> bool:
        """Deliver a record until it is finished; False when it is not, or not ours to commit any more."""
        failure = await self._delivery.deliver(record)
        while failure is not None:
            if await self._is_halted(failure.delay) or self._lanes.get(partition) is not lane:
                return False
            failure = await self._delivery.deliver(record, failure)
        return self._lanes.get(partition) is lane

    def _is_full(self, lane: _Lane[RecordT]) -> bool:
        has_enough = len(lane.records) >= self._in_hand or lane.size >= self._bytes_in_hand
        return has_enough and not lane.is_paused

    def _pause(self, consumer: Consumer[PartitionT], partition: PartitionT) -> None:
        lane = self._lanes.get(partition)
        if lane is not None and self._is_full(lane):
            lane.is_paused = True
            consumer.pause(partition)

    async def _is_halted(self, delay: float) -> bool:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._halt.wait(), delay)
        return self._halt.is_set()

    async def _drain(self, consumer: Consumer[PartitionT]) -> None:
        self._halt.set()
        workers = {lane.worker: partition for partition, lane in self._lanes.items() if lane.worker is not None}
        if workers:
            _, busy = await asyncio.wait(workers, timeout=self._drain_timeout)
            for worker in busy:  # others will have the partition: a handler must not go on
                logger.error(
                    "%s: a handler is still busy after %g s and is cancelled; its message comes again",
                    workers[worker],
                    self._drain_timeout,
                )
                worker.cancel()
        await self._commit(consumer)

    async def _tick(self, consumer: Consumer[PartitionT]) -> None:
        """Commit while handlers run, and again when a commit failed and nothing follows."""
        while self._finished or self._has_work():
            await asyncio.sleep(self._commit_every)
            await self._commit(consumer)
            if self._has_work():
                self._revive(consumer)

    def _has_work(self) -> bool:
        return not self._halt.is_set() and any(lane.records for lane in self._lanes.values())

    def _revive(self, consumer: Consumer[PartitionT]) -> None:
        """Go on with partitions whose worker ended too early: no handler can do that, but a partition must not stop."""
        for partition, lane in self._lanes.items():
            if lane.records and lane.worker is not None and lane.worker.done():
                reason = "cancelled" if lane.worker.cancelled() else repr(lane.worker.exception())
                logger.error("%s: its worker ended (%s) and is started again", partition, reason)
                self._start_worker(consumer, partition, lane)

    async def _commit(self, consumer: Consumer[PartitionT]) -> None:
        async with self._committing:
            assigned = set(consumer.assignment())
            offsets = {partition: offset for partition, offset in self._finished.items() if partition in assigned}
            if not offsets:
                return
            try:
                await consumer.commit(offsets)
            except Exception as error:  # noqa: BLE001 - the records come again; never a reason to fail one
                logger.warning("commit of %s failed: %r", offsets, error)
                return
            for partition, offset in offsets.items():
                if self._finished.get(partition) == offset:
                    del self._finished[partition]
