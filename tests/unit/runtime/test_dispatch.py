"""The mediator: middlewares, scopes, follow-ups, stubs, and replacing a dependency in tests."""

import abc
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import cqrs
import di
import pytest
from di.dependent import Dependent
from runtime.dispatch import Mediator, UnboundEvent, build_mediator, is_stub, override, stubs
from runtime.message import RejectMessage

from .contract import Anything, Declared, Note, Numbers

log: list[str] = []


@pytest.fixture(autouse=True)
def _empty_log() -> None:
    log.clear()


class Session:
    """What a generator provides."""

    is_open = True


async def session() -> AsyncIterator[Session]:
    log.append("open")
    provided = Session()
    try:
        yield provided
    except ValueError:
        log.append("rolled back")
        raise
    finally:
        provided.is_open = False
        log.append("closed")


@dataclass
class Clock:
    """A dependency that needs no binding."""

    name: str = "real"
    calls: list[str] = field(default_factory=list[str])


class Handler(cqrs.EventHandler[Anything]):
    """A handler with dependencies and a follow-up."""

    def __init__(self, provided: Session, clock: Clock) -> None:
        self._session = provided
        self._clock = clock

    async def handle(self, event: Anything) -> None:
        log.append(f"handled {event.payload} with {self._clock.name}, {self._session.is_open}")
        if event.payload == "fail":
            raise ValueError("failed")

    @property
    def events(self) -> list[cqrs.IEvent]:
        return [Note(payload="follow-up")]


class NoteHandler(cqrs.EventHandler[Note]):
    """A handler without dependencies."""

    async def handle(self, event: Note) -> None:
        log.append(f"noted {event.payload}")


class Middleware:
    """A middleware that notes what runs inside it."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def __call__(self, request: Any, handle: Callable[[Any], Awaitable[Any]]) -> Any:
        log.append(f"{self._name} before {request.event_name}")
        answer = await handle(request)
        log.append(f"{self._name} after {request.event_name}")
        return answer


class Stub(cqrs.EventHandler[Numbers]):
    """A handler that is still to be written."""

    async def handle(self, event: Numbers) -> None:
        """Say nothing."""
        raise NotImplementedError


def mapper(event_map: cqrs.EventMap[Any]) -> None:
    event_map.bind(Anything, Handler)
    event_map.bind(Note, NoteHandler)
    event_map.bind(Numbers, Stub)


def mediator(*middlewares: Middleware) -> Mediator:
    container = di.Container()
    container.bind(di.bind_by_type(Dependent(session, scope="request"), Session))
    return build_mediator(mapper, container, middlewares)


async def test_one_scope_is_open_around_each_handler() -> None:
    await mediator().send(Anything(payload=1))
    assert log == ["open", "handled 1 with real, True", "closed", "noted follow-up"]


async def test_a_failing_handler_closes_its_scope_with_the_error() -> None:
    with pytest.raises(ValueError, match="failed"):
        await mediator().send(Anything(payload="fail"))
    assert log[-2:] == ["rolled back", "closed"]


async def test_middlewares_run_around_every_event() -> None:
    await mediator(Middleware("outer"), Middleware("inner")).send(Note(payload="x"))
    assert log == ["outer before Note", "inner before Note", "noted x", "inner after Note", "outer after Note"]
    log.clear()
    await mediator(Middleware("m")).send(Anything(payload=1))
    assert log[-4:] == ["m before Note", "noted follow-up", "m after Note", "m after Anything"]


async def test_an_unbound_event_is_refused() -> None:
    with pytest.raises(UnboundEvent, match="Declared has no handler") as raised:
        await mediator().send(Declared.model_construct())
    assert isinstance(raised.value, RejectMessage)


class TestOverride:
    """Replacing a dependency."""

    async def test_replaces_a_dependency_and_puts_it_back(self) -> None:
        service, fake = mediator(), Clock("fake")
        await service.send(Anything(payload=1))
        with override(service, Clock, lambda: fake):
            await service.send(Anything(payload=2))
        await service.send(Anything(payload=3))
        handled = [line for line in log if line.startswith("handled")]
        assert handled == ["handled 1 with real, True", "handled 2 with fake, True", "handled 3 with real, True"]

    async def test_goes_before_a_binding_and_takes_generators(self) -> None:
        def fake() -> Iterator[Session]:
            log.append("fake open")
            yield Session()
            log.append("fake closed")

        service = mediator()
        with override(service, Session, fake):
            await service.send(Anything(payload=1))
        assert log == ["fake open", "handled 1 with real, True", "fake closed", "noted follow-up"]

    async def test_is_undone_by_an_error(self) -> None:
        service = mediator()
        with pytest.raises(ValueError, match="failed"), override(service, Clock, lambda: Clock("fake")):
            await service.send(Anything(payload="fail"))
        await service.send(Anything(payload=1))
        assert "handled 1 with real, True" in log


async def test_a_handler_to_fall_back_to_has_its_scope_too() -> None:
    class Broken(cqrs.EventHandler[Anything]):
        async def handle(self, event: Anything) -> None:
            raise ValueError(event)

    def with_fallback(event_map: cqrs.EventMap[Any]) -> None:
        event_map.bind(Anything, cqrs.EventHandlerFallback(Broken, Handler))
        event_map.bind(Note, NoteHandler)

    container = di.Container()
    container.bind(di.bind_by_type(Dependent(session, scope="request"), Session))
    service = build_mediator(with_fallback, container)
    await service.send(Anything(payload=1))
    assert log == ["open", "handled 1 with real, True", "closed", "noted follow-up"]
    assert stubs(service, [Anything]) == []


class TestStubs:
    """Handlers that are still to be written."""

    def test_are_named_with_their_files(self) -> None:
        path = __name__.replace(".", "/")
        assert stubs(mediator(), [Anything, Numbers]) == [f"Numbers has no handler yet: {path}.py"]

    def test_an_event_without_a_handler_stops_the_start(self) -> None:
        with pytest.raises(UnboundEvent, match="Declared has no handler"):
            stubs(mediator(), [Declared])

    def test_are_handlers_that_only_raise(self) -> None:
        class Bare(cqrs.EventHandler[Note]):
            async def handle(self, event: Note) -> None:
                raise NotImplementedError

        class WithText(cqrs.EventHandler[Note]):
            async def handle(self, event: Note) -> None:
                """Say why."""
                raise NotImplementedError("soon")

        class Inherited(Bare):
            pass

        class Abstract(cqrs.EventHandler[Note], abc.ABC):
            pass

        assert [is_stub(handler) for handler in (Bare, WithText, Inherited, Abstract)] == [True] * 4

    def test_are_not_handlers_that_do_something(self) -> None:
        class Sometimes(cqrs.EventHandler[Note]):
            async def handle(self, event: Note) -> None:
                if event is None:
                    raise NotImplementedError

        class After(cqrs.EventHandler[Note]):
            async def handle(self, event: Note) -> None:
                log.append(str(event.payload))
                raise NotImplementedError

        class Empty(cqrs.EventHandler[Note]):
            async def handle(self, event: Note) -> None:
                pass

        class Decorated(cqrs.EventHandler[Note]):
            handle = functools.partialmethod(NoteHandler.handle)  # type: ignore[assignment]

        assert [is_stub(handler) for handler in (Sometimes, After, Empty, Decorated, NoteHandler)] == [False] * 5
