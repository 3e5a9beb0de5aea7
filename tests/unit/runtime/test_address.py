"""Addresses with parameters: what a service takes out of them, and the names it shares with the generator."""

import pytest
from runtime.address import Address

from cqrs_gen.protocols.addresses import has_parameters, without_braces

ADDRESSES = ("users", "users.{id}", "users.{user-id}.created", "{shop}.{kind}", "a.{}.b", "a.{x y}.{ü}", "a{b{c}}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_generator_and_a_service_name_an_address_alike(address: str) -> None:
    """They share no code: a service depends on nothing of the generator."""
    assert Address(address).plain == without_braces(address)
    assert bool(Address(address).names) == has_parameters(address)


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("shops.7.eu.orders", {"shop-id": "7", "region": "eu"}),
        ("shops.7.orders", None),
        ("shops.7.eu.orders.more", None),
        ("shops..eu.orders", None),
        ("shopsX7.eu.orders", None),
    ],
)
def test_parameters_are_the_parts_of_an_address(address: str, values: dict[str, str] | None) -> None:
    assert Address("shops.{shop-id}.{region}.orders").parameters_in(address) == values
