"""See it work: generate both user-events services, run them on real servers, send them messages.

`make demo`, or `python -m specs.demo` from the checkout where `.[services]` is installed. Nothing is left behind.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import aio_pika
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer  # type: ignore[import-untyped] # it has no types

from tests.brokers import MissingServerError, RabbitMQ, ServerFailedError, Service, Tansu

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence

_SPECS: Final = Path(__file__).parent
_PACKAGE: Final = "user_events"
_ADDRESS: Final = "user_events"
_DEAD: Final = "user_events.dead"

_GOOD: Final = (
    b'{"user_id": "u-1", "email": "ada@example.com", "name": "Ada Lovelace"}',
    b'{"user_id": "u-2", "email": "grace@example.com", "name": "Grace Hopper"}',
    # as python-cqrs itself sends an event
    b"""{"event_name": "UserCreated", "topic": "user_events",
         "event_id": "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77", "event_timestamp": "2026-03-01T09:30:00+00:00",
         "payload": {"user_id": "u-3", "email": "edsger@example.com", "name": "Edsger Dijkstra"}}""",
)
_MALFORMED: Final = b'{"user_id": "u-4", "email": "nobody@exam'
_SECONDS: Final = 30
"""How long messages may take."""


class DemoFailedError(Exception):
    """Something came out otherwise than it should; the text says what."""


@dataclass(frozen=True)
class Example:
    """A contract beside this file, the server it needs, and how to talk to that server."""

    contract: str
    server: type[RabbitMQ | Tansu]
    setting: str
    """What tells the service where the server is."""
    setup: tuple[str, ...]
    """What is run once before the service: arguments of the package's own command; empty where nothing is needed."""
    send: Callable[[str, Sequence[bytes]], Coroutine[None, None, None]]
    read_dead: Callable[[str], Coroutine[None, None, list[bytes]]]


def main() -> int:
    """Run both examples; 0 when all that could run did what it should, and at least one could."""
    outcomes = [_outcome(example) for example in _EXAMPLES]
    return 0 if True in outcomes and False not in outcomes else 1


def _outcome(example: Example) -> bool | None:
    """Run one example; None when its server is missing."""
    try:
        _run(example)
    except MissingServerError as missing:
        print(f"{example.contract}: SKIPPED: {missing}")
        return None
    except (DemoFailedError, ServerFailedError, subprocess.CalledProcessError) as failure:
        print(f"{example.contract}: FAILED: {failure}", file=sys.stderr)
        return False
    return True


def _run(example: Example) -> None:
    with tempfile.TemporaryDirectory(prefix="cqrs-gen-demo-") as name, example.server(Path(name, "server")) as server:
        folder, ledger = Path(name), Path(name, "ledger.txt")
        _generate(example.contract, folder)
        service = Service(folder, _PACKAGE, {example.setting: server.address, "LEDGER": str(ledger)})
        _set_up(service, example.setup)
        with _log_shown_on_failure(service), service:
            print(f"{example.contract}: the service is ready; 3 good messages and a malformed one are on their way")
            asyncio.run(example.send(server.address, (_MALFORMED, *_GOOD)))
            handled = _wait_for_lines(ledger)
            dead = asyncio.run(example.read_dead(server.address))
            code = service.stop()
            _check(handled, dead, code)
    print(f"{example.contract}: handled {len(handled)} ({', '.join(handled)})")
    print(f"{example.contract}: dead-lettered {len(dead)} to {_DEAD}, byte for byte as it came")
    print(f"{example.contract}: stopped by SIGTERM with exit code {code}")


def _generate(contract: str, folder: Path) -> None:
    command = shutil.which("cqrs-gen", path=sysconfig.get_path("scripts"))
    if command is None:
        raise DemoFailedError("cqrs-gen is not installed beside this Python: pip install '.[services]'")
    document = _SPECS / contract / "asyncapi.yaml"
    print(f"{contract}: cqrs-gen {document.relative_to(_SPECS.parent)} --package {_PACKAGE}", flush=True)
    subprocess.run([command, str(document), "--package", _PACKAGE, "-o", str(folder), "--quiet"], check=True)
    shutil.copytree(_SPECS / contract / "handlers", folder / _PACKAGE / "handlers", dirs_exist_ok=True)


def _set_up(service: Service, arguments: tuple[str, ...]) -> None:
    if not arguments:
        return
    done = service.run(*arguments)
    if done.returncode != 0:
        raise DemoFailedError(f"{' '.join(arguments)} ended with exit code {done.returncode}:\n{done.stderr}")


@contextmanager
def _log_shown_on_failure(service: Service) -> Iterator[None]:
    try:
        yield
    except ServerFailedError:
        raise  # its text has the log
    except Exception:
        print(service.end_of_log(), file=sys.stderr)
        raise


def _wait_for_lines(ledger: Path) -> list[str]:
    """Wait until there is one for each good message, then take what there is."""
    lines: list[str] = []
    deadline = time.monotonic() + _SECONDS
    while len(lines) < len(_GOOD) and time.monotonic() < deadline:
        time.sleep(0.1)
        lines = ledger.read_text().splitlines() if ledger.exists() else []
    return lines


def _check(handled: list[str], dead: list[bytes], code: int | None) -> None:
    if sorted(line.split()[0] for line in handled) != ["u-1", "u-2", "u-3"]:
        raise DemoFailedError(f"3 messages should have been handled, not {handled}")
    if dead != [_MALFORMED]:
        raise DemoFailedError(f"the malformed message alone should be in {_DEAD}, not {dead}")
    if code != 0:
        raise DemoFailedError(f"the service should end with exit code 0 after SIGTERM, not {code}")


async def _send_kafka(address: str, bodies: Sequence[bytes]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks="all") as producer:
        for body in bodies:
            await producer.send_and_wait(_ADDRESS, body)


async def _read_dead_kafka(address: str) -> list[bytes]:
    """Wait for the first record, then take what there is."""
    topic = AIOKafkaConsumer(_DEAD, bootstrap_servers=address, group_id=None, auto_offset_reset="earliest")
    async with topic as consumer:
        first = await consumer.getmany(timeout_ms=_SECONDS * 1000)
        others = await consumer.getmany(timeout_ms=1000)
        return [record.value for found in (first, others) for records in found.values() for record in records]


async def _send_rabbit(address: str, bodies: Sequence[bytes]) -> None:
    async with await aio_pika.connect(address) as connection:
        channel = await connection.channel()
        for body in bodies:
            await channel.default_exchange.publish(aio_pika.Message(body), _ADDRESS)


async def _read_dead_rabbit(address: str) -> list[bytes]:
    """Wait for the first message, then take what there is."""
    async with await aio_pika.connect(address) as connection:
        queue = await (await connection.channel()).get_queue(_DEAD)
        deadline = time.monotonic() + _SECONDS
        bodies: list[bytes] = []
        while not bodies and time.monotonic() < deadline:
            while message := await queue.get(no_ack=True, fail=False):
                bodies.append(message.body)
            await asyncio.sleep(0.1)
        return bodies


_EXAMPLES: Final = (
    Example("user-events-kafka", Tansu, "KAFKA_SERVERS", ("topics", "--create"), _send_kafka, _read_dead_kafka),
    Example("user-events-rabbitmq", RabbitMQ, "RABBIT_URL", (), _send_rabbit, _read_dead_rabbit),
)


if __name__ == "__main__":
    sys.exit(main())
