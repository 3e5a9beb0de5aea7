"""A consumer without a group: it commits nothing, and stays where it is when it gets another partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .commits import Uncommitted
from .partitions import Consumer, PartitionT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .lane import RecordT


class SeekingConsumer(Consumer[PartitionT], Protocol):
    """The part of a consumer that is needed; aiokafka's has it."""

    def seek(self, partition: PartitionT, offset: int) -> None: ...


class Ungrouped(Uncommitted[PartitionT]):
    """Keeps the places in all partitions, and which are paused.

    aiokafka begins all of them anew, as at a start, when a topic gets a partition or a topic of a pattern appears:
    nothing is committed that it could go on from. With `latest` that would pass over records, too.
    """

    def __init__(self, consumer: SeekingConsumer[PartitionT]) -> None:
        super().__init__(consumer)
        self.consumer = consumer
        self._assigned: frozenset[PartitionT] = frozenset()
        self._next: dict[PartitionT, int] = {}
        self._paused: set[PartitionT] = set()
        self.pause = self._pause
        self.resume = self._resume

    def stay(self, batch: Mapping[PartitionT, Sequence[RecordT]]) -> Mapping[PartitionT, Sequence[RecordT]]:
        """Give what of a batch follows what came before; the rest is fetched again, from where it stopped."""
        assigned = frozenset(self.consumer.assignment())
        if assigned != self._assigned:
            # a partition that is gone is forgotten: when it comes back, its topic was deleted and made again
            self._next = {partition: offset for partition, offset in self._next.items() if partition in assigned}
            self._paused &= assigned
            self._assigned = assigned
            for partition, offset in self._next.items():
                self.consumer.seek(partition, offset)
            self.consumer.pause(*self._paused)
            batch = {partition: records for partition, records in batch.items() if partition not in self._next}
        for partition, records in batch.items():
            self._next[partition] = records[-1].offset + 1
        return batch

    def _pause(self, *partitions: PartitionT) -> None:
        self._paused.update(partitions)
        self.consumer.pause(*partitions)

    def _resume(self, *partitions: PartitionT) -> None:
        self._paused.difference_update(partitions)
        self.consumer.resume(*partitions)
