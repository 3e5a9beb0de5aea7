"""Kafka: the variants, and what is asked of the generated service."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from benchmarks.consuming.backlog import fill_topic
from benchmarks.consuming.comparison import Comparison, Faster, Price
from benchmarks.consuming.counting import Clock
from benchmarks.consuming.event import bare_bodies, enveloped_bodies
from benchmarks.consuming.package import GROUP, NAME, Handling, generate
from benchmarks.consuming.variant import Variant
from tests.brokers import ApacheKafka

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_ENVELOPED: Final = "enveloped"
_BARE: Final = "bare"
_ONE_PARTITION: Final = "one-partition"
_THREE_PARTITIONS: Final = "three-partitions"
_MANY: Final = 55_000
"""Messages for variants that handle tens of thousands a second."""
_HANDLING: Final = 0.005
"""Seconds that a slow handler takes."""

_SERVICE: Final = "service"
_SERVICE_BARE: Final = "service, bare bodies"
_SLOW: Final = "5 ms handler, 1 partition"
_SLOW_THREE: Final = "5 ms handler, 3 partitions"
_SLOW_KEYS: Final = "5 ms handler, 1 partition, 8 at once"

_RATIOS: Final = (
    Faster(_SERVICE, "seed", at_least=45),
    Faster(_SERVICE, "lean_ack", at_least=25),
    Faster(_SERVICE, "ack_first", at_least=3.3),
    Faster(_SERVICE, "bare_getmany", at_least=0.75),
    Faster(_SERVICE_BARE, "bare_getmany, bare bodies", at_least=0.75),
    Faster(_SLOW_THREE, _SLOW, at_least=2.5),
    Faster(_SLOW_KEYS, _SLOW),
)
_PRICES: Final = (
    Price("attempts, dead letters, metrics, current message", _SERVICE, "service, without delivery"),
    Price("commits", _SERVICE, "service, without commits"),
    Price("an object that the handler needs", "service, handler that needs an object", _SERVICE),
    Price("spans of OpenTelemetry, without an SDK", "service, with TRACES", _SERVICE),
)


@contextmanager
def comparison(folder: Path) -> Iterator[Comparison]:
    """Give the comparison while a server runs that holds all messages."""
    with ApacheKafka(folder / "server") as server:
        asyncio.run(_fill(server.address))
        variants = (*_baselines(server.address), *_services(folder, server.address))
        yield Comparison("Kafka", variants, _RATIOS, _PRICES)


async def _fill(server: str) -> None:
    enveloped = enveloped_bodies()
    await fill_topic(server, _ENVELOPED, enveloped, _MANY + 5_000)
    await fill_topic(server, _BARE, bare_bodies(), _MANY + 5_000)
    await fill_topic(server, _ONE_PARTITION, enveloped, 10_000)
    await fill_topic(server, _THREE_PARTITIONS, enveloped, 10_000, partitions=3)


def _baselines(server: str) -> Iterator[Variant]:
    module = "benchmarks.consuming.kafka_baselines"
    for name, messages in {"seed": 4_000, "lean_ack": 6_000, "ack_first": 20_000, "bare_getmany": _MANY}.items():
        yield Variant(name, messages, (module, name, server, _ENVELOPED))
    yield Variant("bare_getmany, bare bodies", _MANY, (module, "bare_getmany_bare", server, _BARE))


def _services(folder: Path, server: str) -> Iterator[Variant]:
    counts, waits = Handling(Clock), Handling(Clock, waits=_HANDLING)

    def served(home: str, topic: str, handling: Handling) -> Callable[..., Variant]:
        return partial(_service, server, generate(folder / home, "kafka", topic, handling))

    service = served("service", _ENVELOPED, counts)
    slow = served("slow", _ONE_PARTITION, waits)
    yield service(_SERVICE, _MANY)
    yield served("bare", _BARE, counts)(_SERVICE_BARE, _MANY)
    yield served("needing", _ENVELOPED, Handling(Clock, needs=True))("service, handler that needs an object", _MANY)
    for dropped in ("delivery", "commits"):
        yield service(f"service, without {dropped}", _MANY, "benchmarks.consuming.reduced", dropped)
    yield service("service, with TRACES", _MANY, TRACES="1")
    yield slow(_SLOW, 1_000)
    yield served("three", _THREE_PARTITIONS, waits)(_SLOW_THREE, 2_500)
    yield slow(_SLOW_KEYS, 5_000, KAFKA_CONCURRENCY="8")


def _service(server: str, home: Path, name: str, messages: int, *command: str, **settings: str) -> Variant:
    """Run a package as it comes, or by another command."""
    settings |= {"KAFKA_SERVERS": server, "PORT": "0"}
    environment = {f"{NAME.upper()}_{setting}": value for setting, value in settings.items()}
    return Variant(name, messages, command or (NAME,), home, environment, unique=GROUP)
