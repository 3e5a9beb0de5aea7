"""The application: brokers behind one HTTP server for probes and the contract, and its command line."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

import uvicorn
from faststream.asgi import AsgiFastStream, AsyncAPIRoute

from .adapter import Adapter, CannotStart, prefix
from .deadline import Deadline
from .health import Health
from .metrics import Metrics
from .page import ContractPage
from .quiet import configure_logging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from faststream.asgi.types import Receive, Scope, Send

    from .settings import ServiceSettings

logger = logging.getLogger(__name__)

_PATIENCE: Final = 2.0
"""Seconds that cancelled tasks have to end."""
_PACKAGE: Final = __name__.partition(".contract.")[0]


class Service(AsgiFastStream):
    """FastStream's application, except that it ends when it cannot run.

    FastStream starts brokers when the HTTP server already runs: one that refuses a queue, a password or a group would
    leave a process behind that is alive and receives nothing, for ever.
    """

    failure: BaseException | None = None
    """Why the service ended, if it was not asked to."""

    async def lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start and stop with the server; stop the server when starting fails."""
        is_serving = False

        async def send_without_traceback(event: Any) -> None:  # noqa: ANN401 - as ASGI has it
            nonlocal is_serving
            is_serving = is_serving or event["type"] == "lifespan.startup.complete"
            await send({**event, "message": ""} if "message" in event else event)

        try:
            await super().lifespan(scope, receive, send_without_traceback)
        except asyncio.CancelledError:
            raise
        except BaseException as failure:
            self.failure = failure
            if isinstance(failure, CannotStart):
                logger.critical("%s cannot run: %s", _PACKAGE, failure)
            else:
                logger.critical("%s cannot run: %r", _PACKAGE, failure, exc_info=failure)
            if is_serving:
                signal.raise_signal(signal.SIGTERM)
            raise


def build_app(adapters: Sequence[Adapter], settings: ServiceSettings, contract: bytes) -> Service:
    """Build the application over the brokers of all protocols; `contract` is the JSON that /asyncapi shows."""
    configure_logging(settings.log_level)
    health = Health(adapters)
    deadline = Deadline(settings.graceful_timeout)
    return Service(
        *(adapter.broker for adapter in adapters),
        logger=logger,  # FastStream's own writes in a format and in colours of its own
        asgi_routes=[*health.routes(), Metrics(adapters).route()],
        specification=ContractPage(contract),
        asyncapi_path=AsyncAPIRoute("/asyncapi", try_it_out_path=None),
        on_startup=[partial(_start, adapters)],
        after_startup=[health.started],
        on_shutdown=[health.stopping, deadline.begin, partial(_stop, adapters)],
        after_shutdown=[*(adapter.close for adapter in adapters), deadline.end],
    )


async def _start(adapters: Sequence[Adapter]) -> None:
    async with AsyncExitStack() as started:  # which are closed again when the next one cannot start
        for adapter in adapters:
            try:
                await adapter.start()
            except CannotStart as problem:
                raise CannotStart(f"{prefix(adapter.key)}{problem}") from problem
            started.push_async_callback(adapter.close)
        started.pop_all()


async def _stop(adapters: Sequence[Adapter]) -> None:
    await asyncio.gather(*(adapter.stop() for adapter in adapters))  # or one would begin more while another finishes


def main(
    app: AsgiFastStream, adapters: Sequence[Adapter], settings: ServiceSettings, argv: Sequence[str] | None = None
) -> int:
    """Do what the command line asks for and give the exit code: 0, 1 when the service is broken, 2 for a wrong one."""
    arguments = _parser().parse_args(argv)
    if arguments.command == "topics":
        return asyncio.run(_topics(adapters, creates=arguments.create, replicas=arguments.replicas))
    return _serve(app, settings)


def _parser() -> argparse.ArgumentParser:
    program = f"python -m {_PACKAGE}"
    parser = argparse.ArgumentParser(
        usage=f"{program} [-h] [COMMAND ...]", description="Without a command: serve until SIGTERM or Ctrl-C."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", prog=program)
    topics = commands.add_parser(
        "topics", help="list the Kafka topics that the service needs; the exit code is 1 when one is missing"
    )
    topics.add_argument("--create", action="store_true", help="create those that are missing")
    topics.add_argument(
        "--replicas", type=_positive, metavar="N", help="create them with N replicas, not the contract's"
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)  # what argparse then says names the option
    return number


def _serve(app: AsgiFastStream, settings: ServiceSettings) -> int:
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, lifespan="on", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    # uvicorn raises a signal once more when it has shut down; and one may come before it listens to any
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    try:
        asyncio.run(_serve_to_the_end(server))
    except SystemExit:  # uvicorn has said why it cannot start
        return 1
    return 1 if isinstance(app, Service) and app.failure else 0


async def _serve_to_the_end(server: uvicorn.Server) -> None:
    """Serve, and end the process also when a handler does not let go: its message comes again."""
    await server.serve()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    _, stubborn = await asyncio.wait(rest, timeout=_PATIENCE) if rest else (rest, rest)
    if stubborn:
        logger.critical("%s ends although a handler takes no notice of being cancelled: %s", _PACKAGE, stubborn)
        logging.shutdown()
        os._exit(1)


class _Topics(Protocol):
    @property
    def needed(self) -> Sequence[str]: ...
    async def existing(self) -> AbstractSet[str]: ...
    async def create(self, names: Sequence[str], replicas: int | None) -> None: ...


async def _topics(adapters: Sequence[Adapter], *, creates: bool, replicas: int | None) -> int:
    """List the topics that are needed, or create the missing ones; adapters of other protocols have none."""
    all_topics = [
        (prefix(adapter.key), cast("_Topics", topics))
        for adapter in adapters
        if (topics := getattr(adapter, "topics", None)) is not None
    ]
    if not any(topics.needed for _, topics in all_topics):
        sys.stdout.write("the service needs no topics\n")
        return 0
    is_complete = True
    for broker, topics in all_topics:
        try:
            existing = await topics.existing()
            missing = [name for name in topics.needed if name not in existing]
            if missing and creates:
                await topics.create(missing, replicas)
        except CannotStart as problem:  # another broker may answer
            sys.stderr.write(f"{broker}{problem}\n")
            is_complete = False
            continue
        for name in topics.needed:
            state = "exists" if name not in missing else "created" if creates else "missing"
            sys.stdout.write(f"{broker}{name}: {state}\n")
        is_complete = is_complete and (creates or not missing)
    return 0 if is_complete else 1
