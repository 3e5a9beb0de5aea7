"""The application: what probes and the page are told, the order of starting and stopping, and how the process ends."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from runtime.adapter import CannotStart
from runtime.application import Service, build_app, main
from runtime.quiet import configure_logging
from runtime.settings import ServiceSettings

from .service import CONTRACT, Adapter, AdapterWithTopics

SERVICE = Path(__file__).with_name("service.py")


def app_over(*adapters: Adapter) -> Service:
    return build_app(adapters, ServiceSettings(), CONTRACT)


async def get(app: Service, path: str) -> tuple[int, str]:
    sent: list[Any] = []

    async def send(event: Any) -> None:
        sent.append(event)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"].decode()


@asynccontextmanager
async def running(app: Service) -> AsyncIterator[None]:
    """Start and stop an application as a server does."""
    events: asyncio.Queue[Any] = asyncio.Queue()
    sent: asyncio.Queue[Any] = asyncio.Queue()
    await events.put({"type": "lifespan.startup"})
    task = asyncio.create_task(app({"type": "lifespan"}, events.get, sent.put))
    assert await sent.get() == {"type": "lifespan.startup.complete"}
    await asyncio.sleep(0.05)  # the brokers start behind it
    yield
    await events.put({"type": "lifespan.shutdown"})
    await task
    assert (await sent.get())["type"] == "lifespan.shutdown.complete"


class TestProbes:
    """What /live and /ready answer."""

    async def test_are_ready_between_start_and_stop(self) -> None:
        adapter = Adapter()
        app = app_over(adapter)
        assert await get(app, "/ready") == (503, "the service is starting\n")
        async with running(app):
            assert await get(app, "/live") == (204, "")
            assert await get(app, "/ready") == (204, "")
        assert await get(app, "/ready") == (503, "the service is stopping\n")
        assert adapter.calls == ["start", "broker starts", "stop", "broker stops", "close"]

    async def test_tell_what_is_wrong(self, caplog: pytest.LogCaptureFixture) -> None:
        first, second = Adapter(), AdapterWithTopics()
        first.idle = ["orders.v1: OrderPlaced has no handler yet: orders/handlers/order_placed.py"]
        second.broker.answer = lambda: False
        second.blocked = ["orders.v1[0]@7: its dead letter cannot be written"]
        app = app_over(first, second)
        async with running(app):
            status, text = await get(app, "/ready")
            assert (await get(app, "/live"))[0] == 204
        assert status == 503
        assert text.splitlines() == [
            "not started: orders.v1: OrderPlaced has no handler yet: orders/handlers/order_placed.py",
            "Kafka does not answer",
            "orders.v1[0]@7: its dead letter cannot be written",
        ]
        assert "not started: orders.v1: OrderPlaced" in caplog.text

    async def test_take_an_error_for_no_answer(self) -> None:
        adapter = Adapter()
        adapter.broker.answer = lambda: 1 // 0
        app = app_over(adapter)
        async with running(app):
            assert await get(app, "/ready") == (503, "Kafka does not answer\n")


async def test_what_was_started_is_closed_when_the_next_cannot_start() -> None:
    first, second, third = Adapter(), Adapter("start"), Adapter()
    with pytest.raises(CannotStart):
        async with app_over(first, second, third).start_lifespan_context():
            pass
    assert [adapter.calls for adapter in (first, second, third)] == [["start", "close"], ["start"], []]


class TestPage:
    """What /asyncapi shows, whatever the contract holds."""

    async def test_shows_the_contract(self) -> None:
        app = app_over(Adapter())
        status, text = await get(app, "/asyncapi.json")
        assert (status, json.loads(text)) == (200, json.loads(CONTRACT))
        status, text = await get(app, "/asyncapi")
        assert status == 200
        assert "Orders &lt;/script&gt;" in text
        assert "<script>x" not in text
        assert "<b>" not in text

    async def test_holds_the_whole_contract(self) -> None:
        text = (await get(app_over(Adapter()), "/asyncapi"))[1]
        line = next(line.strip() for line in text.splitlines() if '"schema":' in line)
        assert json.loads(json.loads(line.rstrip(","))["schema"]) == json.loads(CONTRACT)


class TestLogging:
    """Who configures logging."""

    @pytest.fixture(autouse=True)
    def _loggers(self) -> Iterator[None]:
        names = ("aiokafka", "aio_pika", "cqrs")
        before = {name: logging.getLogger(name).level for name in names}
        root = logging.getLogger()
        handlers, level = root.handlers[:], root.level
        yield
        root.handlers[:], root.level = handlers, level
        for name in names:
            logging.getLogger(name).setLevel(before[name])

    def test_is_left_to_whoever_configured_it(self) -> None:
        handlers = logging.getLogger().handlers[:]
        configure_logging("ERROR")
        assert logging.getLogger().handlers == handlers

    def test_is_configured_once(self) -> None:
        logging.getLogger().handlers.clear()
        configure_logging("WARNING")
        configure_logging("DEBUG")
        assert len(logging.getLogger().handlers) == 1
        assert logging.getLogger().level == logging.WARNING

    def test_keeps_libraries_quiet_unless_they_are_wanted(self) -> None:
        logging.getLogger("aiokafka").setLevel(logging.NOTSET)
        logging.getLogger("aio_pika").setLevel(logging.DEBUG)
        logging.getLogger("cqrs").setLevel(logging.DEBUG)
        configure_logging("INFO")
        assert logging.getLogger("aiokafka").level == logging.WARNING
        assert logging.getLogger("aio_pika").level == logging.DEBUG
        assert logging.getLogger("cqrs").level == logging.INFO


class TestTopics:
    """The command `topics`."""

    def topics(self, capsys: pytest.CaptureFixture[str], *adapters: Adapter, create: str = "") -> tuple[int, str]:
        code = main(app_over(*adapters), adapters, ServiceSettings(), ["topics", *create.split()])
        output = capsys.readouterr()
        return code, output.out + output.err

    def test_are_listed_and_created(self, capsys: pytest.CaptureFixture[str]) -> None:
        adapters = (Adapter(), AdapterWithTopics())
        assert self.topics(capsys, *adapters) == (1, "orders: exists\norders.dead: missing\n")
        assert self.topics(capsys, *adapters, create="--create") == (0, "orders: exists\norders.dead: created\n")
        assert self.topics(capsys, *adapters) == (0, "orders: exists\norders.dead: exists\n")

    def test_are_created_with_as_many_replicas_as_somebody_says(self, capsys: pytest.CaptureFixture[str]) -> None:
        adapters = [AdapterWithTopics(), AdapterWithTopics()]
        self.topics(capsys, adapters[0], create="--create")
        self.topics(capsys, adapters[1], create="--create --replicas 1")
        assert [adapter.topics.replicas for adapter in adapters] == [[None], [1]]

    @pytest.mark.parametrize("count", ["0", "-1", "one"])
    def test_have_at_least_one_replica(self, capsys: pytest.CaptureFixture[str], count: str) -> None:
        with pytest.raises(SystemExit) as raised:
            self.topics(capsys, AdapterWithTopics(), create=f"--create --replicas={count}")
        assert raised.value.code == 2

    def test_may_be_none(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.topics(capsys, Adapter()) == (0, "the service needs no topics\n")

    def test_cannot_be_asked_for(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.topics(capsys, AdapterWithTopics("Kafka does not answer")) == (1, "Kafka does not answer\n")

    def test_other_commands_are_wrong(self) -> None:
        with pytest.raises(SystemExit) as raised:
            main(app_over(Adapter()), [Adapter()], ServiceSettings(), ["serve"])
        assert raised.value.code == 2


class Process:
    """The service as a process of its own."""

    def __init__(self, mode: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process = subprocess.Popen(
            [sys.executable, str(SERVICE), mode, str(self.port)], stderr=subprocess.PIPE, text=True
        )

    def signal(self, number: int) -> None:
        os.kill(self._process.pid, number)

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + 10
        while not self._is_ready():
            assert time.monotonic() < deadline, self.end()
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=1) as answer:
                return bool(answer.status == 204)
        except OSError:
            return False

    def wait_for(self, text: str) -> None:
        assert self._process.stderr
        for line in self._process.stderr:
            if text in line:
                return

    def end(self) -> tuple[int, str]:
        try:
            _, text = self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        return self._process.returncode, text


class TestProcess:
    """How the process ends."""

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_ends_well_when_it_is_asked_to(self, number: int) -> None:
        process = Process("ok")
        process.wait_until_ready()
        process.signal(number)
        code, text = process.end()
        assert code == 0, text
        assert "['start', 'broker starts', 'stop', 'broker stops', 'close']" in text
        assert "/ready" not in text

    def test_ends_well_when_it_is_asked_to_while_it_starts(self) -> None:
        process = Process("waits")
        process.wait_for("waiting")
        process.signal(signal.SIGTERM)
        code, text = process.end()
        assert code == 0, text
        assert "close" in text

    def test_says_why_it_cannot_start(self) -> None:
        code, text = Process("start").end()
        assert code == 1
        assert "cannot run: Kafka has no topic 'orders'" in text
        assert "Traceback" not in text

    def test_ends_when_a_broker_cannot_start_behind_the_server(self) -> None:
        code, text = Process("broker").end()
        assert code == 1
        assert "cannot run: RuntimeError('PRECONDITION_FAILED')" in text

    def test_ends_when_its_port_is_taken(self) -> None:
        first = Process("ok")
        first.wait_until_ready()
        second = subprocess.run(
            [sys.executable, str(SERVICE), "ok", str(first.port)],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        first.signal(signal.SIGTERM)
        assert first.end()[0] == 0
        assert second.returncode == 1
        assert "address already in use" in second.stderr
