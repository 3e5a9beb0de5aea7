"""What templates may see of bodies: in what a payload is written, read or sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cqrs_gen.contract.model import Content
from cqrs_gen.plan.names import snake_name
from cqrs_gen.plan.payload_types import payload_type

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Message
    from cqrs_gen.plan.views import SettingView


@dataclass(frozen=True)
class AvroView:
    """The schema of a payload in Avro."""

    constant: str
    schema: str | list[Any] | dict[str, Any] = field(hash=False)
    is_recursive: bool


@dataclass(frozen=True)
class BodyView:
    """How the payload of a message is written."""

    payload: str
    """What models.py calls it; `Any` where it is not described."""
    content: str
    """In what it is written: `json`, `text`, `bytes` or `avro`."""
    id_bytes: int | None
    """How many bytes the id of a schema has in front of the payload; None where the contract does not say."""
    avro: AvroView | None
    id_setting: SettingView | None = None
    """The setting that has the id, where it is sent."""

    @property
    def payload_type(self) -> str:
        """The payload's type as a module of the package spells it."""
        return payload_type(self.payload)

    @property
    def contents(self) -> set[str]:
        """The modules of `runtime/contents` that it takes; none for plain JSON."""
        if self.id_bytes:
            return {self.content, "framed"}
        return {self.content} if self.content != "json" else set()


def view_body(message: Message, event: str, payload: str, id_bytes: int | None) -> BodyView:
    """Say how the payload of a message is written; `event` is the class that is made from it."""
    avro = None
    if message.content is Content.AVRO and message.avro is not None:
        constant = snake_name(event).rstrip("_").upper()
        avro = AvroView(constant, message.avro.schema, message.avro.is_recursive)
    return BodyView(payload, message.content.value, id_bytes, avro)
