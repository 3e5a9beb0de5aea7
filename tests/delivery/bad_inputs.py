"""A table of what nobody can handle, and what its dead letter says about it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

from tests.live.readings import FRAME, SENSOR, reading

_USER: Final = {"user_id": "u-bad", "email": "bad@example.com", "name": "Bad"}
_JSON: Final = json.dumps(_USER).encode()
_ENVELOPE: Final = {"event_id": "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77", "event_name": "UserCreated", "payload": _USER}


@dataclass(frozen=True)
class BadInput:
    """One message, and the type of its error."""

    name: str
    body: bytes
    error_type: str = "NotJson"
    content_type: str | None = None
    headers: Mapping[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])
    """Of which the contract says that `tenant` is an integer."""


def _with(member: bytes) -> bytes:
    return _JSON[:-1] + b", " + member + b"}"


BAD_INPUTS: Final = (
    BadInput("malformed", b'{"user_id": "u-bad", "email": "bad@exam'),
    BadInput("two documents", _JSON + _JSON),
    BadInput("text", b"a user was created"),
    BadInput("empty", b""),
    BadInput("white space", b" \n"),
    BadInput("bad UTF-8", _JSON.replace(b"Bad", b"B\xffd")),
    BadInput("byte order mark", b"\xef\xbb\xbf" + _JSON),
    BadInput("UTF-16", json.dumps(_USER).encode("utf-16")),
    BadInput("lone surrogate", _JSON.replace(b'"Bad"', rb'"\ud800"')),
    BadInput("900 kB, cut off", _JSON[:-2] + b"d" * 900_000),
    BadInput(
        "900 kB, not valid",
        _with(b'"user_id": 5, "more": "' + b"d" * 900_000 + b'"').replace(b'"user_id": "u-bad", ', b""),
        "InvalidPayload",
    ),
    BadInput("100,000 arrays deep", _with(b'"deep": ' + b"[" * 100_000 + b"]" * 100_000)),
    BadInput("100,000 objects deep", b'{"":' * 100_000 + b"1" + b"}" * 100_000),
    BadInput("100,000 arrays opened", b"[" * 100_000),
    BadInput("NaN", _with(b'"age": NaN')),
    BadInput("Infinity", _with(b'"age": Infinity')),
    BadInput("-Infinity", _with(b'"age": -Infinity')),
    BadInput("1e400", _with(b'"age": 1e400')),
    BadInput("integer of 5,000 digits", _with(b'"age": ' + b"9" * 5_000)),
    BadInput("member twice", _with(b'"name": "Other"')),
    BadInput("member twice, once escaped", _with(rb'"n\u0061me": "Other"')),
    BadInput("null", b"null", "InvalidPayload"),
    BadInput("array", b"[" + _JSON + b"]", "InvalidPayload"),
    BadInput("string", json.dumps(json.dumps(_USER)).encode(), "InvalidPayload"),
    BadInput("member missing", b'{"user_id": "u-bad", "name": "Bad"}', "InvalidPayload"),
    BadInput("member of another type", _JSON.replace(b'"Bad"', b"7"), "InvalidPayload"),
    BadInput("member too short", _JSON.replace(b"u-bad", b""), "InvalidPayload"),
    BadInput(
        "envelope, payload not valid", json.dumps({**_ENVELOPE, "payload": {"user_id": 5}}).encode(), "InvalidPayload"
    ),
    BadInput("envelope, payload null", json.dumps({**_ENVELOPE, "payload": None}).encode(), "InvalidPayload"),
    BadInput("envelope, id not valid", json.dumps({**_ENVELOPE, "event_id": "u-bad"}).encode(), "InvalidPayload"),
    BadInput(
        "envelope, name unknown", json.dumps({**_ENVELOPE, "event_name": "UserVanished"}).encode(), "UnknownMessage"
    ),
    BadInput("XML", b"<user/>", "UnsupportedContent", "application/xml"),
    BadInput("JSON that calls itself Avro", _JSON, "UnsupportedContent", "avro/binary"),
    BadInput("header not valid", _JSON, "InvalidHeaders", headers={"tenant": b"bad"}),
    BadInput("header null", _JSON, "InvalidHeaders", headers={"tenant": None}),
    BadInput("header no UTF-8", _JSON, "InvalidHeaders", headers={"tenant": b"\xff"}),
)
"""Each comes between two good messages."""

_READING: Final = reading("bad")

BAD_READINGS: Final = (
    BadInput("empty", b"", "NotFramed"),
    BadInput("no frame", _READING[len(FRAME) :], "NotFramed"),
    BadInput("another first byte", b"\x01" + _READING[1:], "NotFramed"),
    BadInput("JSON", b'{"note": "bad"}', "NotFramed"),
    BadInput("frame alone", FRAME, "NotAvro"),
    BadInput("framed twice", FRAME + _READING, "NotAvro"),
    BadInput("cut off", _READING[:-2], "NotAvro"),
    BadInput("bytes left over", _READING + b"\x00", "NotAvro"),
    BadInput("bad UTF-8", _READING.replace(b"bad", b"b\xffd"), "NotAvro"),
    BadInput("no UUID", _READING.replace(str(SENSOR).encode(), b"bad".ljust(36)), "NotAvro"),
    BadInput(
        "900 kB of decimal", FRAME + b"\x48" + str(SENSOR).encode() + b"\xc0\xee\x6d" + b"\x7f" * 900_000, "NotAvro"
    ),
    BadInput("another content", _READING, "UnsupportedContent", "application/json"),
)
"""The same for the Avro of readings.yaml."""
