"""One subscriber: the topics of a group, from the records that FastStream fetched to committed offsets."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportIncompatibleMethodOverride=false

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Final

from aiokafka import (  # type: ignore[import-untyped] # it has no types
    AIOKafkaConsumer,
    ConsumerRebalanceListener,
    TopicPartition,
)
from faststream import AckPolicy

from ..adapter import CannotStart, variable
from ..delivery import Delivery
from ..dispatch import stubs
from ..failure import Retry
from ..message import KafkaMessage
from ..tracing import span_around
from ..wiring import check_wiring
from .commits import AtMostOnce, Uncommitted
from .partitions import Partitions
from .records import Batch, decode, messages_of, parse
from .sources import Topics
from .ungrouped import Ungrouped

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from faststream.kafka import KafkaBroker
    from faststream.kafka.subscriber.usecase import BatchSubscriber

    from ..delivery import Prepare
    from ..dispatch import Mediator
    from ..failure import Failure
    from ..observation import Observation
    from .dead_letter import DeadLetters
    from .partitions import Consumer
    from .settings import KafkaSettings
    from .sources import Source


_FETCH_WAIT_MS: Final = 50
"""How long a broker may wait for records: one whose topics are empty makes full ones wait that long, too."""


class Subscription:
    """The subscriber of one or several topics in one group."""

    def __init__(  # noqa: PLR0913 - all that differs from one subscription to another
        self,
        broker: KafkaBroker,
        settings: KafkaSettings,
        dead_letters: DeadLetters,
        sources: tuple[Source, ...],
        *,
        group_id: str,
        mediator: Mediator,
        prepare: Prepare,
        prefix: str = "",
    ) -> None:
        """Take what may differ, and what stands in front of what is said of a record: which broker it came from."""
        self._topics = Topics(sources)
        self.dead_letter_topics = tuple(map(settings.dead_letter_of, self._topics.plain))
        self._mediator = mediator
        self._events = tuple(event for source in sources for event in source.operations)
        unwritten = stubs(mediator, self._events)
        where = ", ".join(source.topic for source in sources)
        self.idle = [] if settings.run_stubs else [f"{where}: {line}" for line in unwritten]
        """Why it is not started; empty when it is: with earliest offsets it would dead-letter a topic's history."""
        self._broker = broker
        self._settings = settings
        self._group_id = group_id or None
        self._registered: BatchSubscriber | None = None
        self._deliveries = {
            source.topic: Delivery[KafkaMessage](
                source.deserialize,
                mediator.send,
                partial(dead_letters.write, topic=dead_letter_topic),
                Retry(settings.attempts, settings.retry_delay, settings.retry_delay_max),
                operations=source.operations,
                prepare=prepare,
                skips_left_out=True,  # other groups have their own copy
                dead_letter_timeout=settings.dead_letter_timeout,
                stuck_after=settings.stuck_after,
                prefix=prefix,
                span=span_around if settings.traces else None,
                is_given_up=lambda _: self._partitions.is_given_up(),
                is_cancelled=lambda _: self._consumer is None or self._partitions.is_given_up(),
            )
            for source, dead_letter_topic in zip(sources, self.dead_letter_topics, strict=True)
        }
        self._by_topic = dict(self._deliveries)
        is_first = settings.ack == "at-most-once" and bool(group_id)
        self._at_most_once = AtMostOnce(self, self._commit, prefix=prefix) if is_first else None
        self._ungrouped: Ungrouped[TopicPartition] | None = None
        self._partitions = Partitions[TopicPartition, KafkaMessage](
            self._at_most_once or self,
            concurrency=settings.kafka_concurrency,
            in_hand=settings.kafka_max_records,
            prefix=prefix,
            # a revoke that takes longer than this costs the membership
            drain_timeout=min(settings.graceful_timeout, settings.kafka_rebalance_timeout_ms / 1000 * 0.8),
        )

    def subscriber(self, function: Callable[[Batch], Awaitable[None]]) -> Callable[[Batch], Awaitable[None]]:
        """Have a function called with each batch that is fetched, unless a handler is not implemented."""
        if self.idle:
            return function
        settings = self._settings
        self._registered = self._broker.subscriber(
            *(() if self._topics.pattern else self._topics.known),
            pattern=self._topics.pattern,
            group_id=self._group_id,
            group_instance_id=settings.kafka_group_instance_id if self._group_id else None,
            auto_offset_reset=settings.kafka_auto_offset_reset,
            session_timeout_ms=settings.kafka_session_timeout_ms,
            heartbeat_interval_ms=max(1, settings.kafka_session_timeout_ms // 3),
            rebalance_timeout_ms=settings.kafka_rebalance_timeout_ms,
            max_poll_interval_ms=settings.kafka_max_poll_interval_ms,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            ack_policy=AckPolicy.MANUAL,
            batch=True,
            max_records=settings.kafka_max_records,
            parser=parse,
            decoder=decode,
            listener=_Rebalances(self),
        )
        self._registered(function)
        return function

    async def take(self, batch: Batch) -> None:
        """Take over the records of a batch, without waiting until they are handled."""
        messages = messages_of(batch)
        if consumer := self._consumer:
            grouped = groupby(messages, lambda message: TopicPartition(message.topic, message.partition))
            fetched = {partition: list(group) for partition, group in grouped}
            committing = self._committing(consumer)
            following = committing.stay(fetched) if isinstance(committing, Ungrouped) else fetched
            await self._partitions.take(committing, following)
            return
        for message in messages:  # an in-memory test broker: no offsets, nobody to wait for
            await self._delivery_of(message).settle(message)

    def deliver(self, message: KafkaMessage, earlier: Failure | None = None) -> Awaitable[Failure | None]:
        """Make one attempt, as the delivery of its topic does it."""
        return self._delivery_of(message).deliver(message, earlier)

    def forget(self, message: KafkaMessage) -> None:
        """Nobody waits for the dead letter of this message any more."""
        self._delivery_of(message).forget(message)

    def problems(self) -> list[str]:
        """Tell which messages wait for their dead letter, which cannot be written, and why."""
        uncommitted = self._at_most_once.problems() if self._at_most_once else []
        return [*uncommitted, *(problem for one in self._deliveries.values() for problem in one.problems())]

    def observe(self) -> list[Observation]:
        """Give what has become of the records of each topic so far, and how many wait behind them."""
        lags: defaultdict[str, dict[int, int]] = defaultdict(dict)
        if consumer := self._consumer:
            for partition, offset in self._partitions.next_offsets().items():
                end = consumer.highwater(partition)  # as of the last fetch; it is asked for nowhere
                if end is not None:
                    address = self._topics.address_of(partition.topic)
                    behind = max(0, end - offset)
                    lags[address][partition.partition] = lags[address].get(partition.partition, 0) + behind
        return [delivery.observe(address, lags[address]) for address, delivery in self._deliveries.items()]

    def check(self) -> None:
        """Raise CannotStart when a handler cannot get what it asks for, or dead letters would come back."""
        for topic in self.dead_letter_topics:
            if self._topics.receives(topic):
                setting = variable(self._settings, "dead_letter")
                raise CannotStart(f"dead letters in {topic!r} would be received again: give {setting} another form")
        if not self.idle:
            check_wiring(self._mediator.dispatcher, self._events)

    async def revoke(self) -> None:
        """Finish what is in hand before other replicas get the partitions."""
        if consumer := self._consumer:
            await self._partitions.revoke(self._committing(consumer))

    def assign(self) -> None:
        """Go on, with partitions that are ours now."""
        self._partitions.assign()

    async def stop(self) -> None:
        """Finish what is in hand and commit; before the broker stops."""
        if consumer := self._consumer:
            await self._partitions.stop(self._committing(consumer))

    def _committing(self, consumer: AIOKafkaConsumer) -> Consumer[TopicPartition]:
        """Give the consumer that finished records are committed with."""
        if self._group_id:
            return Uncommitted(consumer) if self._at_most_once else consumer
        if self._ungrouped is None or self._ungrouped.consumer is not consumer:
            self._ungrouped = Ungrouped(consumer)
        return self._ungrouped

    async def _commit(self, message: KafkaMessage) -> None:
        if consumer := self._consumer:
            await consumer.commit({TopicPartition(message.topic, message.partition): message.offset + 1})

    def _delivery_of(self, message: KafkaMessage) -> Delivery[KafkaMessage]:
        delivery = self._by_topic.get(message.topic)
        if delivery is None:
            delivery = self._by_topic[message.topic] = self._deliveries[self._topics.address_of(message.topic)]
        return delivery

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that have to be there: those whose names are known."""
        return self._topics.known

    @property
    def _consumer(self) -> AIOKafkaConsumer | None:
        consumer = self._registered.consumer if self._registered else None
        return consumer if isinstance(consumer, AIOKafkaConsumer) else None


class _Rebalances(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka's class is Any
    """Tells a subscription which partitions it loses and gets."""

    def __init__(self, subscription: Subscription) -> None:
        self._subscription = subscription

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002 - all of them
        await self._subscription.revoke()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:  # noqa: ARG002 - as above
        self._subscription.assign()
