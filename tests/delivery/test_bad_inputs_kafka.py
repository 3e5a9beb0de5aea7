"""Bad records between good ones, on both servers that speak Kafka's protocol, all in one run of the service."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final
from uuid import UUID

import pytest

from tests.delivery.bad_inputs import BAD_INPUTS, BadInput
from tests.delivery.metrics import metrics_of
from tests.live.kafka_client import Record
from tests.live.packages import TRACED_USERS_ON_KAFKA
from tests.live.users_on_kafka import TOPIC, UsersOnKafka, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.delivery.metrics import Metrics

pytestmark = pytest.mark.xdist_group("kafka")

_ODD_HEADERS: Final[dict[str, Sequence[tuple[str, bytes | None]]]] = {
    "null header": [("odd", None)],
    "binary header": [("odd", b"\xff\xfe")],
    "header without a name": [("", b"odd")],
    "repeated header": [("odd", b"1"), ("other", b"2"), ("odd", None), ("odd", b"\xff")],
}
_CODECS: Final = ("gzip", "snappy", "lz4", "zstd")


@dataclass
class Outcome:
    """What one run of the service made of everything."""

    bad: list[Record]
    """As they were sent, with the offset that each has."""
    offsets: list[int]
    good: list[str]
    handled: list[str]
    dead_letters: list[Record]
    sent: int
    committed: int
    metrics: Metrics
    exit_code: int | None
    log: str

    def letter_of(self, bad: Record) -> Record:
        """Give the dead letter of a bad record; fail when it is not where the order of the partition puts it."""
        return self.dead_letters[self.bad.index(bad)]


def _bad_records() -> list[Record]:
    kinds = [_record(kind) for kind in BAD_INPUTS]
    odd = [Record(b"{oops", name.encode(), headers) for name, headers in _ODD_HEADERS.items()]
    return [*kinds, *odd, Record(b"{oops", None)]


def _record(kind: BadInput) -> Record:
    name, text = ("content-type", kind.content_type) if kind.content_type else ("kind", kind.name)
    return Record(kind.body, b"\x80 " + kind.name.encode(), [(name, text.encode()), *kind.headers.items()])


@pytest.fixture(scope="module", params=["apache_kafka", "tansu"])
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    users = UsersOnKafka(
        request.getfixturevalue(request.param), tmp_path_factory.mktemp("bad-inputs"), document=TRACED_USERS_ON_KAFKA
    )
    return asyncio.run(_run(users))


async def _run(users: UsersOnKafka) -> Outcome:
    await users.begin()
    bad, good, offsets, sent = _bad_records(), [], [], 0
    records: list[Record] = []
    for number, record in enumerate(bad):
        offsets.append(len(records) + 1)
        good.append(f"before {number}")
        records += [user(good[-1]), record]
    for name, headers in _ODD_HEADERS.items():
        good.append(name)
        records.append(Record(user(name).body, b"\x80", headers))
    records += [Record(None, b"tombstone"), Record(None, b"\x80", [("odd", None)])]
    with users.service() as service:
        await users.send(*records)
        for codec in _CODECS:
            long = Record(b" " * 900_000 + (user(f"900 kB, {codec}").body or b""))
            await users.send(user(codec), long, compression=codec)
            good += [codec, f"900 kB, {codec}"]
        good.append("last")
        await users.send(user("last"))
        sent = len(records) + 2 * len(_CODECS) + 1
        with suppress(AssertionError):  # whatever is missing, the tests below tell
            await until(lambda: "last" in users.ledger.column("user_id"))
            await users.until_committed(sent)
        metrics, code = metrics_of(service), service.stop()
        return Outcome(
            bad,
            offsets,
            good,
            users.ledger.column("user_id"),
            await users.dead_letters(),
            sent,
            await users.offset(),
            metrics,
            code,
            service.log.read_text(),
        )


def test_good_records_are_handled_in_order_and_once(outcome: Outcome) -> None:
    assert outcome.handled == outcome.good


def test_every_offset_is_committed(outcome: Outcome) -> None:
    assert outcome.committed == outcome.sent
    assert outcome.exit_code == 0


@pytest.mark.parametrize("bad", _bad_records(), ids=lambda bad: (bad.key or b"no key").decode("ascii", "ignore"))
def test_a_bad_record_is_dead_lettered_as_it_came(outcome: Outcome, bad: Record) -> None:
    letter = outcome.letter_of(bad)

    assert (letter.body, letter.key) == (bad.body, bad.key)
    assert list(letter.headers[: len(bad.headers)]) == list(bad.headers)
    reasons = dict(letter.headers[len(bad.headers) :])
    assert reasons["x-attempts"] == b"1"
    assert reasons["x-original-topic"] == TOPIC.encode()
    assert reasons["x-original-partition"] == b"0"
    assert reasons["x-original-offset"] == str(outcome.offsets[outcome.bad.index(bad)]).encode()
    assert reasons["x-error"]
    failed_at = datetime.fromisoformat((reasons["x-failed-at"] or b"").decode())
    assert abs((datetime.now(timezone.utc) - failed_at).total_seconds()) < 300
    assert UUID((reasons["x-event-id"] or b"").decode()).version == 5
    assert "x-part" not in reasons


@pytest.mark.parametrize("kind", BAD_INPUTS, ids=lambda kind: kind.name)
def test_a_dead_letter_says_what_is_wrong_and_never_repeats_it(outcome: Outcome, kind: BadInput) -> None:
    reasons = dict(outcome.letter_of(_record(kind)).headers)

    assert reasons["x-error-type"] == kind.error_type.encode()
    text = (reasons["x-error"] or b"").decode()
    assert "bad" not in text.lower()
    assert "9999" not in text


def test_each_dead_letter_has_an_identity_of_its_own(outcome: Outcome) -> None:
    identities = {dict(letter.headers)["x-event-id"] for letter in outcome.dead_letters}

    assert len(identities) == len(outcome.dead_letters) == len(outcome.bad)


def test_everything_is_counted(outcome: Outcome) -> None:
    assert outcome.metrics.value("messages_handled_total", channel=TOPIC, event="UserCreated") == len(outcome.good)
    assert outcome.metrics.value("messages_dead_lettered_total", channel=TOPIC, event="") == len(outcome.bad)
    assert outcome.metrics.value("messages_skipped_total", channel=TOPIC, event="") == 2, "the tombstones"
    assert outcome.metrics.value("messages_lag", channel=TOPIC, partition="0") == 0


def test_the_log_has_one_line_for_each_bad_record_and_no_payload(outcome: Outcome) -> None:
    for offset in outcome.offsets:
        lines = [line for line in outcome.log.splitlines() if f"{TOPIC}[0]@{offset} (" in line]
        assert len(lines) == 1, lines
        assert "dead-lettered after attempt 1" in lines[0]
    assert "bad@exam" not in outcome.log
    assert "Traceback" not in outcome.log
