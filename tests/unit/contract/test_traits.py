"""Traits: never over their target in 3.x, always over it in 2.x; what is merged keeps its places."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from tests.unit.contract.conftest import HEAD2, HEAD3

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.contract.conftest import Outcome


CASES = {
    "only the target has it": (["name: target"], "target", "target"),
    "only a trait has it": (["title: other", "name: trait"], "trait", "trait"),
    "both have it": (["name: target", "name: trait"], "target", "trait"),
    "two traits have it": (["title: other", "name: first", "name: second"], "second", "second"),
    "all have it": (["name: target", "name: first", "name: second"], "target", "second"),
}


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("case", CASES)
def test_which_value_wins(case: str, version: int, read_text: Callable[..., Outcome]) -> None:
    (target, *traits), in_3, in_2 = CASES[case]
    outcome = _read(read_text, version, f"{{{target}, traits: [{', '.join(f'{{{each}}}' for each in traits)}]}}")
    assert outcome.found == []
    assert outcome.message.name == (in_3 if version == 3 else in_2)


@pytest.mark.parametrize("version", [2, 3])
def test_objects_are_merged_member_by_member(version: int, read_text: Callable[..., Outcome]) -> None:
    outcome = _read(
        read_text,
        version,
        """
        bindings: {kafka: {key: {type: string}, bindingVersion: target}}
        headers: {type: object, properties: {a: {type: string}}, required: [a]}
        traits:
          - bindings: {kafka: {bindingVersion: trait, schemaIdLocation: payload}, amqp: {contentEncoding: gzip}}
            headers: {properties: {b: {type: integer}}, required: [b]}
        """,
    )
    assert outcome.found == []
    strong, strong_key = ("target", "a") if version == 3 else ("trait", "b")
    bindings, headers = outcome.message.bindings, outcome.message.headers
    assert {protocol: node.value for protocol, node in bindings.items()} == {
        "kafka": {"key": {"type": "string"}, "bindingVersion": strong, "schemaIdLocation": "payload"},
        "amqp": {"contentEncoding": "gzip"},
    }
    assert headers is not None
    assert headers.value == {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
        "required": [strong_key],
    }


@pytest.mark.parametrize("version", [2, 3])
def test_what_is_merged_keeps_its_places(version: int, read_text: Callable[..., Outcome]) -> None:
    outcome = _read(
        read_text,
        version,
        """
        bindings: {kafka: {key: {type: string}}}
        traits: [{$ref: 'traits.yaml#/common'}]
        """,
        traits="common:\n  bindings:\n    kafka: {schemaIdLocation: payload}\n",
    )
    kafka = outcome.message.bindings["kafka"]
    places = {key: str(node.location) for key, node in kafka.members()}
    assert places["schemaIdLocation"] == "traits.yaml:3:31"
    assert places["key"].startswith("asyncapi.yaml:")
    assert kafka.location.file == "asyncapi.yaml"
    assert kafka.get("other") is None


@pytest.mark.parametrize(("version", "expected"), [(2, "trait"), (3, "target")])
def test_references_to_fields_are_followed_before_merging(
    version: int, expected: str, read_text: Callable[..., Outcome]
) -> None:
    outcome = _read(
        read_text,
        version,
        "{bindings: {$ref: 'parts.yaml#/target'}, traits: [{bindings: {$ref: 'parts.yaml#/trait'}}]}",
        parts="""
            target: {kafka: {key: {const: target}}}
            trait: {kafka: {key: {const: trait}}, amqp: {}}
            """,
    )
    assert outcome.found == []
    assert outcome.message.bindings["kafka"].value == {"key": {"const": expected}}
    assert "amqp" in outcome.message.bindings


@pytest.mark.parametrize(("version", "expected"), [(2, {"$ref": "#/trait"}), (3, {"type": "string"})])
def test_references_further_inside_are_taken_whole(
    version: int, expected: object, read_text: Callable[..., Outcome]
) -> None:
    outcome = _read(
        read_text,
        version,
        """
        headers: {properties: {a: {type: string}}}
        traits: [{headers: {properties: {a: {$ref: '#/trait'}}}}]
        """,
    )
    assert outcome.message.headers is not None
    assert outcome.message.headers.value == {"properties": {"a": expected}}


def test_null_in_a_trait_removes(read_text: Callable[..., Outcome]) -> None:
    outcome = _read(
        read_text, 2, "{headers: {type: object, title: T}, traits: [{headers: {title: null, default: null}}]}"
    )
    assert outcome.message.headers is not None
    assert outcome.message.headers.value == {"type": "object", "default": None}


def test_traits_of_operations(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        channels: {a: {}}
        operations:
          take:
            action: receive
            channel: {$ref: '#/channels/a'}
            bindings: {kafka: {groupId: own}}
            traits: [{$ref: '#/components/operationTraits/kafka'}]
        components:
          operationTraits:
            kafka: {summary: From the trait., bindings: {kafka: {groupId: theirs, clientId: c}}}
        """)
    operation = outcome.operations["take"]
    assert outcome.found == []
    assert operation.summary == "From the trait."
    assert operation.bindings["kafka"].value == {"groupId": "own", "clientId": "c"}
    assert operation.node.pointer == "/operations/take"


def test_a_trait_that_leads_nowhere_is_left_out(read_text: Callable[..., Outcome]) -> None:
    outcome = _read(read_text, 3, "{name: target, traits: [{$ref: '#/nowhere'}, no, {title: T}]}")
    assert [found.split()[1] for found in outcome.found] == ["unresolved-ref", "wrong-type"]
    assert (outcome.message.name, outcome.message.title) == ("target", "T")


def _read(read_text: Callable[..., Outcome], version: int, message: str, **files: str) -> Outcome:
    """Read a document of AsyncAPI 3 or 2.6 that has this message."""
    owner = "messages:\n      message:" if version == 3 else "publish:\n      message:"
    text = f"channels:\n  a:\n    {owner}\n" + indent(dedent(message), " " * 8)
    return read_text(text, HEAD3 if version == 3 else HEAD2, **files)
