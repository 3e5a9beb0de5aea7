"""Declares what the contract describes, and says what is in the way when RabbitMQ has something else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aio_pika.exceptions import ChannelNotFoundEntity, ChannelPreconditionFailed

from ..adapter import CannotStart
from ..reason import describe, text_of
from .queues import Queue, faststream_exchange, faststream_queue

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from faststream.rabbit import RabbitBroker

    from .queues import Binding, Exchange


class Declarations:
    """Declares queues, exchanges and bindings so that the client restores them after a broker restart.

    Without `declares` queues must exist, unless they are exclusive, and exchanges and bindings are taken to exist;
    `setting` is the name of the environment variable that decides it.
    """

    def __init__(self, broker: RabbitBroker, *, declares: bool, setting: str) -> None:
        self._broker = broker
        self._declares = declares
        self._setting = setting

    async def declare(self, queue: Queue, bindings: Sequence[Binding], dead_queue: Queue) -> None:
        """Declare the queue for dead letters, a queue and its bindings. CannotStart when RabbitMQ refuses one."""
        with self._explained(f"queue {dead_queue.name!r}"):
            await self._broker.declare_queue(faststream_queue(dead_queue, declare=self._declares))
        declares = self._declares or queue.exclusive  # nobody else can declare that one
        with self._explained(f"queue {queue.name!r}"):
            declared = await self._broker.declare_queue(faststream_queue(queue, declare=declares))
        if not declares:
            return
        for binding in bindings:
            exchange = binding.exchange
            with self._explained(f"exchange {exchange.name!r}"):
                source = await self._broker.declare_exchange(faststream_exchange(exchange, declare=True))
            with self._explained(f"binding of queue {queue.name!r} to exchange {exchange.name!r}"):
                await declared.bind(source, binding.routing_key)

    async def declare_destinations(self, destinations: Sequence[Exchange | Queue]) -> None:
        """Declare what messages are sent to. CannotStart when RabbitMQ refuses one."""
        for destination in destinations if self._declares else ():
            if isinstance(destination, Queue):
                with self._explained(f"queue {destination.name!r}"):
                    await self._broker.declare_queue(faststream_queue(destination, declare=True))
            else:
                with self._explained(f"exchange {destination.name!r}"):
                    await self._broker.declare_exchange(faststream_exchange(destination, declare=True))

    @contextmanager
    def _explained(self, what: str) -> Generator[None, None, None]:
        try:
            yield
        except ChannelPreconditionFailed as error:
            raise CannotStart(
                f"RabbitMQ has another {what} than the contract describes: {text_of(error)}; change the contract, "
                f"delete it there, or use it as it is with {self._setting}=false"
            ) from error
        except ChannelNotFoundEntity as error:
            hint = "" if self._declares else f"; {self._setting}=true declares it"
            raise CannotStart(f"RabbitMQ has no {what}: {text_of(error)}{hint}") from error
        except Exception as error:
            raise CannotStart(f"RabbitMQ refuses the {what}: {describe(error)}") from error
