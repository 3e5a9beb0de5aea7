"""Dead letters whose headers are too large for a frame of AMQP: cut, without losing the connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from aio_pika import Message
from pamqp.header import ContentHeader

from tests.live.ledger import FAILS_ONCE, WISH
from tests.live.users_on_rabbit import UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from aio_pika.abc import AbstractMessage, HeadersType

pytestmark = pytest.mark.xdist_group("rabbit")

_FRAME: Final = 131_072 - 8
"""What a frame holds of headers and properties, as RabbitMQ comes."""
_INCOMPLETE: Final = b'{"user_id": "u-x"}'


async def test_headers_of_a_dead_letter_are_cut_until_they_fit(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service() as service:
        await users.send(Message(_INCOMPLETE, headers={"burden": "b"}), user("u-1"))
        await users.until_handled("u-1")
        [whole] = await users.dead_letters()
        room = _FRAME - _size(whole)
        fitting, too_long = (Message(_INCOMPLETE, headers={"burden": "b" * size}) for size in (room, room + 2))
        full = Message(_INCOMPLETE, headers={"small": "s", "burden": "b" * (_FRAME - 200), "other": "o"})
        await users.send(fitting, too_long, full, user("u-2"))
        await users.until_handled("u-1", "u-2")
        first, second, third = await users.dead_letters()
        log = service.log.read_text()
    assert await users.left() == []

    assert first.headers["x-error"] == whole.headers["x-error"]
    assert first.headers["burden"] == fitting.headers["burden"]
    assert second.headers["x-error"] == second.headers["x-error-type"] == "InvalidPayload"
    assert second.headers["burden"] == too_long.headers["burden"]
    assert third.headers["x-headers-left-out"] == "1"
    assert "burden" not in third.headers
    assert (third.headers["small"], third.headers["other"]) == ("s", "o")
    assert {letter.body for letter in (first, second, third)} == {_INCOMPLETE}
    assert not any(letter.redelivered for letter in (first, second, third))
    assert "aio_pika" not in log, "the client has nothing to say: the connection was never lost"


async def test_a_message_that_is_too_large_to_be_parked_waits_in_hand(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    headers: HeadersType = {WISH: FAILS_ONCE, "burden": "b" * (_FRAME - 150)}
    with users.service(RETRY_DELAY=4, RETRY_DELAY_MAX=4, RABBIT_PREFETCH=10) as service:
        await users.send(Message(user("u-1").body, headers=headers), user("u-2"))
        await until(lambda: users.ledger.column("user_id") == ["u-2", "u-1"], why=users.package.logs)
        log = service.log.read_text()

    assert [entry.attempt for entry in users.ledger.entries("began", user_id="u-1")] == [1, 2]
    assert (await users.left(), await users.dead_letters()) == ([], [])
    assert "cannot be parked" in log
    assert "aio_pika" not in log, "the client has nothing to say: the connection was never lost"


def _size(message: AbstractMessage) -> int:
    return len(ContentHeader(body_size=len(message.body), properties=message.properties).marshal())
