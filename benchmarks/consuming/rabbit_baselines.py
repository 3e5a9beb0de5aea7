"""How RabbitMQ is consumed by hand: `python -m benchmarks.consuming.rabbit_baselines VARIANT URL QUEUE`.

| variant | what it is | safe when killed |
|---|---|---|
| seed | sync deserializer, union body, message parameter, mediator through Depends | yes |
| lean | async decoder, one mediator, AckPolicy.ACK | yes |
| bare | aio-pika alone, each message acknowledged | yes |
| bare_multiple | the same, every 50th with all before it, also those that are still being handled | no |
"""

# FastStream reads the annotations of subscribers, so that they are no strings here.

import asyncio
import functools
import logging
import sys
import typing

import aio_pika
import cqrs
from aio_pika.abc import AbstractIncomingMessage
from cqrs.deserializers import DeserializeJsonError, JsonDeserializer
from faststream import AckPolicy, Depends
from faststream.rabbit import Channel, RabbitBroker, RabbitMessage, RabbitQueue

from benchmarks.consuming.counting import Clock
from benchmarks.consuming.event import UserCreated, mediator, validate

_PREFETCH: typing.Final = 100
_TOGETHER: typing.Final = 50
"""How many messages `bare_multiple` acknowledges at once."""


def seed(broker: RabbitBroker, queue: str, clock: Clock) -> None:
    """Consume as the documentation of python-cqrs shows it, made to work."""
    deserialize: JsonDeserializer[UserCreated] = JsonDeserializer(model=UserCreated)

    @functools.lru_cache
    def factory() -> cqrs.EventMediator:
        return mediator(clock.tick)

    def decoder(message: RabbitMessage) -> typing.Any:  # noqa: ANN401 - an event, or an error
        return deserialize(message.body)

    @broker.subscriber(RabbitQueue(queue, durable=True), ack_policy=AckPolicy.MANUAL, decoder=decoder)
    async def handle(
        event: UserCreated | DeserializeJsonError | None,
        message: RabbitMessage,
        injected: typing.Annotated[cqrs.EventMediator, Depends(factory)],
    ) -> None:
        if isinstance(event, DeserializeJsonError):
            await message.nack()
            return
        if event is not None:
            await injected.send(event)
        await message.ack()


def lean(broker: RabbitBroker, queue: str, clock: Clock) -> None:
    """Consume with as little of FastStream as it lets one."""
    send = mediator(clock.tick).send

    async def decoder(message: RabbitMessage) -> typing.Any:  # noqa: ANN401 - an event, or an error
        try:
            return validate(message.body)
        except ValueError as error:
            return DeserializeJsonError(error_message=str(error), error_type=type(error), message_data=message.body)

    @broker.subscriber(RabbitQueue(queue, durable=True), ack_policy=AckPolicy.ACK, decoder=decoder)
    async def handle(event: UserCreated | DeserializeJsonError | None) -> None:
        if isinstance(event, UserCreated):
            await send(event)


async def bare(url: str, queue: str, together: int) -> None:
    """Consume with aio-pika alone, acknowledging `together` messages at once."""
    done = asyncio.Event()
    send, count = mediator(Clock(done.set).tick).send, 0

    async def take(message: AbstractIncomingMessage) -> None:
        nonlocal count
        await send(validate(message.body))
        count += 1
        if count % together == 0:
            await message.ack(multiple=together > 1)

    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=_PREFETCH)
        consumed = await channel.declare_queue(queue, durable=True)
        tag = await consumed.consume(take)
        await done.wait()
        await consumed.cancel(tag)
        await asyncio.sleep(0.2)  # for the last acknowledgement


async def _serve(subscribe: typing.Callable[[RabbitBroker, str, Clock], None], url: str, queue: str) -> None:
    broker = RabbitBroker(url, logger=None, default_channel=Channel(prefetch_count=_PREFETCH))
    done = asyncio.Event()
    subscribe(broker, queue, Clock(done.set))
    await broker.start()
    await done.wait()
    await broker.stop()


async def _main(variant: str, url: str, queue: str) -> None:
    if variant.startswith("bare"):
        await bare(url, queue, _TOGETHER if variant == "bare_multiple" else 1)
    else:
        await _serve({"seed": seed, "lean": lean}[variant], url, queue)


if __name__ == "__main__":
    logging.getLogger("cqrs").setLevel(logging.INFO)
    asyncio.run(_main(*sys.argv[1:]))
