"""What happens to one message: prepared, decoded, dispatched, tried again, dead-lettered.

Knows no broker. Whoever holds a message may acknowledge it when `deliver` returned None, and not before.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeAlias, TypeVar

import cqrs
from cqrs.deserializers import DeserializeJsonError

from .decoding import Ignored
from .message import ATTEMPTS, ORIGINAL_ID, Message, RejectMessage, RetryLater, current
from .reason import describe, describe_with_place, one_line, text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

logger = logging.getLogger(__name__)

MessageT = TypeVar("MessageT", bound=Message)
MessageT_contra = TypeVar("MessageT_contra", bound=Message, contravariant=True)

Decoded: TypeAlias = cqrs.IEvent | Ignored | DeserializeJsonError | None
"""What a deserializer gives."""

_PERMANENT: Final = (RejectMessage, NotImplementedError)


class UndecodableMessage(RejectMessage):
    """The message is nothing that this service receives."""

    def __init__(self, reason: str, kind: str) -> None:
        super().__init__(reason)
        self.kind = kind
        """What a dead letter names as the type of its error."""


class HandlerCancelled(Exception):  # noqa: N818 - says what happened
    """A handler was cancelled by something of its own: nobody had asked the service to give up the message."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message is not finished, and when to come back to it."""

    error: Exception
    attempts: int
    delay: float
    is_final: bool
    """Only the dead letter is still to be written; the handler is not called again."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How often, and how long to wait before each next attempt."""

    attempts: int = 3
    delay: float = 0.2
    delay_max: float = 30.0

    def wait(self, attempt: int) -> float:
        """Give an exponential wait, of which half is random, so that replicas do not come back together."""
        longest = min(self.delay_max, self.delay * 2.0 ** min(attempt - 1, 100))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - nobody gains from guessing it


@dataclass(slots=True)
class Counts:
    """What became of messages since the start."""

    handled: int = 0
    retried: int = 0
    dead_lettered: int = 0
    skipped: int = 0


class Prepare(Protocol):
    """The step before decoding, such as decompressing or decrypting; not called for a tombstone."""

    async def __call__(self, body: bytes, message: Message, /) -> bytes: ...


class DeadLetter(Protocol[MessageT_contra]):
    """Writes a message, as it came, to the dead letter; returns when the broker has it."""

    async def __call__(self, message: MessageT_contra, reasons: dict[str, str], /) -> None: ...


class Delivery(Generic[MessageT]):
    """Delivers the messages of one address.

    Takes its deserializer, where events go, where messages go that nobody can handle, and which operation of the
    contract receives each class of events. `skips_left_out` tells what becomes of a message that the contract knows
    and no operation receives: skipped where others have their own copy, dead-lettered where skipping would destroy it.
    """

    def __init__(  # noqa: PLR0913 - all that differs from one address to another
        self,
        deserialize: Callable[[bytes | None, Message | None], Decoded],
        dispatch: Callable[[cqrs.IEvent], Awaitable[None]],
        dead_letter: DeadLetter[MessageT],
        retry: Retry,
        *,
        operations: Mapping[type[cqrs.IEvent], str],
        prepare: Prepare,
        skips_left_out: bool,
        dead_letter_timeout: float = 10.0,
    ) -> None:
        self._deserialize = deserialize
        self._dispatch = dispatch
        self._dead_letter = dead_letter
        self._retry = retry
        self._operations = operations
        self._prepare = prepare
        self._skips_left_out = skips_left_out
        self._dead_letter_timeout = dead_letter_timeout
        self._blocked: dict[int, str] = {}
        self.counts = Counts()

    async def deliver(self, message: MessageT, earlier: Failure | None = None) -> Failure | None:
        """Make one attempt; `earlier` is what the one before returned. None: the message is finished."""
        if earlier is not None:
            if earlier.is_final:
                return await self._bury(message, earlier)
            message.attempt = earlier.attempts + 1
        token = current.set(message)
        try:
            event = await self._decode(message)
            if event is not None:
                message.operation = self._operations.get(type(event), "")
                await self._dispatch(event)
        except Exception as error:  # noqa: BLE001 - handlers may raise anything
            failure = self._judge(message, error)
        except asyncio.CancelledError:
            if _is_asked_to_stop():
                raise
            failure = self._judge(message, HandlerCancelled("the handler was cancelled from within"))
        else:
            if event is None:
                self.counts.skipped += 1
            else:
                self.counts.handled += 1
            return None
        finally:
            current.reset(token)
        if failure.is_final:
            return await self._bury(message, failure)
        self.counts.retried += 1
        name, reason = one_line(str(message)), _reason(failure.error)
        logger.warning("%s: attempt %d failed, the next in %.1f s: %s", name, failure.attempts, failure.delay, reason)
        return failure

    async def settle(self, message: MessageT) -> None:
        """Deliver until finished, waiting in place; for where waiting holds nobody up."""
        try:
            failure = await self.deliver(message)
            while failure is not None:
                await asyncio.sleep(failure.delay)
                failure = await self.deliver(message, failure)
        finally:
            self.forget(message)

    def forget(self, message: MessageT) -> None:
        """Nobody waits for the dead letter of this message any more: it is written, or others have the message."""
        self._blocked.pop(id(message), None)

    def problems(self) -> list[str]:
        """Tell which messages wait for their dead letter, which cannot be written, and why."""
        return list(self._blocked.values())

    async def _decode(self, message: MessageT) -> cqrs.IEvent | None:
        body = message.body
        if body is not None:
            body = await self._prepare(body, message)
        decoded = self._deserialize(body, message)
        if isinstance(decoded, DeserializeJsonError):
            raise UndecodableMessage(decoded.error_message, decoded.error_type.__name__)
        if isinstance(decoded, Ignored):
            if self._skips_left_out:
                return None
            raise UndecodableMessage(f"no operation receives {decoded.name!r}", "LeftOutMessage")
        return decoded

    def _judge(self, message: MessageT, error: Exception) -> Failure:
        attempt = message.attempt
        is_final = isinstance(error, _PERMANENT) or attempt >= self._retry.attempts
        delay = max(0.0, error.seconds) if isinstance(error, RetryLater) else self._retry.wait(attempt)
        return Failure(error, attempt, delay, is_final)

    async def _bury(self, message: MessageT, failure: Failure) -> Failure | None:
        try:
            await asyncio.wait_for(self._dead_letter(message, _reasons(message, failure)), self._dead_letter_timeout)
        except Exception as problem:  # noqa: BLE001 - the message waits, whatever it is
            delay = min(self._retry.delay_max, max(1.0, failure.delay) * 2)
            self._blocked[id(message)] = one_line(f"{message}: its dead letter cannot be written: {describe(problem)}")
            logger.error("%s; again in %.1f s", self._blocked[id(message)], delay)  # noqa: TRY400 - the text has it all
            return replace(failure, delay=delay)
        self.counts.dead_lettered += 1
        name, reason = one_line(str(message)), _reason(failure.error)
        logger.error("%s: dead-lettered after attempt %d: %s", name, failure.attempts, reason)
        return None


def _reasons(message: Message, failure: Failure) -> dict[str, str]:
    """Headers that tell why a message is in the dead letter, and which identity it had."""
    error = failure.error
    kind = error.kind if isinstance(error, UndecodableMessage) else type(error).__name__
    return {
        "x-error": text_of(error) or kind,
        "x-error-type": kind,
        ATTEMPTS: str(failure.attempts),
        ORIGINAL_ID: str(message.event_id),
        "x-failed-at": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
    }


def _reason(error: Exception) -> str:
    if isinstance(error, UndecodableMessage):
        return f"{error.kind}: {text_of(error)}"
    return describe_with_place(error)


def _is_asked_to_stop() -> bool:
    """Whether a cancellation came from outside; Python 3.10 cannot tell, so there it always did."""
    if sys.version_info < (3, 11):
        return True
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0
