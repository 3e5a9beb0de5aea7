"""Which documents are read at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.contract.conftest import Outcome


@pytest.mark.parametrize(
    ("text", "found", "message"),
    [
        (
            "openapi: 3.1.0",
            "1:1 not-asyncapi",
            "the document has no 'asyncapi', which says its version of AsyncAPI",
        ),
        ("asyncapi: 4.0.0", "1:11 unsupported-version", "'4.0.0' is not a version of AsyncAPI that is read"),
        ("asyncapi: 3.0", "1:11 unsupported-version", "3.0 is not a version of AsyncAPI that is read"),
        ("asyncapi: welcome", "1:11 unsupported-version", "'welcome' is not a version of AsyncAPI that is read"),
    ],
)
def test_other_documents(text: str, found: str, message: str, read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(text, "")
    assert outcome.contract is None
    assert (outcome.found, outcome.messages) == ([found], [message])


@pytest.mark.parametrize("version", ["2.6.0", "3.0.0", "3.1.0", "3.0.0-rc1"])
def test_versions_that_are_read(version: str, read_text: Callable[..., Outcome]) -> None:
    outcome = read_text(f"asyncapi: {version}\ninfo: {{title: Orders, version: '1'}}\nchannels: {{}}", "")
    assert outcome.found == []
    assert outcome.contract is not None
    assert outcome.contract.spec_version == version
    assert outcome.contract.info.title == "Orders"


def test_schemas_are_checked_where_something_is_generated_from_them(read_text: Callable[..., Outcome]) -> None:
    outcome = read_text("""
        channels:
          in:
            messages:
              Plain: {payload: {type: intger}, headers: {type: objct}}
              Avro: {payload: {schemaFormat: application/vnd.apache.avro, schema: {$ref: 'https://example.com/a'}}}
          out: {messages: {Sent: {payload: {type: intger}}}}
        operations:
          receive: {action: receive, channel: {$ref: '#/channels/in'}}
          send: {action: send, channel: {$ref: '#/channels/out'}}
        """)
    assert outcome.found == ["6:31 unknown-type", "6:56 unknown-type"]
