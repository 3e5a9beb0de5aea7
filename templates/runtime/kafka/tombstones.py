"""Records without a value as events, for services that were generated to handle them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict

from ..events import Event

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..message import Message


class TombstoneEvent(Event[None], frozen=True):
    """A record without a value: what its key stands for is gone."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    event_name: Literal["Tombstone"] = "Tombstone"
    payload: None = None
    key: bytes | None
    """As it came. Without one it says nothing of what is gone."""

    @classmethod
    def of(cls, message: Message, address: str) -> Self:
        """Give the event of a record that came by an address."""
        return cls(
            event_id=message.event_id,
            event_timestamp=message.sent_at,
            topic=address,
            key=getattr(message, "key", None),  # RabbitMQ has no tombstones
        )
