"""What the handlers need, what runs around every event, and what happens to a body first. This file is yours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import di

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs.middlewares.base import Middleware

    from .contract import Message

# What a handler asks for in its `__init__` comes from here, made anew for each event. A class that needs nothing
# special needs no binding. For the others, with `from di.dependent import Dependent`:
# `container.bind(di.bind_by_type(Dependent(open_session, scope="request"), Session))`
# What a generator gives stays open until the handler has finished. What lives as long as the service is made once, here
# or in a hook of `app` (`app.on_startup`), and bound as a function that gives it.
container = di.Container()

# Each runs around every event, the first one outermost. One is called with the event and the next step:
# `async def __call__(self, request, handle)`, which gives what `await handle(request)` gives.
middlewares: Sequence[Middleware[Any, Any]] = ()


async def prepare(body: bytes, message: Message) -> bytes:
    """Give the body that is decoded: the place to decrypt or decompress it. To raise is a failed attempt."""
    return body
