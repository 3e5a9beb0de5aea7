"""The service of specs/user-events-rabbitmq, as tests on real servers use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from aio_pika import DeliveryMode, Message

from tests.brokers import Service
from tests.live.ledger import WISH
from tests.live.packages import USERS_ON_RABBIT, Package
from tests.live.rabbit_client import channel, remove, send, take
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from aio_pika.abc import AbstractIncomingMessage


QUEUE: Final = "user_events"
DEAD: Final = "user_events.dead"


class UsersOnRabbit:
    """The service, one message at a time unless a setting says otherwise. `begin` is awaited first."""

    def __init__(self, address: str, folder: Path, document: Path = USERS_ON_RABBIT) -> None:
        """Take the server, the folder for the package, and another contract for the same queue and payload."""
        self.address = address
        self.package = Package(folder, document, "users")
        self.ledger = self.package.ledger

    async def begin(self) -> None:
        """Have neither queue, for the service to declare them."""
        await remove(self.address, QUEUE, DEAD)

    def service(self, kind: type[Service] = Service, /, **settings: object) -> Service:
        """Give an instance, not yet started."""
        return self.package.service({"RABBIT_URL": self.address, "RABBIT_PREFETCH": 1, **settings}, kind)

    async def send(self, *messages: Message) -> None:
        """Send messages one after the other; a service has declared the queue."""
        await send(self.address, QUEUE, *messages)

    async def until_began(self, name: str) -> None:
        """Wait until a handler has begun with a user."""
        await until(lambda: self.ledger.entries("began", user_id=name), why=self.package.logs)

    async def until_handled(self, *names: str) -> None:
        """Wait until these users are handled; fail unless it was in this order, each once, and no other."""
        await until(lambda: len(self.ledger.entries()) >= len(names), why=self.package.logs)
        assert self.ledger.column("user_id") == list(names)

    async def left(self) -> list[bytes]:
        """Take what the queue still has; no service runs."""
        return [message.body for message in await take(self.address, QUEUE)]

    async def declare_dead_letters(self) -> None:
        """Have the queue for dead letters again."""
        async with channel(self.address) as opened:
            await opened.declare_queue(DEAD, durable=True)

    async def dead_letters(self) -> list[AbstractIncomingMessage]:
        """Take what is in the queue of dead letters."""
        return await take(self.address, DEAD)


def user(name: str, wish: str = "") -> Message:
    """Give a good message, for a handler that is to do something."""
    payload = {"user_id": name, "email": f"{name}@example.com", "name": name}
    body = json.dumps(payload).encode()
    return Message(body, headers={WISH: wish}, message_id=name, delivery_mode=DeliveryMode.PERSISTENT)
