"""The event by hand: what every baseline validates and dispatches, and the bodies that everyone gets."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final, Literal

import cqrs
import di
import pydantic
from cqrs.bootstrap import events as bootstrap

if TYPE_CHECKING:
    from collections.abc import Callable

_DIFFERENT: Final = 50
"""How many bodies there are; they are sent in turns."""


class Item(pydantic.BaseModel):
    """A part of the payload."""

    sku: str
    qty: int


class Payload(pydantic.BaseModel):
    """The payload."""

    user_id: str
    email: str
    name: str
    tags: list[str]
    items: list[Item]


class UserCreated(cqrs.PydanticNotificationEvent[Payload], frozen=True):
    """The event, with the envelope of python-cqrs around its payload."""

    model_config = pydantic.ConfigDict(from_attributes=False)

    event_name: Literal["UserCreated"] = "UserCreated"


validate: Final[Callable[[bytes], UserCreated]] = pydantic.TypeAdapter(UserCreated).validator.validate_json
_validate_payload: Final = pydantic.TypeAdapter(Payload).validator.validate_json


def wrap(body: bytes, topic: str, partition: int, offset: int, timestamp: int) -> UserCreated:
    """Give the event around a payload, with an identity and a time that are the same whenever the record comes."""
    return UserCreated(
        payload=_validate_payload(body),
        event_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{topic}/{partition}/{offset}"),
        event_timestamp=datetime.fromtimestamp(timestamp / 1000, timezone.utc),
        topic=topic,
    )


def mediator(tick: Callable[[], None]) -> cqrs.EventMediator:
    """Build python-cqrs' mediator with a handler that only counts."""

    class Handler(cqrs.EventHandler[UserCreated]):
        async def handle(self, event: UserCreated) -> None:  # noqa: ARG002 - it only counts
            tick()

    return bootstrap.bootstrap(
        di_container=di.Container(), events_mapper=lambda events: events.bind(UserCreated, Handler)
    )


def enveloped_bodies() -> list[bytes]:
    """Give bodies of 356 bytes: payloads in envelopes."""
    return [json.dumps(_envelope(_payload())).encode() for _ in range(_DIFFERENT)]


def bare_bodies() -> list[bytes]:
    """Give the same payloads without envelopes."""
    return [json.dumps(_payload()).encode() for _ in range(_DIFFERENT)]


def _envelope(payload: dict[str, object]) -> dict[str, object]:
    return {
        "payload": payload,
        "event_id": str(uuid.uuid4()),
        "event_timestamp": "2026-11-23T07:00:00.123456",
        "event_name": "UserCreated",
        "topic": "users",
    }


def _payload() -> dict[str, object]:
    return {
        "user_id": str(uuid.uuid4()),
        "email": "someone@example.com",
        "name": "Some One",
        "tags": ["a", "b", "c"],
        "items": [{"sku": "sku-1", "qty": 2}, {"sku": "sku-2", "qty": 1}],
    }
