"""Whether handlers can be made: found out before the first message comes, which would only be dead-lettered."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from .adapter import CannotStart
from .reason import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    import cqrs

    from .dispatch import Dispatcher


def check_wiring(dispatcher: Dispatcher, events: Iterable[type[cqrs.IEvent]]) -> None:
    """Raise CannotStart when a handler of these events asks for something that nothing provides."""
    for event in events:
        for handler in (*dispatcher.handlers_of(event), *dispatcher.fallbacks_of(event)):
            try:
                solved = dispatcher.solve(handler)
            except Exception as error:
                why = one_line(str(error))
                raise CannotStart(
                    f"{handler.__name__} cannot be made: {why}; mend it there, or in dependencies.py"
                ) from error
            for needed in (dependent.call for dependent in solved.dag):
                if inspect.isclass(needed) and (why := _unmade(needed)):
                    raise CannotStart(
                        f"{handler.__name__} needs {needed.__name__}, which {why}: bind it in dependencies.py"
                    )


def _unmade(needed: type) -> str:
    """Say why the container cannot know what an object of a class should be; empty where it can."""
    if inspect.isabstract(needed) or getattr(needed, "_is_protocol", False):
        return "is abstract"
    if needed.__module__ == "builtins":  # it would make an empty text, the number 0
        return "nothing provides"
    return ""
