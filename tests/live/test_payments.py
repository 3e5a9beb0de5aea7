"""The contract of payments from both sides: the service, and a client that is generated from the same document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest
from aio_pika import Message

from tests.delivery.metrics import metrics_of
from tests.live.kafka_client import make_empty, read
from tests.live.kafka_client import remove as remove_topics
from tests.live.packages import PAYMENTS, Package
from tests.live.rabbit_client import channel, remove, take
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aio_pika.abc import AbstractIncomingMessage

    from tests.brokers import Service

pytestmark = pytest.mark.xdist_group("kafka")

_TOPICS: Final = ("payments.requested", "payments.requested.dead", "payments.eu.outcomes", "payments.us.outcomes")
_DEAD: Final = ("payments.region.outcomes.dead",)
_QUESTIONS: Final = "refunds.questions"
_PAYMENT: Final = "6f0b5f0e-5c1d-4f7a-9f0b-8d0e6f1c2a3b"

_ANSWERED: Final = ("messages_handled_total", "RefundQuestion")
_TAKE: Final = """
import datetime as dt

import cqrs

from ..contract import models, publishers
from ..contract.events import PaymentRequested


class PaymentRequestedHandler(cqrs.EventHandler[PaymentRequested]):
    async def handle(self, event: PaymentRequested) -> None:
        taken = models.PaymentTakenPayload(
            payment_id=event.payload.payment_id, taken_at=dt.datetime.now(dt.timezone.utc)
        )
        await publishers.publish_payment_taken(taken, region="eu", key=str(event.payload.payment_id))
        receipt = models.ReceiptIssuedPayload(payment_id=event.payload.payment_id, text="Thank you.")
        await publishers.publish_receipt_issued(receipt)
"""
_ANSWER: Final = """
from ..contract import models
from ..contract.events import RefundQuestion
from ..contract.replies import RefundQuestionReplies


class RefundQuestionHandler(RefundQuestionReplies):
    async def answer(self, event: RefundQuestion) -> models.RefundAnswerPayload:
        return models.RefundAnswerPayload(amount=models.Money(amount=7, currency="EUR"))
"""
_ASK: Final = """
import asyncio
from uuid import UUID

from payments_client.contract import models, publishers


async def main() -> None:
    async with publishers.connected():
        amount = models.Money(amount=7, currency="EUR")
        await publishers.publish_payment_requested(
            models.PaymentRequestedPayload(payment_id=UUID(PAYMENT), amount=amount),
            key=PAYMENT, headers={"tenant": "t-1"}, correlation_id="c-1",
        )


asyncio.run(main())
""".replace("PAYMENT", repr(_PAYMENT))


@pytest.fixture
async def settings(apache_kafka: str, rabbit: str) -> Mapping[str, str]:
    """Have topics and queues with nothing in them; gives the settings of a service for them."""
    await make_empty(apache_kafka, *_TOPICS, *_DEAD)
    await remove(rabbit, _QUESTIONS, f"{_QUESTIONS}.dead", "payments_client.receipts.new")
    return {"KAFKA_SERVERS": apache_kafka, "RABBIT_URL": rabbit, "KAFKA_PLAINTEXT": "1"}


@pytest.fixture
def service(tmp_path: Path) -> Package:
    package = Package(tmp_path / "service", PAYMENTS, "payments")
    package.file("handlers/payment_requested.py").write_text(_TAKE, encoding="utf-8")
    package.file("handlers/refund_question.py").write_text(_ANSWER, encoding="utf-8")
    return package


async def test_a_client_asks_and_learns_the_outcome(
    settings: Mapping[str, str], service: Package, tmp_path: Path
) -> None:
    client = Package(tmp_path / "client", PAYMENTS, "payments_client", "--role", "client")
    with service.service({**settings, "PAYMENTS_GROUP_ID": f"p-{uuid4()}"}), client.service(settings):
        client.run(_ASK, settings)
        await until(lambda: len(client.ledger.entries()) >= 2, why=service.logs)
    taken, receipt = sorted(client.ledger.entries(), key=lambda entry: entry.event)
    assert (taken.event, taken.values["paymentId"], taken.key) == ("PaymentTaken", _PAYMENT, _PAYMENT)
    assert (taken.topic, taken.correlation_id) == ("payments.eu.outcomes", "c-1")
    assert {("outcome", "taken"), ("trace", "c-1")} <= {(name, value) for name, value in taken.headers}
    assert (receipt.event, receipt.values["text"], receipt.correlation_id) == ("ReceiptIssued", "Thank you.", "c-1")
    assert await read(settings["KAFKA_SERVERS"], "payments.requested.dead") == []


async def test_a_question_gets_its_answer(settings: Mapping[str, str], service: Package) -> None:
    url = settings["RABBIT_URL"]
    with service.service({**settings, "PAYMENTS_GROUP_ID": f"p-{uuid4()}"}):
        async with channel(url) as opened:
            mine = await opened.declare_queue(exclusive=True)
            body = json.dumps({"paymentId": _PAYMENT}).encode()
            question = Message(body, reply_to=mine.name, correlation_id="c-2")
            await opened.default_exchange.publish(question, _QUESTIONS)
            answers: list[tuple[bytes, str | None, str | None]] = []

            async def keep() -> bool:
                message = await mine.get(no_ack=True, fail=False)
                if message is not None:
                    answers.append((message.body, message.correlation_id, message.content_type))
                return bool(answers)

            await until(keep, why=service.logs)
    [(answer, correlation_id, content_type)] = answers
    assert json.loads(answer) == {"amount": {"amount": 7, "currency": "EUR"}}
    assert (correlation_id, content_type) == ("c-2", "application/json")


async def test_a_direct_reply_comes_once(settings: Mapping[str, str], service: Package) -> None:
    url = settings["RABBIT_URL"]
    answers: list[bytes] = []

    async def keep(message: AbstractIncomingMessage) -> None:
        answers.append(message.body)

    with service.service({**settings, "PAYMENTS_GROUP_ID": f"p-{uuid4()}", "RETRY_DELAY": "0.01"}) as running:
        async with channel(url) as opened:
            direct = await opened.get_queue("amq.rabbitmq.reply-to", ensure=False)
            await direct.consume(keep, no_ack=True)
            body = json.dumps({"paymentId": _PAYMENT}).encode()
            await opened.default_exchange.publish(Message(body, reply_to="amq.rabbitmq.reply-to"), _QUESTIONS)
            await until(lambda: _handled(running) == 1, why=service.logs)
    assert len(answers) == 1
    assert await take(url, f"{_QUESTIONS}.dead") == []


async def test_a_topic_that_is_not_there_is_no_long_wait(
    settings: Mapping[str, str], service: Package, tmp_path: Path
) -> None:
    kafka = settings["KAFKA_SERVERS"]
    await remove_topics(kafka, "payments.eu.outcomes")
    client = Package(tmp_path / "client", PAYMENTS, "payments_client", "--role", "client")
    with service.service({**settings, "PAYMENTS_GROUP_ID": f"p-{uuid4()}", "ATTEMPTS": "1"}):
        client.run(_ASK, settings)
        dead = await until(lambda: read(kafka, "payments.requested.dead"), why=service.logs, seconds=15)
    assert [dict(record.headers)["x-error-type"] for record in dead] == [b"NoTopic"]


async def test_an_answer_that_nobody_can_get_is_not_lost(settings: Mapping[str, str], service: Package) -> None:
    url = settings["RABBIT_URL"]
    with service.service({**settings, "PAYMENTS_GROUP_ID": f"p-{uuid4()}", "RETRY_DELAY": "0.01"}):
        async with channel(url) as opened:
            body = json.dumps({"paymentId": _PAYMENT}).encode()
            await opened.default_exchange.publish(Message(body, reply_to="gone"), _QUESTIONS)
            await opened.default_exchange.publish(Message(body), _QUESTIONS)
        dead: list[tuple[bytes, str]] = []

        async def keep() -> bool:
            dead.extend((one.body, str(one.headers["x-error-type"])) for one in await take(url, f"{_QUESTIONS}.dead"))
            return len(dead) >= 2

        await until(keep, why=service.logs)
    assert sorted(dead) == [(body, "PublishError"), (body, "RejectMessage")]


def _handled(service: Service) -> float:
    """Give how many questions were answered."""
    samples = metrics_of(service).samples
    return sum(value for name, labels, value in samples if (name, labels.get("event")) == _ANSWERED)
