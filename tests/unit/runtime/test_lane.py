"""What is in hand of a partition: which records are in one strand, and how far the partition has come."""

from dataclasses import dataclass

import pytest
from runtime.kafka.lane import Lane, Strand


@dataclass(frozen=True)
class Record:
    """A place in a partition."""

    offset: int
    key: bytes | None = None
    body: bytes | None = b"four"


def finish(lane: Lane[Record], offset: int) -> int | None:
    return lane.finish_first(next(strand for strand in lane.strands if offset in offsets(strand)[:1]))


def offsets(strand: Strand[Record]) -> list[int]:
    return [record.offset for record in strand.records]


def test_one_strand_keeps_the_order() -> None:
    lane: Lane[Record] = Lane()
    lane.put([Record(3, b"b"), Record(4, b"a"), Record(9)])
    assert (len(lane), lane.size, lane.next_offset) == (3, 12, 3)
    assert [offsets(strand) for strand in lane.strands] == [[3, 4, 9]]
    assert [finish(lane, 3), finish(lane, 4), finish(lane, 9)] == [4, 5, 10]
    assert (len(lane), lane.size, lane.next_offset) == (0, 0, 10)


def test_records_of_one_key_are_in_one_strand() -> None:
    lane: Lane[Record] = Lane(4)
    lane.put(Record(offset, b"%d" % (offset % 10)) for offset in range(100))
    of_key = {key: [strand for strand in lane.strands if key in {one.key for one in strand.records}] for key in (b"3",)}
    assert len(of_key[b"3"]) == 1
    assert sum(len(strand.records) for strand in lane.strands) == 100
    assert all(offsets(strand) == sorted(offsets(strand)) for strand in lane.strands)


@pytest.mark.parametrize(("strands", "lengths"), [(2, [3, 4]), (3, [2, 2, 3])])
def test_records_without_a_key_go_where_there_is_least(strands: int, lengths: list[int]) -> None:
    lane: Lane[Record] = Lane(strands)
    lane.put(Record(offset) for offset in range(7))
    assert sorted(len(strand.records) for strand in lane.strands) == lengths


@pytest.mark.parametrize("step", [1, 5])
def test_what_is_finished_behind_a_gap_is_not_committed_until_the_gap_is(step: int) -> None:
    lane: Lane[Record] = Lane(4)
    lane.put(Record(number * step) for number in range(4))
    assert finish(lane, 2 * step) is None
    assert finish(lane, step) is None
    assert lane.next_offset == 0
    assert finish(lane, 0) == 2 * step + 1
    assert lane.next_offset == 3 * step
    assert finish(lane, 3 * step) == 3 * step + 1


def test_a_tombstone_takes_no_room() -> None:
    lane: Lane[Record] = Lane()
    lane.put([Record(0, body=None)])
    assert (len(lane), lane.size) == (1, 0)
