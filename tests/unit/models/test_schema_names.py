"""The names of payloads and of what is below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cqrs_gen.plan.names import is_class_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.models.conftest import Generated

    Generate = Callable[..., Generated]

INLINE = """
    messages:
      OrderPlaced:
        payload:
          type: object
          properties:
            status: {type: string, enum: [new, paid]}
            billing-address: {type: object, properties: {country: {enum: [GB, FR]}}}
            lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}
            prices: {type: object, additionalProperties: {type: object, properties: {net: {type: number}}}}
            customer: {oneOf: [{type: object, properties: {id: {}}}, {type: 'null'}]}
            paid_by:
              oneOf:
                - {title: Card, type: object, properties: {number: {}}}
                - {type: object, properties: {iban: {}}}
"""


def names(generated: Generated) -> set[str]:
    return {*generated.names.classes.values(), *generated.names.aliases.values()}


def by_pointer(generated: Generated) -> dict[str, str]:
    return {id_.partition("#")[2]: name for id_, name in generated.names.classes.items()}


def test_what_is_inside_a_message_is_called_after_the_message_and_the_way(generate: Generate) -> None:
    assert names(generate(INLINE)) == {
        "OrderPlacedPayload",
        "OrderPlacedStatus",
        "OrderPlacedBillingAddress",
        "OrderPlacedBillingAddressCountry",
        "OrderPlacedLinesItem",
        "OrderPlacedPricesValue",
        "OrderPlacedCustomer",
        "OrderPlacedPaidByCard",
        "OrderPlacedPaidByOption2",
    }


def test_another_message_in_front_renames_nothing(generate: Generate) -> None:
    other = "messages:\n      Other: {payload: {type: object, properties: {status: {enum: [a, b]}}}}"
    more = generate(INLINE.replace("messages:", other, 1))
    assert names(more) == names(generate(INLINE)) | {"OtherPayload", "OtherStatus"}


def test_a_payload_that_is_a_reference_is_called_after_the_schema(generate: Generate) -> None:
    generated = generate(
        """
        messages:
          Placed: {payload: {$ref: '#/components/schemas/order-v2'}}
          Returned: {payload: {$ref: 'common.yaml#/definitions/Return'}}
          Shipped: {payload: {$ref: 'shipment.yaml'}}
          Cancelled: {payload: {allOf: [{$ref: '#/components/schemas/order-v2'}], description: wrapped}}
        components:
          schemas:
            order-v2: {type: object, properties: {status: {enum: [a, b]}}}
        """,
        common="definitions: {Return: {type: object, properties: {why: {type: object, properties: {a: {}}}}}}",
        shipment="{type: object, properties: {carrier: {enum: [dhl, ups]}}}",
    )
    assert generated.found == []
    assert names(generated) == {"OrderV2", "OrderV2Status", "Return", "ReturnWhy", "Shipment", "ShipmentCarrier"}
    assert set(generated.names.names.values()) == {"OrderV2", "Return", "Shipment"}


def test_one_schema_is_one_class_however_it_is_reached(generate: Generate) -> None:
    generated = generate(
        """
        messages:
          A: {payload: {type: object, properties: {home: {$ref: '#/messages/B/payload/properties/home'}}}}
          B: {payload: {type: object, properties: {home: {type: object, properties: {street: {}}}}}}
          C: {payload: {$ref: '#/messages/A/payload'}}
        """
    )
    assert names(generated) == {"APayload", "BPayload", "BHome"}
    assert list(generated.names.names.values()) == ["APayload", "BPayload", "APayload"]


def test_payloads_that_are_no_classes_have_aliases(generate: Generate) -> None:
    generated = generate(
        """
        messages:
          java.lang.String: {payload: {type: string}}
          Numbers: {payload: {$ref: '#/schemas/Numbers'}}
          More: {payload: {$ref: '#/schemas/Numbers'}}
          Perhaps: {payload: {type: [object, 'null'], properties: {a: {}}}}
          Nothing: {}
        schemas: {Numbers: {type: array, items: {type: integer}}}
        """
    )
    assert list(generated.names.names.values()) == [
        "JavaLangStringPayload",
        "Numbers",
        "Numbers",
        "MaybePerhapsPayload",
    ]
    assert list(generated.names.classes.values()) == ["PerhapsPayload"]


def test_a_dotted_key_gives_way_to_a_title_of_one_word(generate: Generate) -> None:
    generated = generate(
        """
        messages:
          A: {payload: {$ref: '#/components/schemas/com.example.OrderDto'}}
          B: {payload: {$ref: '#/components/schemas/com.example.ItemDto'}}
        components:
          schemas:
            com.example.OrderDto: {title: OrderDto, type: object, properties: {a: {}}}
            com.example.ItemDto: {title: An item, type: object, properties: {a: {}}}
        """
    )
    assert names(generated) == {"OrderDto", "ComExampleItemDto"}


class TestCollisions:
    """Two schemas that would have one name."""

    def test_the_file_goes_in_front_of_both(self, generate: Generate) -> None:
        schema = "{Address: {type: object, properties: {street: {}}}}"
        generated = generate(
            "messages: {A: {payload: {$ref: 'users.yaml#/Address'}}, B: {payload: {$ref: 'shops.yaml#/Address'}}}",
            users=schema,
            shops=schema,
        )
        assert names(generated) == {"UsersAddress", "ShopsAddress"}

    def test_in_one_file_both_are_called_by_their_pointers(self, generate: Generate) -> None:
        generated = generate(
            """
            messages: {A: {payload: {$ref: '#/schemas/Order'}}}
            schemas:
              Order: {type: object, properties: {status: {enum: [a, b]}, other: {$ref: '#/schemas/OrderStatus'}}}
              OrderStatus: {enum: [c, d]}
            """
        )
        assert names(generated) == {"Order", "SchemasOrderPropertiesStatus", "SchemasOrderStatus"}

    def test_names_that_differ_by_punctuation(self, generate: Generate) -> None:
        generated = generate("messages: {A: {payload: {properties: {type: {enum: [a, b]}, '@type': {enum: [c, d]}}}}}")
        assert generated.found == []
        assert len(names(generated)) == 3

    def test_that_nothing_resolves_are_an_error(self, generate: Generate) -> None:
        generated = generate("messages: {A: {payload: {properties: {aB: {enum: [a, b]}, AB: {enum: [c, d]}}}}}")
        (found,) = generated.found
        assert found.startswith("name-collision: this schema would be the same class 'AAb' as '/messages/A/payload/")


class TestPins:
    """`x-python-name`."""

    def test_names_the_class_and_what_is_below(self, generate: Generate) -> None:
        generated = generate(
            """
            messages:
              A:
                payload:
                  x-python-name: XMLOrder
                  properties:
                    line: {x-python-name: Line_2, properties: {kind: {enum: [a, b]}}}
                    status: {enum: [c, d]}
            """
        )
        assert generated.found == []
        assert by_pointer(generated) == {
            "/messages/A/payload": "XMLOrder",
            "/messages/A/payload/properties/line": "Line_2",
            "/messages/A/payload/properties/line/properties/kind": "Line_2Kind",
            "/messages/A/payload/properties/status": "XMLOrderStatus",
        }
        assert "class Line_2(ContractModel)" in generated.text

    @pytest.mark.parametrize("pin", ["1st", "class", "list", "Ünder", "''", "5", "date", "ValueError"])
    def test_must_be_a_class_name(self, generate: Generate, pin: str) -> None:
        generated = generate(f"messages: {{A: {{payload: {{x-python-name: {pin}, properties: {{a: {{}}}}}}}}}}")
        assert [each.partition(":")[0] for each in generated.found] == ["invalid-name"]

    @pytest.mark.parametrize("pin", ["Field", "Any", "ContractModel"])
    def test_must_not_be_a_name_of_the_module(self, generate: Generate, pin: str) -> None:
        generated = generate(f"messages: {{A: {{payload: {{x-python-name: {pin}, properties: {{a: {{}}}}}}}}}}")
        assert [each.partition(":")[0] for each in generated.found] == ["name-collision"]

    def test_collide_with_each_other_and_with_names_that_are_not_pinned(self, generate: Generate) -> None:
        generated = generate(
            """
            messages:
              A: {payload: {x-python-name: Same, properties: {a: {}}}}
              B: {payload: {x-python-name: Same, properties: {a: {}}}}
              C: {payload: {x-python-name: Order, properties: {a: {$ref: '#/schemas/Order'}}}}
            schemas: {Order: {properties: {a: {}}}}
            """
        )
        assert [each.partition(":")[0] for each in generated.found] == ["name-collision", "name-collision"]


@pytest.mark.parametrize(
    "key", ["a.b", "a-b", "größe", "日本", "class", "None", "1st", "''", "'<>'", "Field", "exception", "Str"]
)
def test_any_key_gives_a_class_name(generate: Generate, key: str) -> None:
    generated = generate(
        "messages: {A: {payload: {$ref: 'all.yaml#/x/0'}}}",
        all=f"x: [{{properties: {{{key}: {{enum: [a, b]}}}}}}]",
    )
    assert generated.found == []
    assert all(is_class_name(name) for name in names(generated))
    assert generated.module
