"""Where a log line says that a handler failed."""

from __future__ import annotations

import pytest
from runtime.reason import describe_with_place

HANDLER = """
import json


def handle():
    json.loads("{")


def fail():
    raise KeyError("secret")
"""


def failure(module: str, function: str) -> BaseException:
    """Have a function of a handler fail that is in a module of that name."""
    handler: dict[str, object] = {"__name__": module}
    exec(compile(HANDLER, "/srv/shop/handlers/order_placed.py", "exec"), handler)  # noqa: S102 - of this file
    with pytest.raises(Exception) as raised:  # noqa: PT011 - of any type
        handler[function]()  # type: ignore[operator]
    error = raised.value
    error.__traceback__ = error.__traceback__.tb_next if error.__traceback__ is not None else None  # without this file
    return error


# In a package that is generated this would be `shop`; here it is what stands in front of no `.contract.`.
OWN = "runtime.reason.handlers.order_placed"
LIBRARY = "elsewhere.order_placed"


def test_it_left_what_people_wrote_and_where_it_was_raised() -> None:
    text = describe_with_place(failure(OWN, "handle"))
    assert text.startswith("JSONDecodeError: Expecting property name")
    assert "(order_placed.py:6, decoder.py:" in text


def test_once_where_that_is_one_place() -> None:
    assert describe_with_place(failure(OWN, "fail")) == "KeyError: 'secret' (order_placed.py:10)"


def test_it_was_raised_where_nobody_of_the_service_called() -> None:
    text = describe_with_place(failure(LIBRARY, "handle"))
    assert "(decoder.py:" in text


def test_nowhere_where_it_was_never_raised() -> None:
    assert describe_with_place(ValueError("x")) == "ValueError: x"
