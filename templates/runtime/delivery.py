"""What happens to one message: prepared, decoded, dispatched, tried again, dead-lettered.

Knows no broker. Whoever holds a message may acknowledge it when `deliver` returned None, and not before.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeAlias, TypeVar

import cqrs
from cqrs.deserializers import DeserializeJsonError

from .cancellation import absorb_cancellation, running_task, uncancel, undisturbed
from .decoding import Ignored
from .failure import Failure, HandlerEnded, Retry, UndecodableMessage, reasons
from .message import Message, current
from .observation import Observation, Tally
from .reason import describe, one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractContextManager

logger = logging.getLogger(__name__)

MessageT = TypeVar("MessageT", bound=Message)
MessageT_contra = TypeVar("MessageT_contra", bound=Message, contravariant=True)

Decoded: TypeAlias = cqrs.IEvent | Ignored | DeserializeJsonError | None
"""What a deserializer gives."""

_NO_SPAN: Final = nullcontext()


class Prepare(Protocol):
    """The step before decoding, such as decompressing or decrypting; not called for a tombstone."""

    async def __call__(self, body: bytes, message: Message, /) -> bytes: ...


class DeadLetter(Protocol[MessageT_contra]):
    """Writes a message, as it came, to the dead letter; returns when the broker has it."""

    async def __call__(self, message: MessageT_contra, reasons: dict[str, str], /) -> None: ...


class Delivery(Generic[MessageT]):
    """Delivers the messages of one channel.

    Takes its deserializer, where events go, where messages go that nobody can handle, and which operation of the
    contract receives each class of events. `skips_left_out` tells what becomes of a message that the contract knows
    and no operation receives: skipped where others have their own copy, dead-lettered where skipping would destroy it.
    A handler that runs for more than `stuck_after` seconds is a problem; `span` gives what an attempt runs within;
    `prefix` stands in front of what is logged of a message.
    `is_given_up` tells whether the message comes again, here or elsewhere, whatever becomes of this attempt: then it is
    not dead-lettered. `is_cancelled` tells whether a cancellation came from outside, and not from the handler.
    """

    def __init__(  # noqa: PLR0913 - all that differs from one channel to another
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
        stuck_after: float = 300.0,
        prefix: str = "",
        span: Callable[[MessageT], AbstractContextManager[None]] | None = None,
        is_given_up: Callable[[MessageT], bool] = lambda _: False,
        is_cancelled: Callable[[MessageT], bool] = lambda _: False,
    ) -> None:
        self._deserialize = deserialize
        self._dispatch = dispatch
        self._dead_letter = dead_letter
        self._retry = retry
        self._operations = operations
        self._prepare = prepare
        self._skips_left_out = skips_left_out
        self._dead_letter_timeout = dead_letter_timeout
        self._stuck_after = stuck_after
        self._prefix = prefix
        self._span = span
        self._is_given_up = is_given_up
        self._is_cancelled = is_cancelled
        self._running: dict[int, tuple[MessageT, float]] = {}
        self._blocked: dict[int, str] = {}
        self._tallies: defaultdict[str, Tally] = defaultdict(Tally)

    async def deliver(self, message: MessageT, earlier: Failure | None = None) -> Failure | None:
        """Make one attempt; `earlier` is what the one before returned. None: the message is finished."""
        key, began = id(message), monotonic()
        self._running[key] = message, began
        try:
            failure = earlier
            if earlier is None or not earlier.is_final:
                message.attempt = earlier.attempts + 1 if earlier is not None else message.attempt
                failure = await self._attempt(message, began)
            if failure is not None and failure.is_final and not self._is_given_up(message):
                failure = await undisturbed(self._bury(message, failure), lambda: self._is_given_up(message))
            return failure
        finally:
            self._running.pop(key, None)

    async def settle(self, message: MessageT) -> None:
        """Deliver until finished, waiting in place; for where waiting holds nobody up."""
        try:
            failure = await self.deliver(message)
            while failure is not None:
                await undisturbed(asyncio.sleep(failure.delay), lambda: self._is_cancelled(message))
                failure = await self.deliver(message, failure)
        finally:
            self.forget(message)

    def forget(self, message: MessageT) -> None:
        """Nobody waits for the dead letter of this message any more: it is written, or others have the message."""
        self._blocked.pop(id(message), None)

    def problems(self) -> list[str]:
        """Tell which messages wait for their dead letter, which cannot be written, and which handlers do not end."""
        now = monotonic()
        stuck = [
            one_line(f"{message}: its handler has been running for {now - began:.0f} s")
            for message, began in self._running.values()
            if now - began > self._stuck_after
        ]
        return [*self._blocked.values(), *stuck]

    def observe(self, channel: str, lags: Mapping[int, int]) -> Observation:
        """Give what has become of the messages so far, as that of the channel of this name."""
        return Observation(channel, self._tallies, len(self._running), lags)

    async def _attempt(self, message: MessageT, began: float) -> Failure | None:
        name, error = "", None
        token, task = current.set(message), running_task()
        try:
            with self._span(message) if self._span else _NO_SPAN:
                event = await self._decode(message)
                if event is not None:
                    name = type(event).__name__
                    message.operation = self._operations.get(type(event), "")
                    await self._dispatch(event)
                    await absorb_cancellation(lambda: self._is_cancelled(message))
        except Exception as raised:  # noqa: BLE001 - handlers may raise anything
            error = raised
        except BaseException as raised:  # `sys.exit` in a library must not stop a service
            if self._is_from_outside(raised, message, task):
                raise
            error = HandlerEnded(f"the handler ended with {type(raised).__name__}")
            uncancel()
        finally:
            if running_task() is task:
                current.reset(token)
        tally = self._tallies[name]
        if name:
            tally.took(monotonic() - began)
        if error is None:
            if name:
                tally.handled += 1
            else:
                tally.skipped += 1
            return None
        failure = self._retry.judge(message.attempt, error, name)
        if not failure.is_final:
            tally.retried += 1
            text = "%s: attempt %d failed, the next in %.2f s: %s"
            logger.warning(text, self._named(message, failure), failure.attempts, failure.delay, failure.reason)
            self._log_trace(message, failure)
        return failure

    def _is_from_outside(self, raised: BaseException, message: MessageT, task: asyncio.Task[Any] | None) -> bool:
        """Whether an attempt in a task ends because it is cancelled or, with what is left of its loop, thrown away."""
        return (
            isinstance(raised, asyncio.CancelledError) and self._is_cancelled(message)
        ) or running_task() is not task

    async def _decode(self, message: MessageT) -> cqrs.IEvent | None:
        body = message.body
        if body is not None:
            body = await self._prepare(body, message)
            if not isinstance(body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] # people write `prepare`
                raise TypeError(f"prepare must give bytes, not {type(body).__name__}")
        decoded = self._deserialize(body, message)
        if isinstance(decoded, DeserializeJsonError):
            raise UndecodableMessage(decoded.error_message, decoded.error_type.__name__)
        if isinstance(decoded, Ignored):
            if self._skips_left_out:
                return None
            raise UndecodableMessage(f"no operation receives {decoded.name!r}", "LeftOutMessage")
        return decoded

    async def _bury(self, message: MessageT, failure: Failure) -> Failure | None:
        try:
            await asyncio.wait_for(self._dead_letter(message, reasons(message, failure)), self._dead_letter_timeout)
        except Exception as problem:  # noqa: BLE001 - the message waits, whatever it is
            delay = min(self._retry.delay_max, max(1.0, failure.delay) * 2)
            self._blocked[id(message)] = one_line(f"{message}: its dead letter cannot be written: {describe(problem)}")
            blocked = f"{self._prefix}{self._blocked[id(message)]}"
            logger.error("%s; again in %.2f s", blocked, delay)  # noqa: TRY400 - the text has it all
            return replace(failure, delay=delay)
        self._tallies[failure.event].dead_lettered += 1
        text = "%s: dead-lettered after attempt %d: %s"
        logger.error(text, self._named(message, failure), failure.attempts, failure.reason)
        self._log_trace(message, failure)
        return None

    def _named(self, message: MessageT, failure: Failure) -> str:
        """Name a message in a log line: its place, the identity that its handler and its dead letter see, its event."""
        kind = f", {failure.event}" if failure.event else ""
        return f"{self._prefix}{one_line(str(message))} (event {message.event_id}{kind})"

    def _log_trace(self, message: MessageT, failure: Failure) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            logger.debug("%s: raised at\n%s", self._named(message, failure), failure.trace)
