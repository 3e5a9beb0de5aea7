"""A handler that cannot be made stops the start; a test gives a handler its message."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import cqrs
import di
import pytest
from di.dependent import Dependent
from runtime.adapter import CannotStart
from runtime.dispatch import build_mediator
from runtime.events import Event
from runtime.message import KafkaMessage, current_message
from runtime.testing import handling
from runtime.wiring import check_wiring


class Ledger(Protocol):
    """What a handler asks for."""

    def write(self, line: str) -> None:
        """Keep one."""


class Paper:
    """A ledger."""

    def write(self, line: str) -> None:
        """Keep one."""


class Written(Event[str], frozen=True):
    """An event."""

    event_name: Literal["Written"] = "Written"


class WrittenHandler(cqrs.EventHandler[Written]):
    """Its handler."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def handle(self, event: Written) -> None:
        self.ledger.write(event.payload)


def bind(mapper: cqrs.EventMap[Any]) -> None:
    """Bind the one to the other."""
    mapper.bind(Written, WrittenHandler)


def test_what_nothing_provides_stops_the_start() -> None:
    mediator = build_mediator(bind, di.Container())
    with pytest.raises(CannotStart, match="WrittenHandler needs Ledger, which is abstract"):
        check_wiring(mediator.dispatcher, [Written])


class Address:
    """What a ledger of another kind asks for."""

    def __init__(self, url: str, retries: int = 3) -> None:
        self.url = url
        self.retries = retries


class Remote(Paper):
    """A ledger that is somewhere."""

    def __init__(self, address: Address) -> None:
        self.address = address


def test_a_text_that_nothing_provides_stops_the_start() -> None:
    container = di.Container()
    container.bind(di.bind_by_type(Dependent(Remote, scope="request"), Ledger))
    with pytest.raises(CannotStart, match="WrittenHandler needs str, which nothing provides: bind it in dependencies"):
        check_wiring(build_mediator(bind, container).dispatcher, [Written])


def test_a_text_that_is_provided_does_not() -> None:
    container = di.Container()
    container.bind(di.bind_by_type(Dependent(Remote, scope="request"), Ledger))
    container.bind(di.bind_by_type(Dependent(lambda: Address("here"), scope="request"), Address))
    check_wiring(build_mediator(bind, container).dispatcher, [Written])


def test_a_scope_that_is_never_opened_stops_the_start() -> None:
    container = di.Container()
    container.bind(di.bind_by_type(di.dependent.Dependent(Paper, scope="app"), Ledger))
    mediator = build_mediator(bind, container)
    with pytest.raises(CannotStart, match=r"WrittenHandler cannot be made: .*dependencies\.py"):
        check_wiring(mediator.dispatcher, [Written])


def test_what_is_bound_is_fine() -> None:
    container = di.Container()
    container.bind(di.bind_by_type(di.dependent.Dependent(Paper, scope="request"), Ledger))
    check_wiring(build_mediator(bind, container).dispatcher, [Written])


def test_a_test_gives_a_handler_its_message() -> None:
    message = KafkaMessage("orders", 0, 1, 2, b"key", b"{}")
    with handling(message):
        assert current_message() is message
    with pytest.raises(LookupError):
        current_message()
