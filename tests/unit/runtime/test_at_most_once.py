"""Messages of RabbitMQ that are acknowledged before they are handled."""

import asyncio
from typing import Any, cast

import pytest
from aio_pika.exceptions import ChannelInvalidStateError
from runtime.rabbit.acknowledgements import Acknowledgements
from runtime.rabbit.arrival import Arrival
from runtime.rabbit.at_most_once import AtMostOnce


class Channel:
    """A channel that answers, or is closed."""

    def __init__(self, steps: list[str]) -> None:
        self.steps = steps
        self.is_closed = False
        self.error: Exception | None = None

    async def basic_qos(self, *, prefetch_count: int) -> None:
        self.steps.append(f"asked {prefetch_count}")
        if self.error:
            raise self.error


class Incoming:
    """As much of a message as is needed."""

    processed = False

    def __init__(self, channel: Channel, tag: int | None) -> None:
        self._channel = channel
        self.delivery_tag = tag

    @property
    def channel(self) -> Channel:
        if self._channel.is_closed:
            raise ChannelInvalidStateError
        return self._channel

    async def ack(self, *, multiple: bool = False) -> None:
        self.channel.steps.append(f"ack {self.delivery_tag} {multiple}")


class Service:
    """A channel, and messages of it that are taken."""

    def __init__(self, limit: int = 2) -> None:
        self.steps: list[str] = []
        self.channel = Channel(self.steps)
        self.at_most_once = AtMostOnce(Acknowledgements(limit=100, seconds=60), limit)
        self.release = asyncio.Event()

    async def take(self, tag: int | None) -> bool:
        incoming = cast("Any", Incoming(self.channel, tag))
        message = Arrival(exchange="", routing_key="orders", queue="orders", body=b"SECRET", incoming=incoming)
        async with self.at_most_once.acknowledged(message) as is_ours:
            if is_ours:
                self.steps.append(f"handle {tag}")
                await self.release.wait()
            return is_ours


async def test_a_message_is_acknowledged_and_the_broker_has_seen_it_before_it_is_handled() -> None:
    service = Service()
    service.release.set()
    assert await service.take(1)
    assert service.steps == ["ack 1 True", "asked 2", "handle 1"]


async def test_so_many_are_handled_at_once_and_the_others_are_not_acknowledged() -> None:
    service = Service(limit=2)
    tasks = [asyncio.create_task(service.take(tag)) for tag in (1, 2, 3)]
    await asyncio.sleep(0.01)
    assert [step for step in service.steps if step.startswith("handle")] == ["handle 1", "handle 2"]
    assert not any(step.startswith("ack 3") for step in service.steps)
    service.release.set()
    assert await asyncio.gather(*tasks) == [True, True, True]


async def test_what_has_no_slot_when_the_service_stops_comes_again() -> None:
    service = Service(limit=1)
    tasks = [asyncio.create_task(service.take(tag)) for tag in (1, 2)]
    await asyncio.sleep(0.01)
    service.at_most_once.stop()
    service.release.set()
    assert await asyncio.gather(*tasks) == [True, False]
    assert not any("2" in step.split()[1] for step in service.steps if step.startswith(("ack", "handle")))

    service.at_most_once.start()
    assert await service.take(2)


@pytest.mark.parametrize("channel", ["is closed", "does not answer"])
async def test_a_message_whose_channel_is_gone_is_left_alone(channel: str, caplog: pytest.LogCaptureFixture) -> None:
    service = Service()
    service.channel.is_closed = channel == "is closed"
    service.channel.error = ConnectionError("cut")
    assert not await service.take(1)
    assert "handle 1" not in service.steps
    if channel == "does not answer":
        [line] = caplog.messages
        assert line.startswith("orders (default exchange, orders): not handled, as it may come again: ")


async def test_a_test_broker_knows_no_acknowledgements() -> None:
    service = Service()
    service.release.set()
    assert await service.take(None)
    assert service.steps == ["handle None"]


def test_another_event_loop_may_follow() -> None:
    service = Service(limit=1)

    async def two_at_once() -> list[bool]:
        service.at_most_once.start()
        service.release = asyncio.Event()
        tasks = [asyncio.create_task(service.take(None)) for _ in range(2)]
        await asyncio.sleep(0)
        service.release.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(two_at_once()) == asyncio.run(two_at_once()) == [True, True]
