"""Reads records whose headers have names that are no UTF-8, on which aiokafka gives up the whole partition.

aiokafka decodes the records of a batch one by one and ends at the first that it cannot decode, again each time it is
asked. Here such a batch is read once more by its parser in Python, with names that keep those bytes as surrogates. What
is usual costs nothing. `install` replaces two classes in aiokafka.
"""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false, reportUntypedBaseClass=false, reportIncompatibleMethodOverride=false
# pyright: reportAbstractUsage=false

from __future__ import annotations

from typing import Any, Final

from aiokafka.consumer import fetcher  # type: ignore[import-untyped] # it has no types
from aiokafka.record.default_records import _DefaultRecordBatchPy  # type: ignore[import-untyped] # as above
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy  # type: ignore[import-untyped] # as above

_WITH_HEADERS: Final = 2
"""The version of the format of records (magic) from which on they have headers."""


def install() -> None:
    """Have aiokafka read all records, in every consumer of the process."""
    fetcher.MemoryRecords = _Records
    fetcher.PartitionRecords = _PartitionRecords


class _Records(MemoryRecords):  # type: ignore[misc] # aiokafka's class is Any
    """What was fetched, which can be read again."""

    def __init__(self, fetched: bytes) -> None:
        super().__init__(fetched)
        self.fetched = fetched


class _PartitionRecords(fetcher.PartitionRecords):  # type: ignore[misc] # aiokafka's class is Any
    """The records of one fetch; goes on leniently where a name cannot be decoded."""

    def __init__(self, tp: Any, records: Any, aborted: Any, fetch_offset: int, *options: Any) -> None:  # noqa: ANN401
        self._again = (tp, getattr(records, "fetched", None), list(aborted or ()), options)
        super().__init__(tp, records, aborted, fetch_offset, *options)

    def __next__(self) -> Any:  # noqa: ANN401 - a record
        try:
            return super().__next__()
        except UnicodeDecodeError:
            tp, fetched, aborted, options = self._again
            if fetched is None:
                raise
            super().__init__(tp, _LenientRecords(fetched), aborted, self.next_fetch_offset, *options)
            return super().__next__()


class _LenientRecords(_MemoryRecordsPy):  # type: ignore[misc] # aiokafka's class is Any
    """What was fetched, read in Python."""

    def next_batch(self, *options: Any) -> Any:  # noqa: ANN401 - a batch
        data: Any = self._next_slice
        batch = super().next_batch(*options)
        has_headers = batch is not None and data[self.MAGIC_OFFSET] >= _WITH_HEADERS
        return _LenientBatch(data) if has_headers else batch


class _LenientBatch(_DefaultRecordBatchPy):  # type: ignore[misc] # aiokafka's class is Any
    """A batch out of which any name can be read."""

    _buffer: Any

    def _maybe_uncompress(self) -> None:
        super()._maybe_uncompress()
        if not isinstance(self._buffer, _LenientBytes):
            self._buffer = _LenientBytes(self._buffer)


class _LenientBytes(bytearray):
    """Bytes whose parts can all be decoded."""

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - as bytearray has it
        part = super().__getitem__(index)
        return _LenientBytes(part) if isinstance(part, bytearray) else part

    def decode(self, encoding: str = "utf-8", errors: str = "surrogateescape") -> str:
        return super().decode(encoding, errors)
