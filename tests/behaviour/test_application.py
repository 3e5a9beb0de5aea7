"""The application around the handlers: what it does not start and says so, probes, the page."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from faststream.exceptions import SubscriberNotFound

from tests.behaviour.bodies import BODY, ORDER_KEY, examples
from tests.generated import SPECS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.generated import Generate, Package


async def get(app: Any, path: str) -> tuple[int, str]:
    """Ask a route of the application as an HTTP server does."""
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


@asynccontextmanager
async def running(package: Package) -> AsyncIterator[tuple[Any, Any]]:
    """Start the application on brokers in memory; gives it and its traffic."""
    app = package.module("app").app
    async with package.traffic() as traffic, app.start_lifespan_context():
        yield app, traffic


@pytest.fixture(scope="module")
def package(generate: Generate) -> Package:
    """Give orders with all but one handler for the topics, and one of two for a queue."""
    return generate(
        SPECS / "orders" / "asyncapi.yaml",
        record=("order_placed", "price_changed", "categories_published", "shipment_lost", "shipment_dispatched"),
    )


class TestStubs:
    """A subscriber with a handler that is still to be written."""

    async def test_is_not_started(self, package: Package) -> None:
        async with package.traffic() as traffic:
            await traffic.kafka.publish(
                json.dumps(examples("order-placed")["least"]).encode(), "orders.v1", key=ORDER_KEY
            )
            with pytest.raises(SubscriberNotFound):  # where Kafka's broker in memory says nothing
                await traffic.rabbit.publish(b"{}", exchange="shipping", routing_key="shipment.problem.x")
            await traffic.rabbit.publish(
                json.dumps(examples("shipment-dispatched")["two-parcels"]).encode(),
                exchange="shipping",
                routing_key="shipment.dispatched",
            )
        assert traffic.dead == []
        assert package.names == ["ShipmentDispatched"]

    async def test_is_listed_with_its_file(self, package: Package) -> None:
        assert package.adapters["kafka"].idle == [
            f"orders.v1, catalog.v1: OrderCancelled has no handler yet: {package.name}/handlers/order_cancelled.py"
        ]
        assert package.adapters["rabbit"].idle == [
            (
                f"{package.name}.shipment.problem.*: "
                f"ShipmentDelayed has no handler yet: {package.name}/handlers/shipment_delayed.py"
            )
        ]

    async def test_is_why_the_service_is_not_ready(self, package: Package, caplog: pytest.LogCaptureFixture) -> None:
        async with running(package) as (app, _):
            assert await get(app, "/live") == (204, "")
            status, text = await get(app, "/ready")
        lines = [
            (
                "not started: orders.v1, catalog.v1: "
                f"OrderCancelled has no handler yet: {package.name}/handlers/order_cancelled.py"
            ),
            (
                f"not started: {package.name}.shipment.problem.*: "
                f"ShipmentDelayed has no handler yet: {package.name}/handlers/shipment_delayed.py"
            ),
        ]
        assert (status, text.splitlines()) == (503, lines)
        assert [line for line in lines if line in caplog.text] == lines

    async def test_is_started_when_that_is_asked_for(self, generate: Generate) -> None:
        package = generate(
            SPECS / "user-events-kafka" / "asyncapi.yaml", record=("nothing",), settings={"RUN_STUBS": "1"}
        )
        async with running(package) as (app, traffic):
            assert await get(app, "/ready") == (204, "")
            await traffic.kafka.publish(BODY, "user_events")
        [dead] = traffic.dead
        assert (dead.headers["x-error-type"], dead.headers["x-attempts"]) == ("NotImplementedError", "1")


def test_one_mediator_serves_all_subscribers(orders: Package) -> None:
    mediator = orders.module("contract.mediator").mediator
    assert orders.module("contract.kafka").mediator is mediator
    assert orders.module("contract.rabbit").mediator is mediator


class TestRoutes:
    """What /live, /ready and /asyncapi answer."""

    async def test_the_service_is_ready_between_start_and_stop(self, orders: Package) -> None:
        app = orders.module("app").app
        async with running(orders):
            assert await get(app, "/live") == (204, "")
            assert await get(app, "/ready") == (204, "")
        assert await get(app, "/ready") == (503, "the service is stopping\n")

    async def test_the_service_handles_messages_after_it_was_stopped_and_started_again(self, orders: Package) -> None:
        for _ in range(2):
            async with running(orders) as (_, traffic):
                await traffic.kafka.publish(
                    json.dumps(examples("order-placed")["least"]).encode(), "orders.v1", key=ORDER_KEY
                )
                await traffic.rabbit.publish(
                    json.dumps(examples("shipment-dispatched")["two-parcels"]).encode(),
                    exchange="shipping",
                    routing_key="shipment.dispatched",
                )
            assert orders.names == ["OrderPlaced", "ShipmentDispatched"]

    async def test_the_page_shows_the_contract_itself(self, orders: Package) -> None:
        app = orders.module("app").app
        status, text = await get(app, "/asyncapi.json")
        assert (status, json.loads(text)) == (200, json.loads(orders.contract_text))
        status, text = await get(app, "/asyncapi")
        assert status == 200
        assert "<title>Orders" in text
        assert "The life of an order." in text

    async def test_the_page_needs_no_other_file(self, orders: Package) -> None:
        document = json.loads(orders.contract_text)

        def follow(reference: str) -> Any:
            value: Any = document
            for token in reference.removeprefix("#/").split("/"):
                value = value[token.replace("~1", "/").replace("~0", "~")]
            return value

        references = _references(document)
        assert len(references) > 40
        assert all(reference.startswith("#/") and follow(reference) is not None for reference in references)


def _references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [reference for element in value for reference in _references(element)]
    if not isinstance(value, dict):
        return []
    own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
    return own + [reference for member in value.values() for reference in _references(member)]
