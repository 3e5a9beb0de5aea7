"""Acknowledging several messages of a channel at once, never one that is still being handled."""

import asyncio
import random
from typing import TYPE_CHECKING, Any, cast

import pytest
from aio_pika import IncomingMessage
from aio_pika.exceptions import ChannelInvalidStateError
from runtime.rabbit.acknowledgements import Acknowledgements, is_lost

if TYPE_CHECKING:
    from collections.abc import Callable


class Channel:
    """A channel as the broker sees it: a tag that it does not wait for closes it."""

    def __init__(self, count: int) -> None:
        self.is_closed = False
        self.latency: Callable[[], float] = lambda: 0
        self.waiting = set(range(1, count + 1))
        self.finished: set[int] = set()
        self.frames: list[tuple[int, bool]] = []
        self.mistakes: list[str] = []
        self.messages = {tag: Message(self, tag) for tag in self.waiting}

    async def ack(self, tag: int, *, multiple: bool) -> None:
        await asyncio.sleep(self.latency())
        tags = {one for one in self.waiting if one <= tag} if multiple else {tag}
        if tag not in self.waiting:
            self.mistakes.append(f"{tag} is acknowledged twice")  # the tracker would log what is raised
        if not tags <= self.finished:
            self.mistakes.append(f"{tags - self.finished} are still being handled")
        self.waiting -= tags
        self.frames.append((tag, multiple))


class Message:
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
        assert self.delivery_tag is not None
        await self.channel.ack(self.delivery_tag, multiple=multiple)
        self.processed = True


async def finish(acknowledgements: Acknowledgements, channel: Channel, *tags: int) -> None:
    for tag in tags:
        channel.finished.add(tag)
        await acknowledgements.finished(as_incoming(channel.messages[tag]))


def as_incoming(message: Message) -> IncomingMessage:
    return cast("IncomingMessage", cast("Any", message))


async def test_finished_messages_are_acknowledged_with_one_frame() -> None:
    channel, acknowledgements = Channel(4), Acknowledgements(limit=3)
    await finish(acknowledgements, channel, 2, 1)
    assert channel.frames == []
    await finish(acknowledgements, channel, 3)
    assert channel.frames == [(3, True)]
    assert channel.waiting == {4}


async def test_a_message_that_is_still_handled_is_left_out() -> None:
    channel, acknowledgements = Channel(8), Acknowledgements(limit=4)
    await finish(acknowledgements, channel, 1, 3, 5, 4)
    assert channel.waiting == {2, 6, 7, 8}
    await finish(acknowledgements, channel, 2, 7, 6, 8)
    assert channel.waiting == set()
    assert channel.frames[-1] == (8, True)  # across those that were acknowledged one by one
    assert channel.mistakes == []


async def test_few_messages_are_acknowledged_after_a_moment() -> None:
    channel, acknowledgements = Channel(1), Acknowledgements(limit=10, seconds=0.01)
    await finish(acknowledgements, channel, 1)
    await asyncio.sleep(0.05)
    assert channel.waiting == set()


async def test_after_many_messages_few_are_acknowledged_after_a_moment_again() -> None:
    channel, acknowledgements = Channel(3), Acknowledgements(limit=2, seconds=0.01)
    await finish(acknowledgements, channel, 1, 2, 3)
    assert channel.waiting == {3}
    await asyncio.sleep(0.05)
    assert channel.waiting == set()


async def test_when_the_service_stops_each_is_acknowledged_at_once() -> None:
    channel, acknowledgements = Channel(2), Acknowledgements(limit=10, seconds=60)
    await finish(acknowledgements, channel, 1)
    await acknowledgements.close()
    assert channel.waiting == {2}
    await finish(acknowledgements, channel, 2)
    assert channel.waiting == set()


async def test_a_new_channel_counts_from_one() -> None:
    old, new, acknowledgements = Channel(3), Channel(3), Acknowledgements(limit=2)
    await finish(acknowledgements, old, 1, 3)
    old.is_closed = True
    await finish(acknowledgements, old, 2)  # too late: the broker delivers it again
    await finish(acknowledgements, new, 2, 1)
    assert old.waiting == {2}
    assert new.frames == [(2, True)]
    assert new.mistakes == []


@pytest.mark.parametrize("is_drained", [True, False])
async def test_what_was_finished_on_a_channel_that_is_gone_counts_for_no_other(*, is_drained: bool) -> None:
    old, new, acknowledgements = Channel(3), Channel(4), Acknowledgements(limit=10, seconds=60)
    await finish(acknowledgements, old, 3)
    if is_drained:
        await acknowledgements.drain()
    old.is_closed = True
    await finish(acknowledgements, new, 1, 2)
    await acknowledgements.drain()
    await finish(acknowledgements, new, 4)
    await acknowledgements.drain()
    assert new.frames == [(2, True), (4, False)]
    assert new.mistakes == []


async def test_a_channel_that_closes_while_it_is_written_to_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    channel, acknowledgements = Channel(2), Acknowledgements(limit=10, seconds=60)
    await finish(acknowledgements, channel, 1)
    channel.is_closed = True
    await acknowledgements.drain()
    assert channel.waiting == {1, 2}
    assert "acknowledgement failed" in caplog.text


async def test_a_message_of_an_in_memory_broker_needs_none(caplog: pytest.LogCaptureFixture) -> None:
    message = as_incoming(Message(Channel(0), None))
    await Acknowledgements(limit=1).finished(message)
    assert not is_lost(message)
    assert caplog.text == ""


async def test_a_message_that_somebody_else_acknowledged_is_not_acknowledged_again() -> None:
    channel, acknowledgements = Channel(1), Acknowledgements(limit=1)
    channel.messages[1].processed = True
    await finish(acknowledgements, channel, 1)
    assert channel.frames == []


@pytest.mark.parametrize("seed", range(50))
async def test_whatever_the_order_each_is_acknowledged_once_and_only_when_finished(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same orders each time
    channel, acknowledgements = Channel(40), Acknowledgements(limit=rng.choice((1, 3, 25)), seconds=0.001)

    channel.latency = lambda: rng.choice((0, 0, 0.002))

    async def handle(tag: int) -> None:
        await asyncio.sleep(rng.choice((0, 0, 0.001, 0.003)))
        await finish(acknowledgements, channel, tag)

    await asyncio.gather(*(handle(tag) for tag in channel.messages))
    await acknowledgements.close()
    assert channel.mistakes == []
    assert channel.waiting == set()
    assert acknowledgements._beyond == set(), "it would grow for ever"  # noqa: SLF001
