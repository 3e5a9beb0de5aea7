"""What the handlers need, what runs around every event, and what happens to a body first. This file is yours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import di

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs.middlewares.base import Middleware

    from .contract import Message

# What a handler asks for in its `__init__` comes from here. A class that needs nothing special needs no binding; for
# the others: container.bind(bind_by_type(Dependent(open_session, scope="request"), Session)). What a generator provides
# stays open until the handler has finished.
container = di.Container()

# Each runs around every event, the first one outermost.
middlewares: Sequence[Middleware[Any, Any]] = ()


async def prepare(body: bytes, message: Message) -> bytes:  # noqa: ARG001 - for what depends on the headers
    """Give the body that is decoded: the place to decrypt or decompress it. To raise is a failed attempt."""
    return body
