"""An event that comes again is the same event, also when somebody sends its dead letter back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aio_pika import Message

from tests.live.kafka_client import Record
from tests.live.ledger import FAILS, WISH
from tests.live.users_on_kafka import user as user_on_kafka
from tests.live.users_on_rabbit import user as user_on_rabbit
from tests.live.waiting import until

if TYPE_CHECKING:
    from tests.live.ledger import Ledger
    from tests.live.users_on_kafka import UsersOnKafka
    from tests.live.users_on_rabbit import UsersOnRabbit


@pytest.mark.xdist_group("kafka")
async def test_a_dead_letter_that_is_sent_back_is_the_same_event_on_kafka(kafka_users: UsersOnKafka) -> None:
    users = kafka_users
    with users.service(RETRY_DELAY=0.01):
        await users.send(user_on_kafka("before"), user_on_kafka("u-1").wishing(FAILS))
        [letter] = await until(users.dead_letters, why=users.package.logs)
        headers = [(name, value) for name, value in letter.headers if name != WISH]  # its handler is mended
        await users.send(Record(letter.body, letter.key, headers))
        await users.until_handled("before", "u-1")

    _check(users.ledger, str((dict(letter.headers)["x-event-id"] or b"").decode()))


@pytest.mark.xdist_group("rabbit")
@pytest.mark.parametrize("message_id", ["u-1", None])
async def test_a_dead_letter_that_is_sent_back_is_the_same_event_on_rabbit(
    rabbit_users: UsersOnRabbit, message_id: str | None
) -> None:
    users = rabbit_users
    body = user_on_rabbit("u-1").body
    with users.service(RETRY_DELAY=0.01):
        await users.send(user_on_rabbit("before"), Message(body, headers={WISH: FAILS}, message_id=message_id))
        [letter] = await until(users.dead_letters, why=users.package.logs)
        headers = {name: value for name, value in letter.headers.items() if name != WISH}
        await users.send(Message(letter.body, headers=headers, message_id=letter.message_id))
        await users.until_handled("before", "u-1")

    _check(users.ledger, str(letter.headers["x-event-id"]))


def _check(ledger: Ledger, identity: str) -> None:
    failed, handled = ledger.entries("began", user_id="u-1")[:3], ledger.entries(user_id="u-1")
    assert [entry.attempt for entry in failed] == [1, 2, 3]
    assert {entry.event_id for entry in [*failed, *handled]} == {identity}
    assert [entry.attempt for entry in handled] == [1], "attempts are counted anew"
    assert ledger.entries(user_id="before")[0].event_id != identity
