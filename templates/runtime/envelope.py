"""python-cqrs' envelope around a payload, and who an event without one is."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID, uuid4

from pydantic import AliasChoices, BaseModel, Field, ValidationError

if TYPE_CHECKING:
    from .message import Message

_SPELLINGS: Final = {
    "event_id": ("event_id", "eventId"),
    "event_timestamp": ("event_timestamp", "eventTimestamp"),
    "topic": ("topic",),
}
"""Members around a payload, as pydantic events of python-cqrs write them and as its dataclass events do."""


class _Declared(BaseModel):
    event_id: UUID = Field(validation_alias=AliasChoices(*_SPELLINGS["event_id"]))
    event_timestamp: datetime = Field(validation_alias=AliasChoices(*_SPELLINGS["event_timestamp"]))


def named_by(value: object) -> str | None:
    """Give the event that a body names as an envelope does; None when it is no envelope, whatever the name."""
    if not isinstance(value, dict) or "payload" not in value:
        return None
    members = cast("dict[str, object]", value)
    name = members.get("event_name", members.get("eventName"))
    return name if isinstance(name, str) else None


def identity(message: Message | None, address: str) -> dict[str, Any]:
    """Give the id, the time and the topic of an event that came without an envelope: those of its message."""
    if message is None:
        return {"event_id": uuid4(), "event_timestamp": datetime.now(timezone.utc), "topic": address}
    return {"event_id": message.event_id, "event_timestamp": message.sent_at, "topic": address}


def absent(envelope: dict[str, object], message: Message | None, address: str) -> dict[str, Any]:
    """Give what an envelope does not say about itself, from its message, so that it is the same each time it comes."""
    if envelope.keys() >= _SPELLINGS.keys():  # as nearly always
        return {}
    missing = [name for name, spellings in _SPELLINGS.items() if envelope.keys().isdisjoint(spellings)]
    if not missing:
        return {}
    known = identity(message, address)
    return {name: known[name] for name in missing}


def declared_identity(body: bytes) -> dict[str, Any]:
    """Give the id and the time in an envelope that the schema describes; nothing when they are not python-cqrs'."""
    try:
        declared = _Declared.model_validate_json(body, strict=True)
    except ValidationError:
        return {}
    return {"event_id": declared.event_id, "event_timestamp": declared.event_timestamp}
