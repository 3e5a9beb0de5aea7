"""Logs of partitions, and how far each is committed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.simulation.messages import OF_KAFKA, Item, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.world import World

_KEYS = (None, Key(b"a"), Key(b"b"), Key(b"c"))


class Log:
    """The records of all partitions; compaction has left gaps between their offsets."""

    def __init__(self, world: World) -> None:
        self._world = world
        rng = world.rng
        kinds = list(OF_KAFKA)
        rng.shuffle(kinds)
        half = len(kinds) // 2
        self.records: dict[str, list[Item]] = {}
        self.committed: dict[str, int] = {}
        self.is_finished = asyncio.Event()
        for partition, some in (("p0", kinds[:half]), ("p1", kinds[half:])):
            offset = rng.choice((0, 7))
            self.committed[partition] = offset
            self.records[partition] = items = []
            for kind in some:
                items.append(Item(partition, offset, kind, rng.choice(_KEYS)))
                offset += rng.choice((1, 1, 1, 3))

    def from_offset(self, partition: str, offset: int) -> list[Item]:
        """Give the records of a partition from an offset on."""
        return [item for item in self.records[partition] if item.number >= offset]

    def commit(self, offsets: Mapping[str, int]) -> None:
        """Commit offsets, which must not pass what is not finished and never go back."""
        loop, ledger = self._world.loop, self._world.ledger
        for partition, offset in offsets.items():
            committed = self.committed[partition]
            ledger.note(f"{partition} is committed up to {offset}")
            if offset < committed:
                loop.fail(f"the offset of {partition} goes back from {committed} to {offset}")
            for item in self.records[partition]:
                if committed <= item.number < offset and item not in ledger.finished:
                    loop.fail(f"offset {offset} of {partition} passes {item}, which is not finished")
            self.committed[partition] = offset
        if all(items[-1].number < self.committed[partition] for partition, items in self.records.items()):
            self.is_finished.set()
