"""Requests over Kafka: each gets its reply, at the address that it names, or else at that of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest

from tests.live.kafka_client import Record, make_empty, read, send
from tests.live.packages import QUOTES, Package
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("kafka")

_QUESTIONS: Final = "quotes.questions"
_PRICES: Final = "quotes.prices"
_MINE: Final = "quotes.mine"
_TOPICS: Final = (_QUESTIONS, f"{_QUESTIONS}.dead", _PRICES, f"{_PRICES}.dead", _MINE)

_ANSWER: Final = """
from ..contract import models
from ..contract.events import QuoteAsked
from ..contract.replies import QuoteAskedReplies


class QuoteAskedHandler(QuoteAskedReplies):
    async def answer(self, event: QuoteAsked) -> models.PriceToldPayload:
        return models.PriceToldPayload(price=len(event.payload.item))
"""
_ASK: Final = """
import asyncio

from quotes_client.contract import models, publishers


async def main() -> None:
    async with publishers.connected():
        for item in ("tea", "coffee"):
            await publishers.publish_quote_asked(models.QuoteAskedPayload(item=item), correlation_id=f"c-{item}")


asyncio.run(main())
"""


@pytest.fixture
async def topics(kafka: str) -> None:
    """Have the topics with nothing in them."""
    await make_empty(kafka, *_TOPICS)


@pytest.fixture
def service(tmp_path: Path) -> Package:
    package = Package(tmp_path / "service", QUOTES, "quotes")
    package.file("handlers/quote_asked.py").write_text(_ANSWER, encoding="utf-8")
    return package


@pytest.mark.usefixtures("topics")
async def test_a_client_gets_the_reply_to_each_of_its_requests(kafka: str, service: Package, tmp_path: Path) -> None:
    client = Package(tmp_path / "client", QUOTES, "quotes_client", "--role", "client")
    settings = {"KAFKA_SERVERS": kafka}
    with (
        service.service({**settings, "QUOTES_GROUP_ID": f"q-{uuid4()}"}),
        client.service({**settings, "QUOTES_CLIENT_GROUP_ID": f"q-{uuid4()}"}),
    ):
        client.run(_ASK, settings)
        await until(lambda: len(client.ledger.entries()) >= 2, why=service.logs)
    answers = [(entry.correlation_id, entry.values["price"]) for entry in client.ledger.entries()]
    assert sorted(answers) == [("c-coffee", 6), ("c-tea", 3)]
    assert await read(kafka, f"{_QUESTIONS}.dead") == []


@pytest.mark.usefixtures("topics")
async def test_a_request_gets_its_reply_where_it_asks_for_it(kafka: str, service: Package) -> None:
    headers = [("replyTo", _MINE.encode()), ("question", b"c-1")]
    with service.service({"KAFKA_SERVERS": kafka, "QUOTES_GROUP_ID": f"q-{uuid4()}"}):
        await send(kafka, _QUESTIONS, Record(b'{"item": "tea"}', headers=headers))
        [reply] = await until(lambda: read(kafka, _MINE), why=service.logs)
    assert reply.body == b'{"price":3}'
    assert dict(reply.headers)["question"] == b"c-1"
    assert await read(kafka, _PRICES) == []


@pytest.mark.parametrize("address", ["__consumer_offsets", "..", "not there"])
async def test_an_address_that_nobody_may_write_to_is_not_tried_again(
    apache_kafka: str, service: Package, address: str
) -> None:
    await make_empty(apache_kafka, *_TOPICS)
    headers = [("replyTo", address.encode())]
    with service.service({"KAFKA_SERVERS": apache_kafka, "QUOTES_GROUP_ID": f"q-{uuid4()}"}):
        await send(apache_kafka, _QUESTIONS, Record(b'{"item": "tea"}', headers=headers))
        [dead] = await until(lambda: read(apache_kafka, f"{_QUESTIONS}.dead"), why=service.logs)
    reasons = dict(dead.headers)
    assert (reasons["x-error-type"], reasons["x-attempts"]) == (b"RejectMessage", b"1")
