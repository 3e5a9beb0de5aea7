"""Which headers and correlation ids are typed and checked, what they are called, and what is said of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.planning import HEAD2, HEAD3, Planned, plan_text

if TYPE_CHECKING:
    from pathlib import Path


def plan_message(folder: Path, message: str, components: str = "{}") -> Planned:
    """Plan an operation that receives a message `Placed`."""
    text = f"""
        servers: {{s: {{host: broker, protocol: kafka}}}}
        channels:
          orders: {{address: orders, messages: {{Placed: {{payload: {{type: string}}, {message}}}}}}}
        operations:
          handle: {{action: receive, channel: {{$ref: '#/channels/orders'}}}}
        components: {components}
    """
    return plan_text(folder, text)


class TestHeaders:
    """Have a model where their schema lists them."""

    @pytest.mark.parametrize(
        ("message", "components", "name"),
        [
            ("headers: {properties: {a: {}}}", "{}", "PlacedHeaders"),
            ("headers: {type: object, additionalProperties: false}", "{}", "PlacedHeaders"),
            ("headers: {$ref: '#/components/schemas/Common'}", "{schemas: {Common: {properties: {a: {}}}}}", "Common"),
            (
                "traits: [{$ref: '#/components/messageTraits/traced'}]",
                "{messageTraits: {traced: {headers: {properties: {a: {}}}}}}",
                "TracedHeaders",
            ),
            (
                "traits: [{$ref: '#/components/messageTraits/commonHeaders'}]",
                "{messageTraits: {commonHeaders: {headers: {properties: {a: {}}}}}}",
                "CommonHeaders",
            ),
            (
                "headers: {properties: {b: {}}}, traits: [{$ref: '#/components/messageTraits/traced'}]",
                "{messageTraits: {traced: {headers: {properties: {a: {}}}}}}",
                "PlacedHeaders",
            ),
            ("traits: [{headers: {properties: {a: {}}}}]", "{}", "PlacedHeaders"),
            ("headers: {properties: {a: {}}, x-python-name: Mine}", "{}", "Mine"),
        ],
    )
    def test_are_called_after_where_they_are_written(
        self, tmp_path: Path, message: str, components: str, name: str
    ) -> None:
        planned = plan_message(tmp_path, message, components)
        assert (planned.plan.view.events[0].headers, planned.found) == (name, [])

    def test_inside_are_called_after_them(self, tmp_path: Path) -> None:
        planned = plan_message(tmp_path, "headers: {properties: {kind: {enum: [a, b]}}}")
        assert set(planned.plan.schema_names.classes.values()) == {"PlacedHeaders", "PlacedHeadersKind"}

    @pytest.mark.parametrize("schema", ["{}", "{type: object}", "true", "{description: Some.}"])
    def test_of_which_nothing_is_said_have_none(self, tmp_path: Path, schema: str) -> None:
        planned = plan_message(tmp_path, f"headers: {schema}")
        assert (planned.plan.view.events[0].headers, planned.found) == (None, [])

    @pytest.mark.parametrize(
        "schema",
        [
            "{type: string}",
            "{type: object, additionalProperties: {type: string}}",
            "{oneOf: [{properties: {a: {}}}, {properties: {b: {}}}]}",
            "{type: [object, 'null'], properties: {a: {}}}",
            "{schemaFormat: application/vnd.apache.avro, schema: {type: record}}",
        ],
    )
    def test_that_are_not_listed_are_said(self, tmp_path: Path, schema: str) -> None:
        planned = plan_message(tmp_path, f"headers: {schema}")
        assert planned.plan.view.events[0].headers is None
        assert planned.text("unsupported-headers").endswith("their schema does not list them")

    def test_of_other_names_are_not_checked(self, tmp_path: Path) -> None:
        planned = plan_message(tmp_path, "headers: {properties: {a: {}}, additionalProperties: {type: string}}")
        assert planned.plan.view.events[0].headers == "PlacedHeaders"
        assert planned.text("unchecked-keyword") == "other headers than those that are listed are not checked yet"

    def test_have_keywords_that_are_not_checked(self, tmp_path: Path) -> None:
        planned = plan_message(tmp_path, "headers: {properties: {a: {type: string, not: {}}}}")
        assert planned.text("unchecked-keyword") == "'not' is not checked yet: the model accepts more than the schema"

    def test_of_a_message_that_is_left_out_have_none(self, tmp_path: Path) -> None:
        text = """
            servers: {s: {host: broker, protocol: kafka}}
            channels:
              orders:
                address: orders
                messages:
                  Placed: {payload: {type: string}}
                  Other: {payload: {type: integer}, headers: {type: string}}
            operations:
              handle:
                action: receive
                channel: {$ref: '#/channels/orders'}
                messages: [{$ref: '#/channels/orders/messages/Placed'}]
        """
        assert plan_text(tmp_path, text).found == []


class TestSent:
    """Headers and keys of what is sent are checked as those of what is received."""

    def test_have_models(self, tmp_path: Path) -> None:
        text = """
            servers: {s: {host: broker, protocol: kafka}}
            channels:
              orders:
                address: o
                messages:
                  Placed:
                    payload: {type: string}
                    headers: {properties: {a: {const: one}, b: {type: string}}}
                    bindings: {kafka: {key: {type: integer}}}
            operations: {ask: {action: send, channel: {$ref: '#/channels/orders'}}}
        """
        planned = plan_text(tmp_path, text)
        [publisher] = planned.plan.view.publishers
        assert (publisher.headers, planned.found) == ({"a": "one"}, [])
        assert publisher.around == "Headers(models.PlacedHeaders), Key(models.PlacedKey)"

    def test_are_not_checked_where_nothing_is_asked_for(self, tmp_path: Path) -> None:
        text = """
            servers: {s: {host: broker, protocol: kafka}}
            channels: {orders: {address: o, messages: {Placed: {payload: {type: string}, headers: {type: object}}}}}
            operations: {ask: {action: send, channel: {$ref: '#/channels/orders'}}}
        """
        [publisher] = plan_text(tmp_path, text).plan.view.publishers
        assert publisher.around == ""


class TestCorrelationId:
    """Stands where its runtime expression says."""

    @pytest.mark.parametrize(
        ("location", "function", "steps"),
        [
            ("$message.header#/correlationId", "HeaderValue", ("correlationId",)),
            ("$message.header#/MQMD/CorrelId", "HeaderValue", ("MQMD", "CorrelId")),
            ("$message.payload#/user/id", "PayloadValue", ("user", "id")),
            ("$message.payload", "PayloadValue", ()),
            ("$message.payload#/a~1b/c~0d%20e/", "PayloadValue", ("a/b", "c~d e", "")),
        ],
    )
    def test_is_read_from_there(self, tmp_path: Path, location: str, function: str, steps: tuple[str, ...]) -> None:
        planned = plan_message(tmp_path, f"correlationId: {{location: '{location}'}}")
        correlation = planned.deserializer.messages[0].correlation
        assert correlation is not None
        assert (correlation.function, correlation.steps, planned.found) == (function, steps, [])

    @pytest.mark.parametrize(
        "location",
        [
            *("in headers", "$message.headers#/id", "$message.header", "$message.header#", "$message.header#id"),
            *("$message.header#/", "$message.payload#/a~2", "message.payload#/a", "$message.payload#{id}", ""),
        ],
    )
    def test_that_is_no_expression_is_said_where_it_stands(self, tmp_path: Path, location: str) -> None:
        planned = plan_message(tmp_path, f"correlationId: {{location: '{location}'}}")
        assert planned.found == ["5:100 invalid-expression"]
        assert planned.text("invalid-expression").startswith(f"{location!r} is no runtime expression")
        assert planned.deserializer.messages[0].correlation is None

    @pytest.mark.parametrize("head", [HEAD2, HEAD3])
    def test_may_come_from_a_trait(self, tmp_path: Path, head: str) -> None:
        message = "{payload: {type: string}, traits: [{correlationId: {location: $message.header#/id}}]}"
        if head == HEAD2:
            text = f"channels: {{orders: {{publish: {{message: {message}}}}}}}"
        else:
            text = (
                f"channels: {{orders: {{address: orders, messages: {{Placed: {message}}}}}}}\n"
                "operations: {handle: {action: receive, channel: {$ref: '#/channels/orders'}}}"
            )
        planned = plan_text(tmp_path, text, head, protocols=["rabbit"])
        correlation = planned.deserializer.messages[0].correlation
        assert correlation is not None
        assert correlation.steps == ("id",)
