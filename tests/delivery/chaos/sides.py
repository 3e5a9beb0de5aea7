"""The two brokers that chaos comes over: filling one, and finding out what is left and what is dead."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final, Protocol
from uuid import uuid4

import aio_pika
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped] # it has no types

from tests.delivery.chaos import handling
from tests.delivery.chaos.account import name_in
from tests.live.kafka_client import committed, make_empty, read
from tests.live.packages import LASTING_USERS_ON_RABBIT, USERS_ON_KAFKA, Package
from tests.live.rabbit_client import channel, count, take

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.delivery.chaos.account import Sent

_ADDRESS: Final = "user_events"
_DEAD: Final = "user_events.dead"
_WAITS: Final = {"RETRY_DELAY": 0.02, "RETRY_DELAY_MAX": 0.1}


class Side(Protocol):
    """A broker, and the service for it."""

    keeps_order: ClassVar[bool]
    package: Package
    settings: dict[str, object]

    async def fill(self, messages: Sequence[Sent]) -> None:
        """Send messages before the service starts for the first time."""
        ...

    async def left(self) -> int:
        """Give how many messages are not finished; the service does not run."""
        ...

    async def dead(self) -> list[str]:
        """Give the names of all dead letters."""
        ...


class KafkaSide:
    """Apache Kafka: three partitions, and a static member, so that a killed service is back at once."""

    keeps_order: ClassVar[bool] = True

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.package = Package(folder, USERS_ON_KAFKA, "users", behaviour=handling)
        self._group = f"chaos-{uuid4()}"
        membership = {"KAFKA_GROUP_INSTANCE_ID": "chaos-1", "KAFKA_SESSION_TIMEOUT_MS": 6000}
        self.settings: dict[str, object] = {
            "KAFKA_SERVERS": self.address,
            "USER_EVENTS_GROUP_ID": self._group,
            **membership,
            **_WAITS,
        }
        self._sent = 0

    async def fill(self, messages: Sequence[Sent]) -> None:
        await make_empty(self.address, _DEAD)
        await make_empty(self.address, _ADDRESS, partitions=3)
        async with AIOKafkaProducer(bootstrap_servers=self.address, acks="all", linger_ms=5) as producer:
            pending = [await producer.send(_ADDRESS, one.body, key=one.key.encode()) for one in messages]
            await asyncio.gather(*pending)
        self._sent += len(messages)

    async def left(self) -> int:
        return self._sent - (await committed(self.address, self._group, _ADDRESS)).get(_ADDRESS, 0)

    async def dead(self) -> list[str]:
        return [name_in(record.body or b"") for record in await read(self.address, _DEAD)]


class RabbitSide:
    """RabbitMQ: a queue that lasts, and a hundred messages in hand at once, so in no order."""

    keeps_order: ClassVar[bool] = False

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.package = Package(folder, LASTING_USERS_ON_RABBIT, "users", behaviour=handling)
        self.settings: dict[str, object] = {"RABBIT_URL": self.address, **_WAITS}

    async def fill(self, messages: Sequence[Sent]) -> None:
        async with channel(self.address) as opened:
            await opened.queue_delete(_ADDRESS)
            await opened.queue_delete(_DEAD)
            await opened.declare_queue(_ADDRESS, durable=True)
            for start in range(0, len(messages), 500):
                await asyncio.gather(
                    *(
                        opened.default_exchange.publish(_persistent(one), _ADDRESS)
                        for one in messages[start : start + 500]
                    )
                )

    async def left(self) -> int:
        return await count(self.address, _ADDRESS)

    async def dead(self) -> list[str]:
        return [name_in(letter.body) for letter in await take(self.address, _DEAD)]


def _persistent(one: Sent) -> aio_pika.Message:
    return aio_pika.Message(one.body, message_id=one.name, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
