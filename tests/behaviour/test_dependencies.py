"""`dependencies.py`, which is people's own: what handlers need, what runs around them, what comes before decoding."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from tests.behaviour.bodies import BODY
from tests.generated import SPECS
from tests.own_files import DEPENDENCIES, HANDLER, ONE_EVENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.generated import Generate, Package


@pytest.fixture(scope="module", params=["kafka", "rabbit"])
def package(generate: Generate, request: pytest.FixtureRequest) -> Package:
    name = {"kafka": "user-events-kafka", "rabbit": "user-events-rabbitmq"}[request.param]
    package = generate(SPECS / name / "asyncapi.yaml")
    package.write("dependencies.py", DEPENDENCIES)
    package.write("handlers/user_created.py", HANDLER)
    return package


@pytest.fixture
def steps(package: Package) -> Iterator[list[str]]:
    """Give what was noted, in order."""
    steps: list[str] = package.module("dependencies").steps
    steps.clear()
    yield steps
    package.module("handlers.user_created").fails = False


async def send(package: Package, body: bytes = BODY, headers: dict[str, str] | None = None) -> list[Any]:
    """Send a body and give the dead letters."""
    async with package.traffic() as traffic:
        await (traffic.kafka or traffic.rabbit).publish(body, "user_events", headers=headers or {})
    return list(traffic.dead)


async def test_all_of_it_runs_around_an_event(package: Package, steps: list[str]) -> None:
    assert await send(package) == []
    assert steps == ONE_EVENT


async def test_all_of_it_runs_anew_for_each_attempt(package: Package, steps: list[str]) -> None:
    package.module("handlers.user_created").fails = True
    [dead] = await send(package)
    failed = [step.replace("commit", "rollback") for step in ONE_EVENT]
    assert steps == 3 * failed
    assert (dead.headers["x-error"], dead.headers["x-error-type"]) == ("3", "ValueError")


async def test_what_is_provided_can_be_overridden_also_after_messages(package: Package, steps: list[str]) -> None:
    session, override = package.module("dependencies").Session, package.module("contract.testing").override
    await send(package)
    with override(session, lambda: session("fake")):
        await send(package)
        assert "handle u-1 fake True eu" in steps
        with override(session, lambda: session("inner")):
            await send(package)
            assert "handle u-1 inner True eu" in steps
        steps.clear()
        await send(package)
        assert "handle u-1 fake True eu" in steps
    steps.clear()
    await send(package)
    assert steps == ONE_EVENT


async def test_prepare_comes_before_decoding(package: Package, steps: list[str]) -> None:
    compressed = gzip.compress(BODY)
    assert await send(package, compressed, {"content-encoding": "gzip"}) == []
    assert steps == ONE_EVENT
    [dead] = await send(package, compressed)
    assert (dead.body, dead.headers["x-error-type"]) == (compressed, "NotJson")


async def test_prepare_that_fails_is_a_failed_attempt(package: Package, steps: list[str]) -> None:
    [dead] = await send(package, b"no gzip", {"content-encoding": "gzip"})
    assert steps == 3 * ["prepare user_events"]
    assert (dead.body, dead.headers["x-error-type"], dead.headers["x-attempts"]) == (b"no gzip", "BadGzipFile", "3")


async def test_prepare_is_not_asked_about_a_tombstone(package: Package, steps: list[str]) -> None:
    if "kafka" not in package.adapters:
        return  # RabbitMQ has no tombstones
    async with package.traffic() as traffic:
        await traffic.kafka.publish(None, "user_events", key=b"u-1")
    assert (steps, traffic.dead) == ([], [])


async def test_bad_input_reaches_no_middleware(package: Package, steps: list[str]) -> None:
    assert len(await send(package, b"{}")) == 1
    assert steps == ["prepare user_events"]
