"""The service of specs/user-events-kafka, as tests on real servers use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from tests.brokers import Service
from tests.live.kafka_client import Record, committed, make_empty, read, send
from tests.live.packages import USERS_ON_KAFKA, Package
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path


TOPIC: Final = "user_events"
DEAD: Final = "user_events.dead"

_SESSION_MS: Final = 6000
"""The shortest that Apache Kafka takes: so long it waits for a member that was killed."""


class UsersOnKafka:
    """The service in a group of its own, generated with `options`. `begin` is awaited first."""

    def __init__(self, address: str, folder: Path, *options: str, document: Path = USERS_ON_KAFKA) -> None:
        """Take the server, the folder for the package, and another contract for the same topic and payload."""
        self.address = address
        self.package = Package(folder, document, "users", *options)
        self.ledger = self.package.ledger
        self.group = f"users-{uuid4()}"

    async def begin(self, *, partitions: int = 1) -> None:
        """Have both topics, with nothing in them; that for dead letters has one partition."""
        await make_empty(self.address, DEAD)
        await make_empty(self.address, TOPIC, partitions=partitions)

    def service(self, kind: type[Service] = Service, /, **settings: object) -> Service:
        """Give an instance, not yet started."""
        own = {"USER_EVENTS_GROUP_ID": self.group, "KAFKA_SESSION_TIMEOUT_MS": _SESSION_MS}
        return self.package.service({"KAFKA_SERVERS": self.address, **own, **settings}, kind)

    async def send(self, *records: Record, partition: int | None = None, compression: str | None = None) -> None:
        """Send records one after the other."""
        await send(self.address, TOPIC, *records, partition=partition, compression=compression)

    async def until_began(self, name: str) -> None:
        """Wait until a handler has begun with a user."""
        await until(lambda: self.ledger.entries("began", user_id=name), why=self.package.logs)

    async def until_handled(self, *names: str) -> None:
        """Wait until these users are handled; fail unless it was in this order, each once, and no other."""
        await until(lambda: len(self.ledger.entries()) >= len(names), why=self.package.logs)
        assert self.ledger.column("user_id") == list(names)

    async def until_committed(self, offset: int) -> None:
        """Wait until the group has come that far, in all partitions together."""

        async def is_there() -> bool:
            return await self.offset() == offset

        await until(is_there, why=self.package.logs)

    async def offset(self) -> int:
        """Give how far the group has come."""
        return (await committed(self.address, self.group, TOPIC)).get(TOPIC, 0)

    async def dead_letters(self) -> list[Record]:
        """Give what is in the dead-letter topic."""
        return await read(self.address, DEAD)


def user(name: str) -> Record:
    """Give a good record, keyed by its user's id."""
    payload = {"user_id": name, "email": f"{name}@example.com", "name": name}
    return Record(json.dumps(payload).encode(), name.encode())
