"""What must hold of the messages in the hands of one replica, as long as their channel is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.messages import Visit
    from tests.simulation.world import World

    from .broker import Broker


class Watch:
    """Has the run fail when more is done with a message than may be; `has_order` tells whether they come in order."""

    def __init__(self, world: World, broker: Broker, has_order: Callable[[], bool]) -> None:
        self._world = world
        self._broker = broker
        self._has_order = has_order
        self.is_stopped = False

    def visit_of(self, message: Any) -> Visit:
        visit: Visit = message.incoming.visit
        return visit

    def check_begin(self, visit: Visit) -> None:
        item, fail = visit.item, self._world.loop.fail
        if self.is_stopped:
            fail(f"{item} is begun after SIGTERM")
        if visit.attempts > visit.earlier and visit.origin.is_closed:
            fail(f"{item} is tried again although its channel is closed")
        for earlier in self._broker.items[item.source][: item.number] if self._has_order() else ():
            if earlier not in self._world.ledger.finished and earlier not in self._broker.parked:
                fail(f"{item} is begun before {earlier} is finished or parked")

    def check_going_on(self, visit: Visit) -> None:
        """Let a handler go on: it was cancelled with its channel, or it could not know."""

    def check_cancelled(self, visit: Visit) -> None:
        if not visit.origin.is_closed:
            self._world.loop.fail(f"the handler of {visit.item} is cancelled although it can be acknowledged")
