"""In what messages are written, and what their Avro schemas mean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from cqrs_gen.contract.model import Content
from cqrs_gen.contract.read import read
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load
from tests.unit.contract.conftest import HEAD3

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cqrs_gen.contract.model import Message
    from tests.unit.contract.conftest import Outcome

    Read = Callable[..., Outcome]

AVRO = "application/vnd.apache.avro;version=1.9.0"


def document(action: str = "receive", **messages: Any) -> str:
    """Write a document whose only channel has these messages."""
    written = {
        "channels": {"things": {"address": "things", "messages": messages}},
        "operations": {"handle": {"action": action, "channel": {"$ref": "#/channels/things"}}},
    }
    return yaml.safe_dump(written, sort_keys=False)


def avro(schema: Any, **more: Any) -> dict[str, Any]:
    return {"payload": {"schemaFormat": AVRO, "schema": schema}, **more}


def record(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": "record", "name": name, "fields": [{"name": key, "type": type_} for key, type_ in fields.items()]}


def reason(message: Message) -> str:
    assert message.undecoded is not None
    return message.undecoded.reason


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({}, Content.JSON),
        ({"contentType": "application/json; charset=utf-8"}, Content.JSON),
        ({"contentType": "application/cloudevents+json"}, Content.JSON),
        ({"contentType": "text/plain"}, Content.TEXT),
        ({"contentType": "TEXT/PLAIN; charset=UTF-8", "payload": {"type": ["string", "null"]}}, Content.TEXT),
        ({"contentType": "text/plain", "payload": {"oneOf": [{"const": "a"}, {"type": "string"}]}}, Content.TEXT),
        ({"contentType": "application/octet-stream"}, Content.BYTES),
        ({"contentType": "application/octet-stream", "payload": {"type": "string", "format": "binary"}}, Content.BYTES),
        (avro("bytes", contentType="application/octet-stream"), Content.BYTES),
        (avro("bytes"), Content.AVRO),
        (avro("string", contentType="avro/binary"), Content.AVRO),
        (avro("string", contentType="application/*+avro"), Content.AVRO),
        (avro("string", contentType="application/octet-stream"), Content.AVRO),
    ],
)
def test_the_content_type_says_it(read_text: Read, message: dict[str, Any], content: Content) -> None:
    found = read_text(document(thing=message))
    assert (found.found, found.message.undecoded, found.message.content) == ([], None, content)


def test_the_content_type_of_the_document_says_nothing_of_an_avro_schema(read_text: Read) -> None:
    text = "defaultContentType: application/json\n" + document(thing=avro("string"))
    assert read_text(text).message.content is Content.AVRO


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"contentType": "application/xml"}, "is 'application/xml', which is not decoded"),
        ({"contentType": "text/plain; charset=latin1"}, "is 'text/plain; charset=latin1', which is not decoded"),
        (
            {"contentType": "text/plain", "payload": {"type": "integer"}},
            "is 'text/plain', and its schema describes no string",
        ),
        (
            {"contentType": "text/plain", "payload": {"enum": ["a", 1]}},
            "is 'text/plain', and its schema describes no string",
        ),
        (
            {"contentType": "application/octet-stream", "payload": {"type": "string", "maxLength": 1}},
            "is 'application/octet-stream', and its schema describes no bytes (type: string, format: binary)",
        ),
        (
            {"contentType": "application/avro"},
            "is 'application/avro' and has no schema of Avro, without which it cannot be decoded",
        ),
        (
            avro("string", contentType="application/json"),
            "is 'application/json', and its schema describes Avro's binary encoding",
        ),
    ],
)
def test_what_cannot_be_decoded_has_its_reason(read_text: Read, message: dict[str, Any], text: str) -> None:
    found = read_text(document(thing=message))
    assert (found.found, reason(found.message)) == ([], text)


class TestAvro:
    """What a schema of Avro means."""

    @pytest.mark.parametrize(
        ("schema", "meaning", "decoded"),
        [
            ("long", {"type": "integer"}, "long"),
            ({"type": "double"}, {"type": "number"}, "double"),
            ({"type": {"type": "string"}}, {"type": "string"}, "string"),
            ("bytes", {"type": "bytes"}, "bytes"),
            (["null", "int"], {"anyOf": [{"type": "integer"}, {"type": "null"}]}, ["null", "int"]),
            (["int"], {"type": "integer"}, ["int"]),
            ({"type": "int", "logicalType": "time-millis"}, {"type": "integer"}, "int"),
            ({"type": "long", "logicalType": "date"}, {"type": "integer"}, "long"),
            ({"type": "bytes", "logicalType": "decimal"}, {"type": "bytes"}, "bytes"),
            ({"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3}, {"type": "bytes"}, "bytes"),
            (
                {"type": "bytes", "logicalType": "decimal", "precision": 2, "doc": "More."},
                {"type": "decimal"},
                {"type": "bytes", "logicalType": "exact-decimal", "precision": 2, "scale": 0},
            ),
        ],
    )
    def test_types(self, read_text: Read, schema: Any, meaning: Any, decoded: Any) -> None:
        message = read_text(document(thing=avro(schema))).message
        assert message.payload is not None
        assert message.avro is not None
        assert (message.payload.value, message.avro.schema) == (meaning, decoded)

    def test_names_are_full_ones(self, read_text: Read) -> None:
        inner = {"type": "enum", "name": "Kind", "symbols": ["A"], "namespace": "other"}
        thing = {**record("com.acme.Thing", kind=inner, again="other.Kind", self=["null", "Thing"]), "namespace": "no"}
        message = read_text(document(thing=avro(thing))).message
        assert message.avro is not None
        assert message.avro.is_recursive
        assert message.avro.schema == {
            "type": "record",
            "name": "com.acme.Thing",
            "fields": [
                {"name": "kind", "type": {"type": "enum", "name": "other.Kind", "symbols": ["A"]}},
                {"name": "again", "type": "other.Kind"},
                {"name": "self", "type": ["null", "com.acme.Thing"]},
            ],
        }

    def test_a_field_may_be_left_out_where_its_default_can_be_written(self, read_text: Read) -> None:
        defaults: list[tuple[Any, Any, bool]] = [
            ("int", 1, True),
            ("int", "1", False),
            ("boolean", False, True),
            ("string", "", True),
            (["null", "int"], None, True),
            ("null", None, True),
            ("int", None, False),
            (["int", "null"], 1, False),
            ({"type": "array", "items": "int"}, [], False),
            ({"type": "string", "logicalType": "uuid"}, "x", False),
        ]
        fields = [{"name": f"f{place}", "type": one[0], "default": one[1]} for place, one in enumerate(defaults)]
        found = read_text(document(thing=avro({"type": "record", "name": "R", "fields": fields})))
        assert found.found == []
        payload = found.message.payload
        assert payload is not None
        required = payload.file.value["$defs"]["R"]["required"]
        assert required == [f"f{place}" for place, (_, _, is_optional) in enumerate(defaults) if not is_optional]

    def test_a_type_that_two_messages_define_alike_is_one(self, read_text: Read) -> None:
        money = record("com.acme.Money", amount="int")
        messages = {"paid": avro(record("Paid", money=money)), "owed": avro(record("Owed", money=money))}
        payload = _payloads(read_text(document(**messages)))["paid"]
        assert payload.file.value["$defs"].keys() == {"com.acme.Money", "Paid", "Owed"}

    def test_types_of_one_name_that_differ_are_two(self, read_text: Read) -> None:
        messages = {"paid": avro(record("Money", amount="int")), "owed": avro(record("Money", amount="long", of="int"))}
        payloads = _payloads(read_text(document(**messages)))
        assert payloads["paid"].value == {"$ref": "#/$defs/Money"}
        assert payloads["owed"].value == {"$ref": "#/$defs/2.Money"}

    def test_references_of_json_schema_are_followed(self, read_text: Read) -> None:
        part = {"type": "record", "name": "Part", "fields": [{"name": "part", "type": ["null", {"$ref": "part.yaml"}]}]}
        found = read_text(document(thing=avro({"$ref": "part.yaml"})), part=json.dumps(part))
        assert found.found == []
        assert found.message.avro is not None
        assert found.message.avro.is_recursive

    @pytest.mark.parametrize(
        ("schema", "text"),
        [
            ({"$ref": "https://example.com/a.avsc"}, "is a URL or an absolute path, which is not read"),
            ({"$ref": "nowhere.avsc"}, "leads to nothing"),
            ({"type": "array", "items": {"$ref": "#/channels/things/messages/thing/payload/schema"}}, "holds itself"),
            ("Other", "its schema does not define the type 'Other'; names in other files are not looked for"),
            ("strng", "its schema does not define the type 'strng'; did you mean 'string'?"),
            ({"type": "array", "items": "null"}, "an array of what takes no bytes"),
            ({"type": "array", "items": record("E", a=record("F"), b="F")}, "an array of what takes no bytes"),
            ({"type": "bytes", "logicalType": "decimal", "precision": 1001}, "a decimal of more than 1000 digits"),
            (
                {"type": "fixed", "name": "F", "size": 8, "logicalType": "decimal", "precision": 10**9},
                "a decimal of more than 1000 digits",
            ),
            ([record("A", x="int"), record("B", x="string")], "two types of this union"),
            ([record("A", x="int"), {"type": "map", "values": "int"}], "two types of this union"),
            (["string", {"type": "enum", "name": "E", "symbols": ["A"]}], "two types of this union"),
        ],
    )
    def test_what_cannot_be_used_is_no_mistake(self, read_text: Read, schema: Any, text: str) -> None:
        found = read_text(document(thing=avro(schema)))
        assert found.found == []
        assert text in reason(found.message)

    @pytest.mark.parametrize(
        "schema",
        [
            [record("A", x="int"), record("B", y="int")],
            [record("A", x="int"), record("B", x="int", y="int")],
            [{"type": "enum", "name": "E", "symbols": ["A"]}, {"type": "enum", "name": "F", "symbols": ["B"]}],
            ["string", {"type": "map", "values": "int"}, "long", "double", "bytes"],
            {"type": "array", "items": record("A", x="int")},
            {"type": "bytes", "logicalType": "decimal", "precision": 1000},
        ],
    )
    def test_what_can_be_told_apart_is_decoded(self, read_text: Read, schema: Any) -> None:
        assert read_text(document(thing=avro(schema))).message.undecoded is None

    @pytest.mark.parametrize("action", ["receive", "send"])
    def test_mistakes_are_told(self, read_text: Read, action: str) -> None:
        wrong = avro({"type": "enum", "name": "E"})
        assert [each.partition(" ")[2] for each in read_text(document(action, thing=wrong)).found] == ["invalid-avro"]

    def test_mistakes_are_not_told_where_nothing_is_generated(self, read_text: Read) -> None:
        wrong = avro({"type": "enum", "name": "E"})
        assert read_text(document(thing=wrong).partition("operations:")[0]).found == []

    def test_a_file_with_a_mistake_is_one(self, read_text: Read) -> None:
        found = read_text(document(thing=avro({"$ref": "part.yaml"})), part="{type: [")
        assert [each.partition(" ")[2] for each in found.found if "syntax" in each] == ["syntax-error"]


def _payloads(found: Outcome) -> dict[str, Any]:
    assert found.contract is not None
    assert found.found == []
    return {message.key: message.payload for message in found.contract.channels[0].messages}


@pytest.mark.parametrize("is_client", [False, True])
def test_what_is_sent_is_read_on_both_sides(tmp_path: Path, *, is_client: bool) -> None:
    (tmp_path / "asyncapi.yaml").write_text(HEAD3 + document("send", thing=avro("string")), encoding="utf-8")
    diagnostics = Diagnostics()
    loaded = load([tmp_path / "asyncapi.yaml"], diagnostics, cwd=tmp_path)
    assert loaded is not None
    contract = read(loaded, diagnostics, is_client=is_client)
    assert contract is not None
    (message,) = contract.operations[0].messages
    assert (message.content, message.avro is not None) == (Content.AVRO, True)


def test_a_reply_that_is_awaited_is_read(read_text: Read) -> None:
    text = """
        channels:
          questions: {address: questions, messages: {question: {payload: {}}}}
          answers:
            address: answers
            messages: {answer: {payload: {schemaFormat: application/vnd.apache.avro, schema: string}}}
        operations:
          ask:
            action: send
            channel: {$ref: '#/channels/questions'}
            reply: {channel: {$ref: '#/channels/answers'}}
    """
    found = read_text(text)
    reply = found.operations["ask"].reply
    assert reply is not None
    assert [message.avro is not None for message in reply.messages] == [True]
