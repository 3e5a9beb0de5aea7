"""What a service does around a delivery: decoding, and a handler that does what the kind of its message says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

from cqrs.deserializers import DeserializeJsonError

from .loop import Injected
from .messages import (
    ATTEMPTS,
    BAD,
    FLAKY,
    HAUNTED,
    LATER,
    LEFT_OUT,
    POISON,
    QUITTER,
    REJECTED,
    SKIPPED,
    STUBBORN,
    TOUCHY,
)

if TYPE_CHECKING:
    from .messages import Visit
    from .world import World

_RETRY_LATER = 3.0
_STUBBORN = 1.0
_HAUNTING = 0.02


class HandlerFailed(Injected):
    """What handlers raise."""


class Event:
    """What a message is decoded to."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit


class Guard(Protocol):
    """What the replica that a service is part of knows of its messages, and may have against what is done."""

    @property
    def is_stopped(self) -> bool: ...
    def visit_of(self, message: Any) -> Visit: ...
    def check_begin(self, visit: Visit) -> None: ...
    def check_going_on(self, visit: Visit) -> None: ...
    def check_cancelled(self, visit: Visit) -> None: ...


class Service:
    """The steps that a delivery calls; checks that it is right to take them."""

    def __init__(self, world: World, guard: Guard) -> None:
        self._world = world
        self._ledger = world.ledger
        self._guard = guard

    async def prepare(self, body: bytes, message: Any) -> bytes:
        """Begin an attempt; sometimes that takes a moment."""
        visit = self._begin(message)
        if self._world.rng.random() < 0.25:
            try:
                await asyncio.sleep(self._world.latency())
            except asyncio.CancelledError:
                visit.is_given_up = True
                self._end(visit)
                raise
        return body

    def deserialize(self, body: bytes | None, message: Any) -> Any:
        """Give an event, or what there is instead."""
        if body is None:
            visit = self._begin(message)
            self._end(visit)
            self._ledger.skipped(visit)
            return None
        visit = self._guard.visit_of(message)
        if visit.item.kind is BAD:
            visit.is_final = True
            self._end(visit)
            return DeserializeJsonError("bad", ValueError, b"")
        if visit.item.kind in {LEFT_OUT, SKIPPED}:
            visit.is_final = True
            self._end(visit)
            if visit.item.kind is SKIPPED:
                self._ledger.skipped(visit)
            return self._world.code.candidates.Ignored("left out")
        return Event(visit)

    async def dispatch(self, event: Any) -> None:
        """Run the handler."""
        visit: Visit = event.visit
        try:
            await self._handle(visit)
        except asyncio.CancelledError:
            self._ledger.note(f"{visit.owner}: the handler of {visit.item} is cancelled")
            raise
        except Exception as error:
            self._ledger.note(f"{visit.owner}: the handler of {visit.item} fails")
            visit.is_final = visit.attempts >= ATTEMPTS or isinstance(error, self._world.code.message.RejectMessage)
            raise
        finally:
            self._end(visit)

    async def _handle(self, visit: Visit) -> None:
        kind = visit.item.kind
        await self._work(visit, self._world.latency())
        if self._world.fails("handler"):
            raise HandlerFailed
        if kind is HAUNTED:
            self._leave_cancellation_behind(visit)
        if kind in {POISON, HAUNTED} or (kind in {FLAKY, TOUCHY} and visit.attempts < ATTEMPTS):
            raise HandlerFailed
        await self._work(visit, kind.seconds)
        if kind is REJECTED:
            raise self._world.code.message.RejectMessage("rejected")
        if kind is LATER and visit.attempts == 1:
            raise self._world.code.message.RetryLater(_RETRY_LATER)
        if kind is QUITTER and visit.attempts == 1:
            raise self._world.rng.choice((asyncio.CancelledError, SystemExit, GeneratorExit))
        self._ledger.handled(visit)
        await self._work(visit, self._world.latency())

    def _leave_cancellation_behind(self, visit: Visit) -> None:
        """Leave a timer behind. One that ends when the service stops is like a cancellation from outside."""
        task = asyncio.current_task()

        def cancel() -> None:
            if task is not None and not self._guard.is_stopped:
                task.cancel()

        if visit.attempts < ATTEMPTS:  # else it would hit the handler of another message
            asyncio.get_running_loop().call_later(_HAUNTING, cancel)

    async def _work(self, visit: Visit, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError as error:
            self._guard.check_cancelled(visit)
            visit.is_given_up = True
            self._ledger.may_repeat(visit.item)
            if visit.item.kind is TOUCHY:
                raise HandlerFailed from error
            if visit.item.kind is not STUBBORN:
                raise
            await asyncio.sleep(_STUBBORN)
        if not visit.is_given_up:
            self._guard.check_going_on(visit)

    def _begin(self, message: Any) -> Visit:
        visit = self._guard.visit_of(message)
        self._guard.check_begin(visit)
        self._ledger.begins(visit, message.attempt)
        return visit

    def _end(self, visit: Visit) -> None:
        visit.is_busy, visit.idle_since = False, self._world.loop.time()
