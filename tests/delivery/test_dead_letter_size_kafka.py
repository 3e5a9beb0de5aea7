"""Dead letters that are too large for their topic: made smaller, and held back where nothing fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from aiokafka.record.default_records import DefaultRecordBatchBuilder  # type: ignore[import-untyped] # it has no types

from tests.delivery.probes import until_unready
from tests.live.kafka_client import Record, alter
from tests.live.users_on_kafka import DEAD, TOPIC, UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from tests.brokers import Service

pytestmark = pytest.mark.xdist_group("kafka")

_KEY: Final = b"\x80 key"
_HEADERS: Final = [("odd", None), ("odd", b"\xff"), ("trace", b"t-1")]


async def test_a_dead_letter_is_made_smaller_until_its_topic_takes_it(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    incomplete = Record(b'{"user_id": "u-x"}', _KEY, _HEADERS)
    long = Record(b"no json: " + bytes(range(256)) * 20, _KEY, _HEADERS)
    burdened = Record(b"no json", _KEY, [*_HEADERS, ("burden", b"b" * 5_000)])
    with users.service():
        await users.send(incomplete)
        whole, *_ = await _letters(users, 1)
        await alter(users.address, DEAD, max_message_bytes=str(_size(whole) - 1))
        await users.send(incomplete)
        _, brief = await _letters(users, 2)
        await alter(users.address, DEAD, max_message_bytes="2000")
        await users.send(long, burdened, user("u-1"))
        await users.until_handled("u-1")
        await users.until_committed(5)
        *parts, unburdened = (await users.dead_letters())[2:]

    assert dict(whole.headers)["x-error"] != dict(whole.headers)["x-error-type"]
    assert (brief.body, brief.key, list(brief.headers[:3])) == (incomplete.body, _KEY, _HEADERS)
    assert dict(brief.headers)["x-error"] == dict(brief.headers)["x-error-type"] == b"InvalidPayload"
    assert _size(brief) < _size(whole)

    assert b"".join(part.body or b"" for part in parts) == long.body
    assert len(parts) > 1
    numbers = [dict(part.headers)["x-part"] for part in parts]
    assert numbers == [f"{number}/{len(parts)}".encode() for number in range(1, len(parts) + 1)]
    assert list(parts[0].headers[:3]) == _HEADERS
    for part in parts:
        headers = dict(part.headers)
        assert part.key == _KEY
        assert (headers["x-error-type"], headers["x-original-offset"]) == (b"NotJson", b"2")
        assert headers["x-event-id"] == dict(parts[0].headers)["x-event-id"]

    headers = dict(unburdened.headers)
    assert (unburdened.body, unburdened.key) == (burdened.body, _KEY)
    assert "burden" not in headers
    assert headers["x-headers-left-out"] == b"4"
    assert headers["x-original-offset"] == b"3"


async def test_a_topic_that_takes_nothing_holds_up_one_partition_until_it_is_altered(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    await users.begin(partitions=2)
    await alter(users.address, DEAD, max_message_bytes="100")
    with users.service(RETRY_DELAY_MAX=1) as service:
        await users.send(user("u-1"), Record(b"no json", _KEY, _HEADERS), user("u-2"), partition=0)
        await until_unready(service, f"{TOPIC}[0]@1: its dead letter cannot be written", why=users.package.logs)
        await users.send(user("o-1"), user("o-2"), partition=1)
        await users.until_handled("u-1", "o-1", "o-2")
        await users.until_committed(3)
        assert await users.dead_letters() == []

        await alter(users.address, DEAD)
        await users.until_handled("u-1", "o-1", "o-2", "u-2")
        await users.until_committed(5)
        await _until_ready(service, users)

    [letter] = await users.dead_letters()
    assert (letter.body, letter.key, list(letter.headers[:3])) == (b"no json", _KEY, _HEADERS)


async def _until_ready(service: Service, users: UsersOnKafka) -> None:
    await until(service.is_ready, why=users.package.logs)


async def _letters(users: UsersOnKafka, count: int) -> list[Record]:
    async def are_there() -> list[Record] | None:
        letters = await users.dead_letters()
        return letters if len(letters) >= count else None

    return await until(are_there, why=users.package.logs) or []


def _size(record: Record) -> int:
    """Give the size of a record alone in a batch, as Kafka compares it with `max.message.bytes`."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1 << 20)
    builder.append(0, 0, record.key, record.body, list(record.headers))
    return len(builder.build())
