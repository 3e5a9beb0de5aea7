"""Several instances of a service in one group."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from tests.live.users_on_kafka import user
from tests.live.waiting import until

if TYPE_CHECKING:
    from tests.live.users_on_kafka import UsersOnKafka


async def until_shared(users: UsersOnKafka, *, partitions: int, replicas: int) -> int:
    """Send records to all partitions until that many replicas handle them; gives how many that took."""
    for turn in itertools.count(1):
        names = [f"warm-up {turn}.{partition}" for partition in range(partitions)]
        for partition, name in enumerate(names):
            await users.send(user(name), partition=partition)
        await until(lambda: set(names) <= set(users.ledger.column("user_id")), why=users.package.logs)  # noqa: B023 - awaited here
        if len({entry.process for entry in users.ledger.entries() if entry.values["user_id"] in names}) >= replicas:
            return turn * partitions
        assert turn < 50, "no replica joined"
    raise AssertionError
