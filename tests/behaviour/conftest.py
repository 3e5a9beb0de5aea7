"""Packages for the tests of this folder."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from tests.generated import SPECS, Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.generated import Generate

_NUMBERS = itertools.count(1)
_QUICK = {"RETRY_DELAY": "0.001"}


@pytest.fixture(scope="module")
def generate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generate]:
    """Give a function that generates packages, which are forgotten behind the module."""
    packages: list[Package] = []

    def generate_package(
        document: Path | str,
        *,
        record: bool | tuple[str, ...] = True,
        settings: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Package:
        folder = tmp_path_factory.mktemp("package")
        if isinstance(document, str):
            (folder / "asyncapi.yaml").write_text(document, encoding="utf-8")
            document = folder / "asyncapi.yaml"
        name = f"service_{next(_NUMBERS)}"
        package = Package(document, folder, name, settings={**_QUICK, **(settings or {})}, **options)
        packages.append(package)
        if record:
            package.record(*record if isinstance(record, tuple) else ())
        return package

    yield generate_package
    for package in packages:
        package.forget()


@pytest.fixture(scope="module")
def orders(generate: Generate) -> Package:
    """Give `specs/orders`: Kafka and RabbitMQ, several messages on a channel, several files."""
    return generate(SPECS / "orders" / "asyncapi.yaml")


@pytest.fixture(scope="module")
def kafka(generate: Generate) -> Package:
    """Give `specs/user-events-kafka`: one message on one topic."""
    return generate(SPECS / "user-events-kafka" / "asyncapi.yaml")


@pytest.fixture(scope="module")
def rabbit(generate: Generate) -> Package:
    """Give `specs/user-events-rabbitmq`: one message in one queue."""
    return generate(SPECS / "user-events-rabbitmq" / "asyncapi.yaml")


@pytest.fixture(autouse=True)
def _nothing_asked_of_handlers(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in {"orders", "kafka", "rabbit"} & set(request.fixturenames):
        request.getfixturevalue(name).module("handlers.recorder").act = None
