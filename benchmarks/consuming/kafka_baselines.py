"""How Kafka is consumed by hand: `python -m benchmarks.consuming.kafka_baselines VARIANT SERVER TOPIC`.

| variant | what it is | safe when killed |
|---|---|---|
| seed | sync deserializer, union body, message parameter, mediator through Depends, acknowledged by message | yes |
| lean_ack | async decoder, one mediator, acknowledged by message | yes |
| ack_first | the same, with FastStream's default | no |
| bare_getmany | aiokafka alone: 500 records, retry, one commit for each batch | yes |
| bare_getmany_bare | the same, for bodies without an envelope | yes |
"""

# FastStream reads the annotations of subscribers, so that they are no strings here.

import asyncio
import functools
import logging
import sys
import typing
import uuid
from collections.abc import Awaitable, Callable

import cqrs
from aiokafka import AIOKafkaConsumer, ConsumerRecord  # type: ignore[import-untyped] # it has no types
from cqrs.deserializers import DeserializeJsonError, JsonDeserializer
from faststream import AckPolicy, Depends
from faststream.kafka import KafkaBroker, KafkaMessage

from benchmarks.consuming.counting import Clock
from benchmarks.consuming.event import UserCreated, mediator, validate, wrap

_ATTEMPTS: typing.Final = 3

Read: typing.TypeAlias = Callable[[typing.Any], UserCreated]
"""From a record to its event."""


def seed(broker: KafkaBroker, topic: str, clock: Clock) -> None:
    """Consume as the documentation of python-cqrs shows it, made to work."""
    deserialize: JsonDeserializer[UserCreated] = JsonDeserializer(model=UserCreated)

    @functools.lru_cache
    def factory() -> cqrs.EventMediator:
        return mediator(clock.tick)

    def decoder(message: KafkaMessage) -> typing.Any:  # noqa: ANN401 - an event, or an error
        return deserialize(message.body)

    @broker.subscriber(
        topic,
        group_id=_group(),
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        decoder=decoder,
    )
    async def handle(
        event: UserCreated | DeserializeJsonError | None,
        message: KafkaMessage,
        injected: typing.Annotated[cqrs.EventMediator, Depends(factory)],
    ) -> None:
        if isinstance(event, DeserializeJsonError):
            await message.nack()
            return
        if event is not None:
            await injected.send(event)
        await message.ack()


def lean(policy: AckPolicy, broker: KafkaBroker, topic: str, clock: Clock) -> None:
    """Consume with as little of FastStream as it lets one."""
    send = mediator(clock.tick).send

    async def decoder(message: KafkaMessage) -> typing.Any:  # noqa: ANN401 - an event, or an error
        try:
            return validate(message.body)
        except ValueError as error:
            return DeserializeJsonError(error_message=str(error), error_type=type(error), message_data=message.body)

    @broker.subscriber(topic, group_id=_group(), auto_offset_reset="earliest", ack_policy=policy, decoder=decoder)
    async def handle(event: UserCreated | DeserializeJsonError | None) -> None:
        if isinstance(event, UserCreated):
            await send(event)


async def bare(read: Read, server: str, topic: str, clock: Clock, done: asyncio.Event) -> None:
    """Consume with aiokafka alone."""
    process = functools.partial(_process, read, mediator(clock.tick).send)
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=server,
        enable_auto_commit=False,
        group_id=_group(),
        auto_offset_reset="earliest",
    )
    await consumer.start()
    while not done.is_set():
        for partition, records in (await consumer.getmany(timeout_ms=500, max_records=500)).items():
            for record in records:
                await process(record)
            await consumer.commit({partition: records[-1].offset + 1})
    await consumer.stop()


async def _process(read: Read, send: Callable[[UserCreated], Awaitable[None]], record: ConsumerRecord) -> None:
    """Handle a record, again when that fails; where a dead letter would be written the benchmark ends."""
    try:
        event = read(record)
    except ValueError:
        sys.exit("dead letter reached")
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await send(event)
        except Exception:  # noqa: BLE001, PERF203 - whatever a handler raises
            if attempt == _ATTEMPTS:
                sys.exit("dead letter reached")
            await asyncio.sleep(0.05)
    return None


def _read_enveloped(record: ConsumerRecord) -> UserCreated:
    return validate(record.value)


def _read_bare(record: ConsumerRecord) -> UserCreated:
    return wrap(record.value, record.topic, record.partition, record.offset, record.timestamp)


def _group() -> str:
    return f"baseline-{uuid.uuid4().hex}"


async def _serve(subscribe: Callable[[KafkaBroker, str, Clock], None], server: str, topic: str) -> None:
    broker = KafkaBroker(server, logger=None)
    done = asyncio.Event()
    subscribe(broker, topic, Clock(done.set))
    await broker.start()
    await done.wait()
    await broker.stop()


async def _main(variant: str, server: str, topic: str) -> None:
    if variant.startswith("bare"):
        done = asyncio.Event()
        read = _read_bare if variant == "bare_getmany_bare" else _read_enveloped
        await bare(read, server, topic, Clock(done.set), done)
        return
    await _serve(_SUBSCRIBERS[variant], server, topic)


_SUBSCRIBERS: typing.Final[dict[str, Callable[[KafkaBroker, str, Clock], None]]] = {
    "seed": seed,
    "lean_ack": functools.partial(lean, AckPolicy.ACK),
    "ack_first": functools.partial(lean, AckPolicy.ACK_FIRST),
}

if __name__ == "__main__":
    logging.getLogger("cqrs").setLevel(logging.INFO)
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    asyncio.run(_main(*sys.argv[1:]))
