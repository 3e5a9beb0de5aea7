"""The log of a service: configured once, its own lines only, no payload, and more of them where somebody asks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from aio_pika import Message

from tests.live import users_on_kafka, users_on_rabbit
from tests.live.kafka_client import Record
from tests.live.ledger import FAILS_ONCE
from tests.live.packages import LASTING_USERS_ON_RABBIT
from tests.live.users_on_kafka import UsersOnKafka
from tests.live.users_on_rabbit import UsersOnRabbit

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_LINE: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (\w+) +([\w.]+): (.*)")
_INSIDE: Final = "swordfish"


@pytest.fixture(params=["kafka", "rabbit"])
async def users(request: pytest.FixtureRequest, tmp_path: Path) -> UsersOnKafka | UsersOnRabbit:
    """Give the user service of a broker."""
    users: UsersOnKafka | UsersOnRabbit
    if request.param == "kafka":
        users = UsersOnKafka(request.getfixturevalue("apache_kafka"), tmp_path)
    else:
        users = UsersOnRabbit(request.getfixturevalue("rabbit"), tmp_path, LASTING_USERS_ON_RABBIT)
    await users.begin()
    return users


async def _log(users: UsersOnKafka | UsersOnRabbit, **settings: str) -> list[tuple[str, str, str]]:
    """Have a good, a failing and a bad message handled; gives level, logger and text of each line."""
    with users.service(RETRY_DELAY=0.01, **settings) as service:
        if isinstance(users, UsersOnKafka):
            failing = users_on_kafka.user(f"{_INSIDE}-2").wishing(FAILS_ONCE)
            await users.send(users_on_kafka.user(f"{_INSIDE}-1"), failing, Record(_INSIDE.encode()))
        else:
            failing_message = users_on_rabbit.user(f"{_INSIDE}-2", FAILS_ONCE)
            failing_message.message_id = "m-2"
            good = users_on_rabbit.user(f"{_INSIDE}-1")
            good.message_id = "m-1"
            await users.send(good, failing_message, Message(_INSIDE.encode()))
        await users.until_handled(f"{_INSIDE}-1", f"{_INSIDE}-2")
        assert service.stop() == 0
    lines = [_LINE.fullmatch(line) for line in service.log.read_text().splitlines()]
    return [(found[1], found[2], found[3]) for found in lines if found]


async def test_has_only_the_lines_of_the_service_each_once_and_no_payload(users: UsersOnKafka | UsersOnRabbit) -> None:
    lines = await _log(users)
    loggers = {logger.partition(".")[0] for _, logger, _ in lines}
    assert loggers <= {"users", "uvicorn"}, lines
    assert [level for level, _, text in lines if "attempt 1 failed" in text] == ["WARNING"]
    assert [level for level, _, text in lines if "dead-lettered" in text] == ["ERROR"]
    assert not [line for line in lines if line[0] == "DEBUG"]
    assert _INSIDE not in users.package.logs()


async def test_has_more_lines_where_somebody_asks(users: UsersOnKafka | UsersOnRabbit) -> None:
    lines = await _log(users, LOG_LEVEL="DEBUG")
    assert [text for level, _, text in lines if level == "DEBUG" and ": raised at" in text]
    assert _INSIDE not in users.package.logs()


async def test_has_fewer_lines_where_somebody_asks(users: UsersOnKafka | UsersOnRabbit) -> None:
    lines = await _log(users, LOG_LEVEL="ERROR")
    assert {level for level, _, _ in lines} == {"ERROR"}
