"""Python names from any text."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cqrs_gen.plan.names import class_name, resolve_names, snake_name
from cqrs_gen.plan.package import BadPackageNameError, package_name


@pytest.mark.parametrize(
    ("text", "as_class", "as_snake"),
    [
        ("OrderPlaced", "OrderPlaced", "order_placed"),
        ("order.placed-v2", "OrderPlacedV2", "order_placed_v2"),
        ("userID", "UserId", "user_id"),
        ("HTTPServer", "HttpServer", "http_server"),
        ("test-queue:_:[Handle,Default]", "TestQueueHandleDefault", "test_queue_handle_default"),
        ("Größe", "GroUdfE", "gro_udf_e"),
        ("naïve", "Naive", "naive"),
        ("2fast", "Message2fast", "message_2fast"),
        ("order2ndAttempt", "Order2ndAttempt", "order2nd_attempt"),
        ("", "Message", "message"),
        ("class", "Class", "class_"),
        ("none", "NoneMessage", "none"),
        ("import", "Import", "import_"),
    ],
)
def test_names_are_pep_8(text: str, as_class: str, as_snake: str) -> None:
    assert class_name(text) == as_class
    assert snake_name(text) == as_snake


@given(st.text())
def test_any_text_gives_names(text: str) -> None:
    for name in (class_name(text), snake_name(text)):
        assert name.isidentifier()
        assert name.isascii()
        assert not keyword.iskeyword(name)


def test_both_of_two_that_collide_move_on() -> None:
    names, collisions = resolve_names({1: ["A", "XA"], 2: ["B"], 3: ["A", "YA"]})
    assert names == {1: "XA", 2: "B", 3: "YA"}
    assert collisions == []


def test_the_order_does_not_matter() -> None:
    wanted = {1: ["A", "XA"], 2: ["A"], 3: ["XA"]}
    forwards, _ = resolve_names(wanted)
    backwards, _ = resolve_names(dict(reversed(wanted.items())))
    assert forwards == backwards


def test_what_collides_to_the_last_is_told() -> None:
    names, collisions = resolve_names({1: ["A"], 2: ["a"]})
    assert collisions == [(1, 2)]
    assert names == {1: "A", 2: "a"}


def test_taken_names_are_left_free() -> None:
    assert resolve_names({1: ["Event", "OrderEvent"]}, taken=["Event"])[0] == {1: "OrderEvent"}


@pytest.mark.parametrize("name", ["json", "class", "cqrs", "di", "Orders", "2x", "a-b", ""])
def test_a_package_may_hide_nothing(name: str) -> None:
    with pytest.raises(BadPackageNameError, match="--package"):
        package_name(name, "Title")


def test_the_title_names_the_package() -> None:
    assert package_name(None, "Order Service (v2)") == "order_service_v2"
