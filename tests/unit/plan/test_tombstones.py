"""Records without a value as events, where somebody asks for that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.planning import Planned, plan_text

if TYPE_CHECKING:
    from pathlib import Path


def plan(folder: Path, protocol: str, message: str = "Placed: {payload: {type: object}}", **options: bool) -> Planned:
    text = f"""
        servers: {{s: {{host: broker, protocol: {protocol}}}}}
        channels: {{orders: {{address: orders, messages: {{{message}}}}}}}
        operations:
          first: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
          second: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
    """
    return plan_text(folder, text, **options)


@pytest.mark.parametrize(
    ("protocol", "options", "is_handled"),
    [
        ("kafka", {"handles_tombstones": True}, True),
        ("kafka", {}, False),
        ("amqp", {"handles_tombstones": True}, False),
    ],
)
def test_have_a_handler_where_they_can_come(
    tmp_path: Path, protocol: str, options: dict[str, bool], *, is_handled: bool
) -> None:
    planned = plan(tmp_path, protocol, **options)
    view = planned.plan.view
    assert [event.name for event in view.handled] == (["Placed", "Tombstone"] if is_handled else ["Placed"])
    assert planned.deserializer.has_tombstones is is_handled
    assert ("handlers/tombstone.py" in [str(file.path) for file in planned.plan.files]) is is_handled
    operations = dict(planned.subscribers[0].sources[0].operations)
    assert operations == ({"Placed": "first", "Tombstone": "first"} if is_handled else {"Placed": "first"})


def test_of_a_channel_on_both_protocols_come_from_one(tmp_path: Path) -> None:
    text = """
        servers: {k: {host: kafka, protocol: kafka}, r: {host: rabbit, protocol: amqp}}
        channels: {orders: {address: orders, messages: {Placed: {payload: {type: object}}}}}
        operations: {receive: {action: receive, channel: {$ref: '#/channels/orders'}}}
    """
    view = plan_text(tmp_path, text, handles_tombstones=True).plan.view
    assert {one.name: one.has_tombstones for one in view.deserializers} == {
        "deserialize_orders_kafka": True,
        "deserialize_orders_rabbit": False,
    }
    assert len(plan_text(tmp_path, text).plan.view.deserializers) == 1


def test_leave_their_name_to_no_message(tmp_path: Path) -> None:
    message = "Tombstone: {payload: {type: object}}"
    assert [event.name for event in plan(tmp_path, "kafka", message).plan.view.events] == ["Tombstone"]
    planned = plan(tmp_path, "kafka", message, handles_tombstones=True)
    assert [event.name for event in planned.plan.view.events] == ["OrdersTombstone"]
    assert planned.found == []


@pytest.mark.parametrize("name", ["Tombstone", "Event"])
def test_a_pinned_name_that_is_taken_is_an_error(tmp_path: Path, name: str) -> None:
    message = f"Placed: {{x-python-name: {name}, payload: {{type: object}}}}"
    planned = plan(tmp_path, "kafka", message, handles_tombstones=True)
    assert planned.text("name-collision") == f"message {name!r} would be a class that events.py has or needs already"
