"""A partitioned log: records in order, offsets committed only behind finished ones.

Knows no broker. Each partition is worked through by tasks of its own, so that none waits for another and the consumer
keeps polling whatever handlers do: time in a handler or between two attempts never costs the membership of the group.
A partition with enough in hand is paused, but not at once: aiokafka drops what it has prefetched of a paused one.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar
from weakref import WeakSet

from ..cancellation import undisturbed
from .lane import Lane, Record, RecordT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable, Mapping, Sequence

    from ..failure import Failure
    from .lane import Strand

logger = logging.getLogger(__name__)

_PATIENCE: Final = 0.1
"""Seconds that quick handlers have to work off a full partition before it is paused."""

_SHIFT: Final = 0.02
"""Seconds of work after which other tasks have their turn."""

PartitionT = TypeVar("PartitionT")


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


class Partitions(Generic[PartitionT, RecordT]):
    """Works through the partitions of one consumer and keeps their offsets.

    Works on up to `concurrency` records of a partition at once, never on two of one key. Pauses a partition that has
    `in_hand` records or `bytes_in_hand` waiting, commits every `commit_every` seconds and whenever a partition has
    nothing left, and waits up to `drain_timeout` seconds for handlers before it gives up partitions. `prefix` stands in
    front of what is logged.
    """

    def __init__(  # noqa: PLR0913 - what may differ, by keyword
        self,
        delivery: Deliverer[RecordT],
        *,
        concurrency: int = 1,
        in_hand: int = 500,
        bytes_in_hand: int = 16 << 20,
        commit_every: float = 1.0,
        drain_timeout: float = 20.0,
        prefix: str = "",
    ) -> None:
        self._delivery = delivery
        self._concurrency = concurrency
        self._in_hand = in_hand
        self._bytes_in_hand = bytes_in_hand
        self._commit_every = commit_every
        self._drain_timeout = drain_timeout
        self._prefix = prefix
        self._lanes: dict[PartitionT, Lane[RecordT]] = {}
        self._finished: dict[PartitionT, int] = {}
        self._given_up: WeakSet[asyncio.Task[None]] = WeakSet()
        self._is_revoking = self._is_stopping = False
        self._halt = asyncio.Event()
        self._committing = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None

    async def take(self, consumer: Consumer[PartitionT], batch: Mapping[PartitionT, Sequence[RecordT]]) -> None:
        """Take over what was just fetched; waits a moment when that is much, so that quick handlers never pause."""
        if self._is_revoking or self._is_stopping:  # it comes again: a new assignment starts at the committed offsets
            return
        for partition, records in batch.items():
            lane = self._lanes.get(partition)
            if lane is None:
                lane = self._lanes[partition] = Lane(self._concurrency)
            lane.put(records)
            self._start_workers(consumer, partition, lane)
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._tick(consumer))
        if full := [lane for lane in self._lanes.values() if self._is_full(lane)]:
            await asyncio.wait([worker for lane in full for worker in _workers(lane)], timeout=_PATIENCE)
            for partition, lane in self._lanes.items():
                if self._is_full(lane):
                    lane.is_paused = True
                    consumer.pause(partition)

    def next_offsets(self) -> dict[PartitionT, int]:
        """Give the first offset that is not finished, of each partition that records have come from."""
        lanes = self._lanes.items()
        return {partition: offset for partition, lane in lanes if (offset := lane.next_offset) is not None}

    def is_given_up(self) -> bool:
        """Whether the task that asks was cancelled because others have its partition, or the service has stopped."""
        return asyncio.current_task() in self._given_up

    async def revoke(self, consumer: Consumer[PartitionT]) -> None:
        """Finish the records in hand and commit, before others get the partitions."""
        self._is_revoking = True
        await self._drain()
        await self._commit(consumer)
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
        await self._drain()
        try:
            await asyncio.wait_for(self._commit(consumer), self._drain_timeout)
        except asyncio.TimeoutError:  # a client that does not reach its broker tries for ever
            text = "%soffsets were not committed within %g s: their records come again"
            logger.warning(text, self._prefix, self._drain_timeout)

    def _start_workers(self, consumer: Consumer[PartitionT], partition: PartitionT, lane: Lane[RecordT]) -> None:
        for strand in lane.strands:
            if strand.records and strand.is_idle:
                strand.worker = asyncio.create_task(self._work(consumer, partition, lane, strand))

    async def _work(
        self, consumer: Consumer[PartitionT], partition: PartitionT, lane: Lane[RecordT], strand: Strand[RecordT]
    ) -> None:
        clock = asyncio.get_running_loop().time
        records, done, rested = strand.records, 0, clock()
        while records and not self._halt.is_set():
            record = records[0]  # it stays first until it is finished, whatever happens
            failure = await self._delivery.deliver(record)
            if failure is not None and not await self._is_finished_later(record, failure, partition, lane):
                return  # it comes again
            if self._lanes.get(partition) is not lane or (self._given_up and self.is_given_up()):
                return  # it is not ours to commit any more
            position = lane.finish_first(strand)
            if position is not None:
                self._finished[partition] = position
            if lane.is_paused and len(lane) < self._in_hand / 2 and lane.size < self._bytes_in_hand / 2:
                lane.is_paused = False
                consumer.resume(partition)
            done += 1
            if done % self._in_hand == 0 or not lane:
                await self._commit(consumer)
            if clock() - rested > _SHIFT:  # handlers that never wait would keep everything else from running
                await asyncio.sleep(0)
                rested = clock()

    async def _is_finished_later(
        self, record: RecordT, failure: Failure | None, partition: PartitionT, lane: Lane[RecordT]
    ) -> bool:
        """Deliver a record that failed until it is finished; False when the service stops or others have it."""
        try:
            while failure is not None:
                if self._lanes.get(partition) is lane:
                    await undisturbed(self._pause(failure.delay), self.is_given_up)
                if self._halt.is_set() or self._lanes.get(partition) is not lane:
                    return False
                failure = await self._delivery.deliver(record, failure)
        finally:
            self._delivery.forget(record)
        return True

    def _is_full(self, lane: Lane[RecordT]) -> bool:
        has_enough = len(lane) >= self._in_hand or lane.size >= self._bytes_in_hand
        return has_enough and not lane.is_paused

    async def _pause(self, delay: float) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._halt.wait(), delay)

    async def _drain(self) -> None:
        self._halt.set()
        workers = {worker: partition for partition, lane in self._lanes.items() for worker in _workers(lane)}
        if workers:
            _, busy = await asyncio.wait(workers, timeout=self._drain_timeout)
            self._given_up.update(busy)
            for worker in busy:  # others will have the partition: a handler must not go on
                logger.error(
                    "%s%s: a handler is still busy after %g s and is cancelled; "
                    "its message comes again, unless ACK is at-most-once",
                    self._prefix,
                    workers[worker],
                    self._drain_timeout,
                )
                worker.cancel()

    async def _tick(self, consumer: Consumer[PartitionT]) -> None:
        """Commit while handlers run, and again when a commit failed and nothing follows."""
        while self._finished or self._has_work():
            await asyncio.sleep(self._commit_every)
            await self._commit(consumer)
            if self._has_work():
                self._revive(consumer)

    def _has_work(self) -> bool:
        return not self._halt.is_set() and any(self._lanes.values())

    def _revive(self, consumer: Consumer[PartitionT]) -> None:
        """Go on with partitions whose worker ended too early: no handler should be able to do that."""
        for partition, lane in self._lanes.items():
            for strand in lane.strands:
                worker = strand.worker
                if strand.records and worker is not None and worker.done():
                    reason = "cancelled" if worker.cancelled() else repr(worker.exception())
                    text = "%s%s: its worker ended (%s) and is started again"
                    logger.error(text, self._prefix, partition, reason)
            self._start_workers(consumer, partition, lane)

    async def _commit(self, consumer: Consumer[PartitionT]) -> None:
        async with self._committing:
            assigned = set(consumer.assignment())
            offsets = {partition: offset for partition, offset in self._finished.items() if partition in assigned}
            if not offsets:
                return
            try:
                await consumer.commit(offsets)
            except Exception as error:  # noqa: BLE001 - the records come again; never a reason to fail one
                logger.warning("%scommit of %s failed: %r", self._prefix, offsets, error)
                return
            for partition, offset in offsets.items():
                if self._finished.get(partition) == offset:
                    del self._finished[partition]


def _workers(lane: Lane[RecordT]) -> list[asyncio.Task[None]]:
    return [strand.worker for strand in lane.strands if strand.worker is not None]
