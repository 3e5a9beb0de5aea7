"""Headers whose names are no UTF-8, which other clients may write: aiokafka alone would stop at them for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped] # it has no types
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy  # type: ignore[import-untyped] # as above

from tests.live.users_on_kafka import TOPIC, user

if TYPE_CHECKING:
    from tests.live.kafka_client import Record
    from tests.live.users_on_kafka import UsersOnKafka

pytestmark = pytest.mark.xdist_group("kafka")


class _Name(str):
    """A name that is written as other bytes than UTF-8."""

    __slots__ = ()

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:  # noqa: ARG002 - as str has it
        return b"odd \xff"


async def test_names_of_headers_that_are_no_utf_8_stop_nothing(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    bad = user("bad").wishing("fails")
    with users.service(RETRY_DELAY=0.01):
        await users.send(user("u-1"))
        await _send_in_one_batch(users.address, user("u-2"), user("odd"), bad, user("u-3"))
        await users.send(user("u-4"))
        await users.until_handled("u-1", "u-2", "odd", "u-3", "u-4")
        await users.until_committed(6)

    [entry] = users.ledger.entries(user_id="odd")
    assert [value for name, value in entry.headers if (name or "").startswith("odd")] == ["1"]
    [letter] = await users.dead_letters()
    assert (letter.body, letter.key) == (bad.body, bad.key)
    assert ("odd \\udcff", b"1") in letter.headers


async def _send_in_one_batch(address: str, *records: Record) -> None:
    """Send records that have all a header with an odd name."""
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        batch = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(2, 0, 0, -1, -1, 0, 1 << 20)  # noqa: SLF001 - its other one is in C
        for record in records:
            headers = [*record.headers, (_Name("odd"), b"1")]
            assert batch.append(timestamp=None, key=record.key, value=record.body, headers=headers) is not None
        batch.close()
        await (await producer.send_batch(batch, TOPIC, partition=0))
