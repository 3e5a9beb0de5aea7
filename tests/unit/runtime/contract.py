"""A small contract as it is generated: payloads and events, which the tests of the runtime share."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from runtime.events import Event


class Item(BaseModel):
    """One line of an order."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    sku: str
    qty: int


class OrderPlacedPayload(BaseModel):
    """A typical payload, open to members that nobody has declared."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    order_id: str = Field(alias="order-id")
    items: list[Item] = []
    total: int | float | None = None
    placed_on: date | None = None
    customer: UUID | None = None


class OrderCancelledPayload(BaseModel):
    """A payload that shares a member with the others."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    order_id: str = Field(alias="order-id")
    reason: str


class OrderArchivedPayload(BaseModel):
    """The payload of a message that no operation receives."""

    model_config = ConfigDict(extra="allow")

    archive: str


class DeclaredPayload(BaseModel):
    """A payload whose schema describes python-cqrs' envelope itself."""

    event_name: str
    payload: dict[str, Any]
    event_id: str
    event_timestamp: datetime


class OrderPlaced(Event[OrderPlacedPayload], frozen=True):
    """A customer placed an order."""

    event_name: Literal["OrderPlaced"] = "OrderPlaced"


class OrderCancelled(Event[OrderCancelledPayload], frozen=True):
    """A customer cancelled an order."""

    event_name: Literal["OrderCancelled"] = "OrderCancelled"


class Declared(Event[DeclaredPayload], frozen=True):
    """An envelope that the contract describes."""

    event_name: Literal["Declared"] = "Declared"


class Numbers(Event[list[int]], frozen=True):
    """A payload that is no object."""

    event_name: Literal["Numbers"] = "Numbers"


class Note(Event[str | None], frozen=True):
    """A payload that is a text or null."""

    event_name: Literal["Note"] = "Note"


class Anything(Event[Any], frozen=True):
    """A payload without a schema."""

    event_name: Literal["Anything"] = "Anything"
