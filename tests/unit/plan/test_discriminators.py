"""What tells the messages of a channel apart, found in their schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.planning import plan_text

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.plan.deserializer_views import DiscriminatorView, MessageView

_CHANNEL = """
channels:
  things:
    address: things
    bindings: {{kafka: {{}}}}
    messages:
      {first}
      {second}
operations:
  receiveThings: {{action: receive, channel: {{$ref: '#/channels/things'}}}}
components:
  schemas:
    Kind: {{type: string, const: third}}
    Base: {{type: object, required: [id], properties: {{id: {{type: string}}, kind: {{type: string}}}}}}
    Cat: {{type: object, discriminator: pet, required: [pet], properties: {{pet: {{type: string}}}}}}
    Dog: {{type: object, discriminator: pet, required: [pet], properties: {{pet: {{type: string}}}}}}
"""
_AVRO = "payload: {{schemaFormat: application/vnd.apache.avro, schema: {}}}"

_LINE_OF_SECOND = 9


def messages(folder: Path, first: str, second: str) -> tuple[list[MessageView], list[str]]:
    """Plan a channel with two messages, of which only what is in the braces of each is given."""
    text = _CHANNEL.format(first=f"first: {{{first}}}", second=f"second: {{{second}}}")
    planned = plan_text(folder, text)
    found = [each for each in planned.found if "unsupported" not in each]
    return list(planned.deserializer.messages), found


def rules(found: list[DiscriminatorView | None]) -> list[tuple[str, tuple[str, ...]] | None]:
    return [None if one is None else (one.name, one.values) for one in found]


def of_type(kind: str) -> str:
    return f"payload: {{type: object, required: [kind], properties: {{kind: {{{kind}}}}}}}"


class TestHeaders:
    """They come first."""

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("type: string, const: a", "type: string, const: b"),
            ("enum: [a]", "const: b"),
            ("type: string, enum: [a], examples: [a]", "type: string, enum: [b]"),
        ],
    )
    def test_with_one_value_tell_apart(self, tmp_path: Path, first: str, second: str) -> None:
        views, found = messages(
            tmp_path,
            f"headers: {{type: object, properties: {{other: {{}}, kind: {{{first}}}}}}}, payload: {{type: object}}",
            f"headers: {{type: object, properties: {{kind: {{{second}}}}}}}, payload: {{type: object}}",
        )
        assert rules([view.header for view in views]) == [("kind", ("a",)), ("kind", ("b",))]
        assert rules([view.member for view in views]) == [None, None]
        assert found == []

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("const: a", "const: a"),
            ("const: a", "type: string"),
            ("const: a", "enum: [b, c]"),
            ("const: 1", "const: 2"),  # headers are text
        ],
    )
    def test_with_anything_else_do_not(self, tmp_path: Path, first: str, second: str) -> None:
        views, found = messages(
            tmp_path,
            f"headers: {{properties: {{kind: {{{first}}}}}}}, payload: {{type: object}}",
            f"headers: {{properties: {{kind: {{{second}}}}}}}, payload: {{type: object}}",
        )
        assert rules([view.header for view in views]) == [None, None]
        assert found == [f"{_LINE_OF_SECOND}:15 indistinguishable-messages"]

    def test_come_before_members(self, tmp_path: Path) -> None:
        views, _ = messages(
            tmp_path,
            f"headers: {{properties: {{h: {{const: a}}}}}}, {of_type('const: a')}",
            f"headers: {{properties: {{h: {{const: b}}}}}}, {of_type('const: b')}",
        )
        assert [view.header is not None for view in views] == [True, True]
        assert [view.member for view in views] == [None, None]


class TestMembers:
    """Members of the payload come second."""

    def test_with_one_value_tell_apart(self, tmp_path: Path) -> None:
        views, found = messages(tmp_path, of_type("const: a"), of_type("enum: [b]"))
        assert rules([view.member for view in views]) == [("kind", ("a",)), ("kind", ("b",))]
        assert found == []

    def test_are_found_behind_references_and_in_all_of(self, tmp_path: Path) -> None:
        views, found = messages(
            tmp_path,
            of_type("$ref: '#/components/schemas/Kind'"),
            "payload: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {kind: {const: b}}}]}",
        )
        assert rules([view.member for view in views]) == [("kind", ("third",)), ("kind", ("b",))]
        assert found == []

    def test_may_be_the_discriminator(self, tmp_path: Path) -> None:
        views, found = messages(
            tmp_path,
            "payload: {$ref: '#/components/schemas/Cat'}",
            "payload: {$ref: '#/components/schemas/Dog'}",
        )
        assert rules([view.member for view in views]) == [("pet", ("Cat",)), ("pet", ("Dog",))]
        assert found == []


class TestValidity:
    """What is left when neither tells all apart; a warning where a body may well be valid as two."""

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("payload: {type: string}", "payload: {type: integer}"),
            ("payload: {type: [string, 'null']}", "payload: {type: object}"),
            ("payload: {properties: {}}", "payload: {type: array}"),
            ("payload: {required: [a], properties: {a: {}}}", "payload: {required: [b], properties: {b: {}}}"),
        ],
    )
    def test_tells_apart_what_cannot_be_both(self, tmp_path: Path, first: str, second: str) -> None:
        views, found = messages(tmp_path, first, second)
        assert rules([view.header for view in views]) == rules([view.member for view in views]) == [None, None]
        assert found == []

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("payload: {type: integer}", "payload: {type: number}"),
            ("payload: {type: object}", "payload: {type: object, required: [a]}"),
            ("payload: {required: [a], properties: {a: {}}}", "payload: {required: [b], properties: {a: {}, b: {}}}"),
            ("payload: {type: [string, integer]}", "payload: {type: [integer, 'null']}"),
            ("payload: {}", "payload: {type: string}"),
            ("summary: no payload", "payload: {type: string}"),
        ],
    )
    def test_is_warned_about_where_it_may_not(self, tmp_path: Path, first: str, second: str) -> None:
        _, found = messages(tmp_path, first, second)
        assert f"{_LINE_OF_SECOND}:15 indistinguishable-messages" in found

    def test_is_asked_of_each_pair(self, tmp_path: Path) -> None:
        text = _CHANNEL.format(
            first="first: {payload: {type: string}}\n      third: {payload: {type: object}}",
            second="second: {payload: {type: object, required: [a]}}",
        )
        planned = plan_text(tmp_path, text)
        assert planned.text("indistinguishable-messages").startswith(
            "message 'second' can look like message 'third' of the same channel 'things'"
        )


_STARTED = "headers: {type: object, properties: {event: {const: started}}}, payload: {type: object}"
_ENDED = "headers: {type: object, properties: {event: {const: ended}}}, payload: {type: object}"


@pytest.mark.parametrize(
    "third",
    [
        "payload: {type: array}",
        "contentType: text/xml, payload: {}",
        "headers: {type: object}, payload: {type: string}",
    ],
)
def test_a_message_without_the_header_does_not_keep_the_others_from_being_told_apart(
    tmp_path: Path, third: str
) -> None:
    text = _CHANNEL.format(first=f"first: {{{_STARTED}}}\n      second: {{{_ENDED}}}", second=f"third: {{{third}}}")
    planned = plan_text(tmp_path, text)
    told = [view.header for view in planned.deserializer.messages]
    assert rules(told) == [("event", ("started",)), ("event", ("ended",)), None]
    assert [each for each in planned.found if "indistinguishable" in each] == []


def test_a_message_without_the_member_can_look_like_the_others(tmp_path: Path) -> None:
    first, second = of_type("const: a"), of_type("const: b")
    text = _CHANNEL.format(first=f"first: {{{first}}}\n      second: {{{second}}}", second="third: {payload: {}}")
    planned = plan_text(tmp_path, text)
    told = [view.member for view in planned.deserializer.messages]
    assert rules(told) == [("kind", ("a",)), ("kind", ("b",)), None]
    found = [each.message for each in planned.findings if each.rule.id == "indistinguishable-messages"]
    assert [text.partition(" of the")[0] for text in found] == [
        "message 'third' can look like message 'first'",
        "message 'third' can look like message 'second'",
    ]


def test_one_message_is_told_from_nothing(tmp_path: Path) -> None:
    text = _CHANNEL.format(first=f"first: {{{of_type('const: a')}}}", second="")
    (view,) = plan_text(tmp_path, text).deserializer.messages
    assert (view.header, view.member) == (None, None)


def test_a_message_that_cannot_be_decoded_needs_no_rule(tmp_path: Path) -> None:
    views, found = messages(tmp_path, "payload: {type: object}", "contentType: text/xml, payload: {type: object}")
    assert [(view.body is None, view.content_type) for view in views] == [(False, None), (True, "text/xml")]
    assert found == []


def test_a_message_that_is_left_out_is_known_all_the_same(tmp_path: Path) -> None:
    text = _CHANNEL.format(first=f"first: {{{of_type('const: a')}}}", second=f"second: {{{of_type('const: b')}}}")
    text = text.replace(
        "channel: {$ref: '#/channels/things'}",
        "channel: {$ref: '#/channels/things'}, messages: [{$ref: '#/channels/things/messages/second'}]",
    )
    deserializer = plan_text(tmp_path, text).deserializer
    assert [(view.event_name, view.event) for view in deserializer.messages] == [("second", "Second"), ("first", None)]
    assert rules([view.member for view in deserializer.messages]) == [("kind", ("b",)), ("kind", ("a",))]
    assert (deserializer.events, deserializer.has_left_out) == (("Second",), True)


@pytest.mark.parametrize(
    ("properties", "declares"),
    [
        ("event_name: {}, payload: {}", True),
        ("eventName: {}, payload: {}", True),
        ("event_name: {}", True),
        ("payload: {}", True),
        ("event_id: {}, topic: {}", False),
    ],
)
def test_a_payload_that_declares_an_envelope_has_none_around_it(
    tmp_path: Path, properties: str, *, declares: bool
) -> None:
    text = _CHANNEL.format(first=f"first: {{payload: {{type: object, properties: {{{properties}}}}}}}", second="")
    (view,) = plan_text(tmp_path, text).deserializer.messages
    assert view.declares_envelope is declares


class TestContents:
    """Messages that are not both JSON."""

    @pytest.mark.parametrize(
        ("first", "second", "is_told"),
        [
            ("contentType: text/plain", "payload: {type: object}", True),
            ("contentType: application/octet-stream", "contentType: text/plain", True),
            ("contentType: application/octet-stream", "contentType: application/octet-stream", True),
            ("contentType: text/plain, payload: {type: string, const: a}", "contentType: text/plain", True),
            (_AVRO.format("int"), "payload: {type: object}", False),
            (_AVRO.format("int"), _AVRO.format("string"), True),
        ],
    )
    def test_are_told_to_look_alike(self, tmp_path: Path, first: str, second: str, *, is_told: bool) -> None:
        _, found = messages(tmp_path, first, second)
        assert (f"{_LINE_OF_SECOND}:15 indistinguishable-messages" in found) == is_told

    def test_are_recognised_by_a_header(self, tmp_path: Path) -> None:
        headers = "headers: {{properties: {{kind: {{const: {}}}}}}}"
        first, second = f"contentType: text/plain, {headers.format('a')}", headers.format("b")
        found, _ = messages(tmp_path, first, second)
        assert [one.header.values for one in found if one.header] == [("a",), ("b",)]
