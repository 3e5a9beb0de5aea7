"""Somebody deletes the queue that a service consumes: it is declared again, or the service says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from aio_pika import DeliveryMode, Message
from aio_pika.exceptions import ChannelNotFoundEntity, PublishError

from tests.delivery.probes import until_unready
from tests.live.packages import ORDERS, Package
from tests.live.rabbit_client import channel, count, remove
from tests.live.users_on_rabbit import DEAD, QUEUE, UsersOnRabbit, user
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("rabbit")

_DISPATCHED: Final = "orders.shipment.dispatched"


async def test_a_deleted_queue_is_declared_and_consumed_again(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service() as service:
        await users.send(user("u-1"))
        await users.until_handled("u-1")
        await remove(users.address, QUEUE)

        async def is_back() -> bool:
            try:
                return await count(users.address, QUEUE) == 0
            except ChannelNotFoundEntity:
                return False

        await until(is_back, why=users.package.logs)
        await users.send(user("u-2"))
        await users.until_handled("u-1", "u-2")
        await until(service.is_ready, why=users.package.logs)


async def test_its_bindings_are_there_again(rabbit: str, tmp_path: Path) -> None:
    await remove(rabbit, _DISPATCHED, f"{_DISPATCHED}.dead")
    package = Package(tmp_path, ORDERS, "orders", "--protocol", "rabbit")
    with package.service({"RABBIT_URL": rabbit}):
        await remove(rabbit, _DISPATCHED)

        async def is_dead_lettered() -> int:
            async with channel(rabbit) as opened:
                exchange = await opened.get_exchange("shipping")
                try:
                    await exchange.publish(Message(b"no json"), "shipment.dispatched")
                except PublishError:  # it is bound to no queue
                    return 0
            return await count(rabbit, f"{_DISPATCHED}.dead")

        await until(is_dead_lettered, why=package.logs)


async def test_a_queue_that_nobody_declares_again_makes_the_service_unready(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    async with channel(users.address) as opened:
        for queue in (QUEUE, DEAD):
            await opened.declare_queue(queue, durable=True)
    with users.service(RABBIT_DECLARE="false") as service:
        await users.send(user("u-1"))
        await users.until_handled("u-1")
        await remove(users.address, QUEUE)
        await until_unready(service, QUEUE, why=users.package.logs)

        async with channel(users.address) as opened:
            await opened.declare_queue(QUEUE, durable=True)
        await users.send(Message(user("u-2").body, delivery_mode=DeliveryMode.PERSISTENT))
        await users.until_handled("u-1", "u-2")
        await until(service.is_ready, why=users.package.logs)


async def test_a_queue_that_came_back_otherwise_makes_the_service_unready(rabbit_users: UsersOnRabbit) -> None:
    users = rabbit_users
    with users.service() as service:
        await remove(users.address, QUEUE)
        async with channel(users.address) as opened:
            await opened.declare_queue(QUEUE, durable=False)
        await until_unready(service, QUEUE, why=users.package.logs)
