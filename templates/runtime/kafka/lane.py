"""What is in hand of one partition: strands of records, each worked off in order, and how far it has come."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable


class Record(Protocol):
    """A place in a partition, and what is there."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def body(self) -> bytes | None: ...


RecordT = TypeVar("RecordT", bound=Record)


class Strand(Generic[RecordT]):
    """Records that are worked off one after the other, by a task of their own."""

    def __init__(self) -> None:
        self.records: deque[RecordT] = deque()
        self.worker: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nobody works on it."""
        return self.worker is None or self.worker.done()


class Lane(Generic[RecordT]):
    """What is in hand of one partition, for as long as it is assigned.

    With one strand the order of the partition is kept; with several that of the records of each key, which are all in
    one strand.
    """

    def __init__(self, strands: int = 1) -> None:
        self.strands: list[Strand[RecordT]] = [Strand() for _ in range(strands)]
        self.size = 0
        self.is_paused = False
        self._position: int | None = None
        self._unfinished: deque[int] = deque()
        self._ahead: set[int] = set()
        """Offsets that are finished although one before them is not."""

    def __len__(self) -> int:
        """Give how many records may not be committed yet."""
        return len(self._unfinished)

    @property
    def next_offset(self) -> int | None:
        """The first offset that is not finished; None before the first record."""
        return self._unfinished[0] if self._unfinished else self._position

    def put(self, records: Iterable[RecordT]) -> None:
        """Add records, in the order of their offsets."""
        for record in records:
            self._strand_of(record).records.append(record)
            self._unfinished.append(record.offset)
            self.size += len(record.body or b"")

    def finish_first(self, strand: Strand[RecordT]) -> int | None:
        """Take the first record out of a strand: it is finished.

        Gives the offset that may be committed now, which is behind the last record with none unfinished before it; None
        when that is where it was.
        """
        record = strand.records.popleft()
        self.size -= len(record.body or b"")
        if record.offset != self._unfinished[0]:
            self._ahead.add(record.offset)
            return None
        last = self._unfinished.popleft()
        while self._ahead and self._unfinished[0] in self._ahead:
            last = self._unfinished.popleft()
            self._ahead.remove(last)
        self._position = last + 1
        return self._position

    def _strand_of(self, record: RecordT) -> Strand[RecordT]:
        if len(self.strands) == 1:
            return self.strands[0]
        if record.key is None:  # it has no order to keep
            return min(self.strands, key=lambda strand: len(strand.records))
        return self.strands[hash(record.key) % len(self.strands)]
