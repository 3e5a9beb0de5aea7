"""Payloads that are no JSON, from the body on the wire to the handler."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import fastavro
import pytest

from tests.publications import SCHEMA_ID, check_publishers

if TYPE_CHECKING:
    from tests.generated import Generate, Package, Traffic

GOLDEN: Final = Path(__file__).parents[1] / "golden"
_IDS: Final = {
    "publishers": ("REGISTERED_SCHEMA_ID", "DESCRIBED_SCHEMA_ID"),
    "avro": ("PLACED_SCHEMA_ID",),
    "contents": ("REGISTERED_SCHEMA_ID", "RENAMED_SCHEMA_ID"),
}
FRAME: Final = b"\x00\x00\x00\x00\x2a"
ORDER: Final = {
    "id": "0b2f3c1e-5f5e-4d1b-9c3a-1d2e3f405162",
    "status": "None",
    "previous": "NEW",
    "total": {"amount": Decimal("12.50"), "currency": b"EUR"},
    "placedAt": datetime(2026, 3, 1, 10, 5, tzinfo=timezone.utc),
    "dueOn": date(2026, 4, 1),
    "opensAt": 28_800_000,
    "weight": 1.5,
    "lines": [{"sku": "a", "quantity": 2}],
    "labels": {"a": None, "b": "text", "c": 7},
    "payment": {"recipient": "Ada"},
    "replaces": None,
}


@pytest.fixture(scope="module", params=["kafka", "rabbit"])
def protocol(request: pytest.FixtureRequest) -> str:
    """Do the same on both: what differs is said in the test."""
    chosen: str = request.param
    return chosen


@pytest.fixture(scope="module")
def contents(generate: Generate, protocol: str) -> Package:
    return generate(GOLDEN / "contents" / "asyncapi.yaml", protocols=(protocol,))


@pytest.fixture(scope="module")
def avro(generate: Generate) -> Package:
    return generate(GOLDEN / "avro" / "asyncapi.yaml")


async def become(package: Package, address: str, body: bytes, content_type: str | None = None) -> list[Any]:
    """Send a body; gives the payloads that handlers got and the kinds of errors in dead letters."""
    async with package.traffic() as traffic:
        await publish(traffic, address, body, content_type)
    for dead in traffic.dead:
        assert dead.body == body
    return [*(event.payload for event, _ in package.handled), *(dead.headers["x-error-type"] for dead in traffic.dead)]


async def publish(traffic: Traffic, address: str, body: bytes, content_type: str | None) -> None:
    if traffic.rabbit:
        await traffic.rabbit.publish(body, address, content_type=content_type)
    else:
        await traffic.kafka.publish(body, address, headers={"content-type": content_type} if content_type else {})


def written(schema: Any, value: Any) -> bytes:
    stream = BytesIO()
    fastavro.schemaless_writer(stream, schema, value)
    return stream.getvalue()


def order() -> bytes:
    """Write an order with the very schema of the contract."""
    schema = json.loads((GOLDEN / "avro" / "schemas" / "order.avsc").read_text(encoding="utf-8"))
    return written(schema, ORDER | {"payment": ("com.example.orders.Invoice", ORDER["payment"])})


@pytest.mark.parametrize(
    ("address", "body", "content_type", "expected"),
    [
        ("notes", "grüße\n".encode(), None, "grüße\n"),
        ("notes", b"hi", "text/plain; charset=utf-8", "hi"),
        ("notes", b'{"event_name": "note", "payload": "hi"}', None, '{"event_name": "note", "payload": "hi"}'),
        ("notes", b"", None, "InvalidPayload"),
        ("notes", b"\xff", None, "NotText"),
        ("notes", b'"hi"', "application/json", "UnsupportedContent"),
        ("moods", b"good", None, "good"),
        ("moods", b"middling", None, "InvalidPayload"),
        ("lines", b"", None, ""),
        ("mixed", b"\x00\xff", "application/octet-stream", b"\x00\xff"),
        ("mixed", b"\x00\xff", None, b"\x00\xff"),
        ("mixed", b"hi", None, b"hi"),
        ("mixed", b'{"count": 1}', None, "AmbiguousMessage"),
        ("mixed", b"a,b", "text/csv", "UnsupportedContent"),
    ],
)
async def test_texts_and_bytes(
    contents: Package, address: str, body: bytes, content_type: str | None, expected: Any
) -> None:
    assert await become(contents, address, body, content_type) == [expected]


async def test_the_content_type_tells_messages_apart(contents: Package) -> None:
    uuid = b"0b2f3c1e-5f5e-4d1b-9c3a-1d2e3f405162"
    assert await become(contents, "mixed", uuid, "text/plain") == [UUID(uuid.decode())]
    assert await become(contents, "mixed", uuid, "application/octet-stream") == [uuid]
    await become(contents, "mixed", b'{"count": 1}', "application/json")
    assert contents.names == ["Counted"]


async def test_an_order_in_avro_is_what_its_model_has(avro: Package) -> None:
    [payload] = await become(avro, "orders", FRAME + order(), "avro/binary")
    assert type(payload).__name__ == "Order"
    assert payload.model_dump(by_alias=True) == ORDER | {"id": UUID(str(ORDER["id"]))}
    assert payload.status.name == "NONE"
    assert type(payload.payment).__name__ == "Invoice"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (order(), "NotFramed"),
        (b"\x01" + FRAME[1:] + order(), "NotFramed"),
        (FRAME + order()[:-1], "NotAvro"),
        (FRAME + order() + b"\x00", "NotAvro"),
        (FRAME + FRAME + order(), "NotAvro"),
        (b"{}", "NotFramed"),
        (b"", "NotFramed"),
    ],
    ids=["bare", "another byte", "cut", "longer", "framed twice", "JSON", "empty"],
)
async def test_what_is_no_order_is_bad_input(avro: Package, body: bytes, kind: str) -> None:
    assert await become(avro, "orders", body) == [kind]


async def test_odd_names_are_those_of_the_schema(avro: Package) -> None:
    schema = avro.module("contract.avro").ODD
    value = {"class": "c", "None": 1, "model_config": None, "__init__": False, "bytes": b"\xff", "str": "s"}
    value |= {"Any": "B", "only": "ONE", "status": "SHUT"}
    [bare] = await become(avro, "names", written(schema, value))
    [framed] = await become(avro, "names", FRAME + written(schema, value))
    assert bare.model_dump(by_alias=True) == value
    assert bare == framed


async def test_avro_beside_others(avro: Package) -> None:
    schemas = avro.module("contract.avro")
    amounts = written(schemas.AMOUNTS, [1.5, None])
    assert await become(avro, "mixed", amounts, "application/avro") == [[1.5, None]]
    assert await become(avro, "mixed", amounts) == ["AmbiguousMessage"], "bytes are anything"
    assert await become(avro, "mixed", b'{"reason": "late"}', "avro/binary") == ["UnknownMessage"]
    [corrected] = await become(avro, "mixed", b'{"reason": "late"}', "application/json")
    assert corrected.reason == "late"


async def test_json_behind_the_id_of_its_schema(generate: Generate) -> None:
    package = generate(GOLDEN / "contents" / "asyncapi.yaml", protocols=("kafka",))
    [registered] = await become(package, "registered", FRAME + b'{"name": "Ada"}', "application/json")
    assert registered.name == "Ada"
    assert await become(package, "registered", b'{"name": "Ada"}', "application/json") == ["UnknownMessage"]
    assert await become(package, "registered", bytes(9) + b"Ada", "text/plain") == ["Ada"]
    [removed] = await become(package, "registered", b'{"id": "1"}', "application/json")
    assert removed.id == "1"


def test_a_package_without_avro_needs_no_fastavro(contents: Package, avro: Package) -> None:
    needed = [(one.folder / "contract" / "requirements.txt").read_text(encoding="utf-8") for one in (contents, avro)]
    assert ["fastavro" in text for text in needed] == [False, True]
    assert not (contents.folder / "contract" / "avro.py").exists()


@pytest.mark.parametrize(("case", "role"), [("publishers", "application"), ("avro", "client"), ("contents", "client")])
async def test_what_is_sent_is_what_was_read(generate: Generate, case: str, role: str) -> None:
    document = GOLDEN / case / "asyncapi.yaml"
    ids = dict.fromkeys(_IDS[case], str(SCHEMA_ID))
    package = generate(document, role=role, settings=ids)
    assert await check_publishers(document, package, role=role) == len(package.view.publishers) > 0
