"""An event is written as it was read."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field
from runtime.events import Event
from runtime.types import ContractModel, NonNull


class Placed(ContractModel):
    """A payload with every kind of member that may be absent."""

    order_id: Annotated[str, Field(alias="orderId")]
    note: str | None = None
    tier: str = "standard"
    gift: Annotated[bool | None, Field(alias="isGift"), NonNull] = None


class OrderPlaced(Event[Placed], frozen=True):
    """Its event."""

    event_name: Literal["OrderPlaced"] = "OrderPlaced"


@pytest.mark.parametrize(
    "payload",
    [
        {"orderId": "o-1"},
        {"orderId": "o-1", "note": None},
        {"orderId": "o-1", "tier": "standard", "isGift": False},
        {"orderId": "o-1", "order_id": "unknown to the contract"},
    ],
)
def test_the_payload_comes_out_as_it_went_in(payload: dict[str, Any]) -> None:
    read = Placed.model_validate_json(json.dumps(payload), by_alias=True, by_name=False)
    assert OrderPlaced(payload=read, topic="orders").to_dict()["payload"] == payload


def test_the_envelope_is_whole() -> None:
    event = OrderPlaced(payload=Placed(orderId="o-1"), topic="orders")
    assert event.to_dict().keys() == {"event_id", "event_timestamp", "event_name", "topic", "payload"}
    assert OrderPlaced.from_dict(**event.to_dict()) == event
