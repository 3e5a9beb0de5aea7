"""What producers may send and clients cannot read: it must not stop a partition or a connection."""

from datetime import datetime, timezone
from typing import Any

import pytest
from aiokafka import TopicPartition  # type: ignore[import-untyped] # it has no types
from aiokafka.consumer import fetcher  # type: ignore[import-untyped] # as above
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy  # type: ignore[import-untyped] # as above
from pamqp import decode, encode
from runtime.kafka import lenient as kafka
from runtime.rabbit import lenient as rabbit

GZIP = 1


class Wrong(str):
    """A name that no client in Python would write."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        del encoding, errors
        return b"\xff\xfe"


@pytest.fixture(autouse=True)
def _installed() -> None:
    kafka.install()
    rabbit.install()


def batch(*headers: list[tuple[str, bytes | None]], codec: int = 0, offset: int = 0) -> bytes:
    builder = _DefaultRecordBatchBuilderPy(2, codec, 0, -1, -1, -1, 1 << 20)
    for number, one in enumerate(headers):
        builder.append(number, 1000 + number, b"key", b"value %d" % (offset + number), one)
    built: bytearray = builder.build()
    built[:8] = offset.to_bytes(8, "big")  # which the checksum does not cover
    return bytes(built)


def read(data: bytes, start: int = 0) -> list[Any]:
    records = fetcher.MemoryRecords(data)
    return list(fetcher.PartitionRecords(TopicPartition("t", 0), records, [], start, None, None, True, 0))


@pytest.mark.parametrize("codec", [0, GZIP])
def test_a_header_whose_name_is_no_utf_8_stops_no_partition(codec: int) -> None:
    good, bad = [("a", b"1")], [("b", None), (Wrong("?"), b"2")]
    data = batch(good, bad, good, codec=codec) + batch(bad, good, offset=3)
    found = read(data)
    assert [record.offset for record in found] == [0, 1, 2, 3, 4]
    assert [record.value for record in found] == [b"value %d" % number for number in range(5)]
    assert found[1].headers == (("b", None), ("\udcff\udcfe", b"2"))
    assert found[4].headers == (("a", b"1"),)
    assert [record.offset for record in read(data, 2)] == [2, 3, 4]


def test_what_is_usual_is_read_as_ever() -> None:
    [record] = read(batch([("é", b"\xff")]))
    assert (record.key, record.value, record.timestamp, record.headers) == (b"key", b"value 0", 1000, (("é", b"\xff"),))


def test_a_broken_record_is_still_an_error() -> None:
    data = bytearray(batch([("a", b"1")]))
    data[-1] ^= 0xFF
    with pytest.raises(Exception, match="CRC"):
        read(bytes(data))


def test_a_property_that_is_no_utf_8_is_read() -> None:
    assert decode.by_type(b"\x02\xff\xfe rest", "shortstr") == (3, "\udcff\udcfe")
    assert decode.by_type(b"\x02\xc3\xa9 rest", "shortstr") == (3, "é")


def test_a_time_that_there_cannot_be_is_none() -> None:
    assert decode.by_type((1 << 62).to_bytes(8, "big"), "timestamp") == (8, None)
    assert decode.by_type((60).to_bytes(8, "big"), "timestamp") == (8, datetime(1970, 1, 1, 0, 1, tzinfo=timezone.utc))


def test_a_table_with_a_name_that_is_no_utf_8_is_read_also_inside_another() -> None:
    inner = encode.field_table({"n": 1, "xx": "text"}).replace(b"\x02xx", b"\x02\xff\xfe")
    table = encode.field_table({"zz": {"n": 1, "xx": "text"}, "a": [1]}).replace(b"\x02xx", b"\x02\xff\xfe")
    expected = {"n": 1, "\udcff\udcfe": "text"}
    assert decode.by_type(inner + b"rest", "table") == (len(inner), expected)
    assert decode.by_type(table.replace(b"\x02zz", b"\x02\xfezz"[:3]), "table")[1] == {"a": [1], "\udcfez": expected}


def test_half_a_table_is_still_an_error() -> None:
    with pytest.raises((ValueError, IndexError)):
        decode.by_type(encode.field_table({"a": "text"})[:-2], "table")
