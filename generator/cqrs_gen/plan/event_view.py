"""What templates may see of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.plan.payload_types import payload_type

if TYPE_CHECKING:
    from cqrs_gen.plan.sending_views import RequestView


@dataclass(frozen=True)
class EventView:
    """One event: its class, its name on the wire, its payload's type and its handler; its reply, if it is a request."""

    name: str
    event_name: str
    payload: str
    """What models.py calls the payload; `Any` without one."""
    headers: str | None
    """What models.py calls the model of the headers."""
    key: str | None
    """What models.py calls the key."""
    description: str
    handler: str
    """The handler's class."""
    handler_module: str
    reply: RequestView | None = None

    @property
    def payload_type(self) -> str:
        """The payload's type as events.py spells it."""
        return payload_type(self.payload)

    @property
    def bases(self) -> str:
        """What its class is made of, as events.py spells it."""
        around = (("WithHeaders", self.headers), ("WithKey", self.key))
        bases = [f"{base}[{payload_type(name)}]" for base, name in around if name]
        return ", ".join([f"Event[{self.payload_type}]", *bases])
