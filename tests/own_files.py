"""`dependencies.py` and the handler of the user services, as people write them; what runs around an event is noted."""

from __future__ import annotations

from typing import Final

DEPENDENCIES: Final = '''
"""Dependencies as people write them."""

import gzip

import di
from di import bind_by_type
from di.dependent import Dependent

steps = []


class Session:
    """Opened for one event and closed behind it."""

    is_open = True

    def __init__(self, name="real"):
        self.name = name


class Settings:
    """A class that needs no binding."""

    region = "eu"


async def open_session():
    session = Session()
    steps.append("open")
    try:
        yield session
        steps.append("commit")
    except Exception:
        steps.append("rollback")
        raise
    finally:
        session.is_open = False
        steps.append("close")


container = di.Container()
container.bind(bind_by_type(Dependent(open_session, scope="request"), Session))


class Noted:
    """A middleware that notes what it is around."""

    def __init__(self, name):
        self.name = name

    async def __call__(self, request, handle):
        steps.append(f"{self.name} before {type(request).__name__}")
        try:
            return await handle(request)
        finally:
            steps.append(f"{self.name} after")


middlewares = (Noted("outer"), Noted("inner"))


async def prepare(body, message):
    """Decompress what says that it is compressed."""
    steps.append(f"prepare {message.topic if hasattr(message, 'topic') else message.queue}")
    if message.header("content-encoding") == "gzip":
        return gzip.decompress(body)
    return body
'''

HANDLER: Final = '''
"""A handler as people write it."""

import cqrs

from ..contract import current_message
from ..contract.events import UserCreated
from ..dependencies import Session, Settings, steps

fails = False


class UserCreatedHandler(cqrs.EventHandler[UserCreated]):
    """Notes what it got."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings

    async def handle(self, event: UserCreated) -> None:
        session = self._session
        steps.append(f"handle {event.payload.user_id} {session.name} {session.is_open} {self._settings.region}")
        if fails:
            raise ValueError(current_message().attempt)
'''

ONE_EVENT: Final = [
    "prepare user_events",
    "outer before UserCreated",
    "inner before UserCreated",
    "open",
    "handle u-1 real True eu",
    "commit",
    "close",
    "inner after",
    "outer after",
]
"""What is noted of one event."""
