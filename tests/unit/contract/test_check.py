"""Mistakes are found everywhere in a document, at the token that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.contract.conftest import HEAD2, HEAD3

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.contract.conftest import Outcome

CASES = {
    "unknown field": (HEAD3, "components: {messages: {A: {paylod: {}}}}", ["3:29 unknown-field"]),
    "extensions are known": (HEAD3, "x-a: 1\ncomponents: {messages: {A: {x-b: 2}}, x-c: []}", []),
    "reference where none may be": (HEAD3, "components: {$ref: other.yaml}", ["3:14 unknown-field"]),
    "field of another version": (HEAD3, "channels:\n  a:\n    publish: {}", ["5:5 unknown-field"]),
    "missing field": (
        HEAD3,
        "channels: {a: {}}\noperations:\n  b:\n    channel: {$ref: '#/channels/a'}",
        ["5:3 missing-field"],
    ),
    "missing fields of the document": ("asyncapi: 2.6.0\n", "", ["1:1 missing-field", "1:1 missing-field"]),
    "missing field of info": ("asyncapi: 3.0.0\ninfo: {title: T}\n", "", ["2:1 missing-field"]),
    "not a string": (HEAD3, "defaultContentType: 1", ["3:21 wrong-type"]),
    "null": (HEAD3, "defaultContentType: null", ["3:21 wrong-type"]),
    "a list": (HEAD3, "channels: []", ["3:11 wrong-type"]),
    "not an object": (HEAD3, "channels:\n  a: no", ["4:6 wrong-type"]),
    "not a list": (HEAD3, "components: {messages: {A: {traits: {}}}}", ["3:37 wrong-type"]),
    "not one of the values": (
        HEAD3,
        "channels: {a: {}}\noperations: {b: {action: recieve, channel: {$ref: '#/channels/a'}}}",
        ["4:26 wrong-type"],
    ),
    "object where a reference must be": (
        HEAD3,
        "operations: {b: {action: send, channel: {address: a}}}",
        ["3:41 wrong-type"],
    ),
    "payload is no schema": (HEAD3, "components: {messages: {A: {payload: text}}}", ["3:38 wrong-type"]),
    "bindings": (
        HEAD3,
        "components: {messages: {A: {bindings: true}, B: {bindings: {amqp: 1, x-own: 1, kafka: {any: thing}}}}}",
        ["3:39 wrong-type", "3:67 wrong-type"],
    ),
    "multi format schema": (
        HEAD3,
        "components: {schemas: {A: {schemaFormat: 1, schema: 'any'}, B: {schema: {}, unknown: 1}}}",
        ["3:42 wrong-type", "3:77 unknown-field"],
    ),
    "reference to nothing, in components": (
        HEAD3,
        "components: {messages: {A: {$ref: '#/components/messages/B'}}}",
        ["3:35 unresolved-ref"],
    ),
    "reference to another kind": (
        HEAD3,
        "channels: {a: {}}\ncomponents:\n  messages:\n    A: {$ref: '#/channels/a'}",
        ["6:15 wrong-reference"],
    ),
    "reference to itself": (
        HEAD3,
        "components: {messageTraits: {A: {$ref: '#/components/messageTraits/A'}}}",
        ["3:40 ref-cycle"],
    ),
    "one of several messages (2.6)": (
        HEAD2,
        "channels: {a: {publish: {message: {oneOf: [{paylod: 1}, {name: 1}]}}}}",
        ["3:45 unknown-field", "3:64 wrong-type"],
    ),
    "any payload (2.6)": (HEAD2, "channels: {a: {subscribe: {message: {payload: text}}}}", []),
}


@pytest.mark.parametrize("case", CASES)
def test_mistakes_and_their_places(case: str, read_text: Callable[..., Outcome]) -> None:
    head, text, expected = CASES[case]
    assert read_text(text, head).found == expected


def test_all_mistakes_of_a_document_are_found(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        channels:
          good: {address: good, messages: {A: {payload: {type: string}}}}
          bad: 1
        operations:
          good: {action: receive, channel: {$ref: '#/channels/good'}}
          bad: {action: receive, channel: {$ref: '#/channels/worse'}, reply: true}
        """)
    assert outcome.found == ["5:8 wrong-type", "8:42 unresolved-ref", "8:70 wrong-type"]
    assert list(outcome.operations) == ["good"]


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (
            HEAD3,
            """
            servers: {s: {$ref: '#/no'}}
            channels:
              a: {$ref: '#/no'}
              b: {servers: [{$ref: '#/no'}], messages: {m: {$ref: '#/no'}}, bindings: {$ref: '#/no'}}
            operations:
              c: {$ref: '#/no'}
              d: {action: send, channel: {$ref: '#/channels/b'}, messages: [{$ref: '#/no'}]}
            """,
        ),
        (
            HEAD2,
            """
            servers: {s: {$ref: '#/no'}}
            channels:
              a: {$ref: '#/no'}
              b: {publish: {message: {$ref: '#/no'}}, bindings: {amqp: {$ref: '#/no'}}}
              c: {publish: {message: {oneOf: [{$ref: '#/no'}, {payload: {}}]}}}
              d: {publish: {message: {payload: {}, correlationId: {$ref: '#/no'}}}}
            """,
        ),
    ],
)
def test_what_leads_nowhere_is_left_out(head: str, text: str, read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(text, head)
    assert {found.split()[1] for found in outcome.found} == {"unresolved-ref"}
    assert len(outcome.found) == text.count("#/no")
    assert outcome.contract is not None
    assert outcome.contract.servers == ()
    assert [channel.key for channel in outcome.contract.channels] == list("b" if head == HEAD3 else "bcd")
    assert all(channel.bindings == {} for channel in outcome.contract.channels)


def test_messages_name_the_thing_and_hints_say_what_to_do(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        components:
          messages:
            OrderPlaced:
              paylod: {}
              traits: [1]
          operations: {a: {action: send, channel: 1}}
        """)
    assert list(zip(outcome.messages, outcome.hints, strict=True)) == [
        ("message 'OrderPlaced' has no field 'paylod'", "did you mean 'payload'?"),
        ("element 1 of 'traits' must be an object, not a number", None),
        (
            "'channel' must be a reference, not a number",
            "write the object elsewhere and refer to it here with `$ref`",
        ),
    ]


def test_an_object_in_another_file_is_checked_once_as_what_refers_to_it(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(
        """
        channels:
          a: {messages: {A: {$ref: 'messages.yaml#/A'}}}
          b: {messages: {A: {$ref: 'messages.yaml#/A'}}}
        """,
        messages="A:\n  nam: A\n",
    )
    assert outcome.found == ["messages.yaml:2:3 unknown-field"]
