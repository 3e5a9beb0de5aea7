"""Headers, keys and correlation ids that the contract describes, on real servers."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest
from aio_pika import Message

from tests.live import around
from tests.live.kafka_client import Record, make_empty, read, send
from tests.live.packages import PARCELS, Package
from tests.live.rabbit_client import remove, take
from tests.live.rabbit_client import send as publish
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from aio_pika.abc import HeadersType

pytestmark = pytest.mark.xdist_group("kafka")

_BODY: Final = b'{"id": "p-1"}'
_PLACES: Final = ("parcels.sent", "parcels.weighed", "parcels.moved")
_LETTERS: Final = tuple(f"{place}.dead" for place in _PLACES)


async def test_of_records(apache_kafka: str, tmp_path: Path) -> None:
    await make_empty(apache_kafka, *_PLACES, *_LETTERS)
    package = Package(tmp_path, PARCELS, "parcels", "--protocol", "kafka", behaviour=around)
    parcel, request = uuid4(), uuid4()
    key = str(parcel).encode()
    headers = [("attempt-number", b"2"), ("priority", b"high"), ("request-id", str(request).encode()), ("o", b"\xff")]
    bad = [
        Record(_BODY, key, [("attempt-number", b"\xff"), ("priority", b"high")]),
        Record(_BODY, key, [("attempt-number", None), ("priority", b"high")]),
        Record(_BODY, key, [("attempt-number", b"2")]),
        Record(_BODY, b"\xff", headers),
        Record(_BODY, None, headers),
    ]
    with package.service({"KAFKA_SERVERS": apache_kafka, "SENT_GROUP_ID": f"parcels-{uuid4()}"}):
        await send(apache_kafka, "parcels.sent", *bad, Record(_BODY, key, headers))
        await until(lambda: around.seen_in(tmp_path), why=package.logs)
    [seen] = around.seen_in(tmp_path)
    assert seen["headers"].pop("priority").startswith("<ParcelSentHeadersPriority.HIGH")
    assert seen == {
        "headers": {"request_id": repr(request), "attempt_number": "2"},
        "key": repr(parcel),
        "correlation_id": str(request),
    }
    letters = await read(apache_kafka, "parcels.sent.dead")
    assert [(letter.body, letter.key) for letter in letters] == [(record.body, record.key) for record in bad]
    kinds = [dict(letter.headers)["x-error-type"] for letter in letters]
    assert kinds == [b"InvalidHeaders"] * 3 + [b"InvalidKey"] * 2


async def test_of_messages(rabbit: str, tmp_path: Path) -> None:
    await remove(rabbit, *_PLACES, *_LETTERS)
    package = Package(tmp_path, PARCELS, "parcels", "--protocol", "rabbit", behaviour=around)
    sent_at = datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
    good: HeadersType = {"attempt-number": 2, "fragile": True, "sent-at": sent_at, "weight": Decimal("1.5")}
    good["priority"] = "high"
    bad: list[HeadersType] = [{**good, "attempt-number": 0}, {**good, "priority": None}, {**good, "tags": [1]}]
    with package.service({"RABBIT_URL": rabbit, "RABBIT_PREFETCH": 1}):
        messages = [Message(_BODY, headers=headers) for headers in (*bad, good)]
        await publish(rabbit, "parcels.sent", *messages)
        await until(lambda: around.seen_in(tmp_path), why=package.logs)
    [seen] = around.seen_in(tmp_path)
    assert seen["headers"].pop("priority").startswith("<ParcelSentHeadersPriority.HIGH")
    assert seen["headers"].pop("sent_at").startswith("datetime.datetime(2026, 3, 1, 9, 30, tzinfo=")
    assert seen == {
        "headers": {"attempt_number": "2", "fragile": "True", "weight": "1.5"},
        "key": None,
        "correlation_id": None,
    }
    letters = await take(rabbit, "parcels.sent.dead")
    assert [letter.headers["x-error-type"] for letter in letters] == ["InvalidHeaders"] * 3
    assert [letter.headers["attempt-number"] for letter in letters] == [0, 2, 2]
