"""A generated package under test: handlers that record what they get, on brokers in memory.

`Package` generates, as a user would; files can be rewritten until the package is imported, which the first use of a
module of it does. Its name must be unique in the process.
"""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from faststream.kafka import TestKafkaBroker
from faststream.rabbit import TestRabbitBroker

from cqrs_gen.config import Config
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.pipeline import generate
from cqrs_gen.write import write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterator, Mapping
    from types import ModuleType

    from cqrs_gen.plan.views import PackageView

SPECS: Final = Path(__file__).parents[1] / "specs"

_IN_MEMORY: Final[Mapping[str, Any]] = {"kafka": TestKafkaBroker, "rabbit": TestRabbitBroker}

_RECORDER: Final = '''\
"""Records the events that handlers get."""

import copy

from ..contract import current_message

handled = []
act = None


async def record(event):
    """Note an event and what is around it, then do what the test asks for."""
    handled.append((event, copy.copy(current_message())))
    if act is not None:
        await act(event)
'''


_WITHOUT_REPLY: Final = """\
import cqrs

from ..contract.events import {event.name}


class {event.handler}(cqrs.EventHandler[{event.name}]):
    async def handle(self, event: {event.name}) -> None:
        raise NotImplementedError
"""
"""A handler of a request that only takes it."""


@dataclass(frozen=True)
class Dead:
    """What a dead-letter topic or queue got."""

    address: str
    body: bytes | None
    headers: Mapping[str, Any]
    raw: Any
    """The record, or the message, of the broker's client."""
    broker: str
    """The name of its broker."""


@dataclass
class Traffic:
    """The brokers of a package that runs, to publish on, and what its dead-letter topics and queues got."""

    kafka: Any
    rabbit: Any
    dead: list[Dead]
    brokers: Mapping[str, Any]
    """All of them, by their names; `kafka` and `rabbit` are the first of each protocol."""


class Package:
    """One package: `document`, generated into `folder` under `name`."""

    def __init__(  # noqa: PLR0913 - what a user may choose, by keyword
        self,
        document: Path,
        folder: Path,
        name: str,
        *,
        envelope: str = "auto",
        role: str = "application",
        protocols: Collection[str] = (),
        tombstones: str = "skip",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.folder = folder / name
        self.diagnostics = Diagnostics()
        config = Config((document,), folder, name, envelope, tuple(protocols), role, tombstones)
        generation = generate(config, self.diagnostics, cwd=document.parent)
        assert generation is not None, [str(found) for found in self.diagnostics.sorted()]
        write(generation.changes)
        self.view: PackageView = generation.view
        self._settings = {f"{name.upper()}_{key}": value for key, value in (settings or {}).items()}
        self._dead: list[Dead] = []
        self._is_watched = False

    def write(self, path: str, text: str) -> None:
        """Write a file of the package, before it is imported."""
        assert self.name not in sys.modules
        (self.folder / path).write_text(text, encoding="utf-8")

    def record(self, *handlers: str) -> Package:
        """Have these handlers, by the name of their file, record events; without any, all of them."""
        if self.view.handled:
            self.write("handlers/recorder.py", _RECORDER)
        for event in self.view.handled:
            path = self.folder / "handlers" / f"{event.handler_module}.py"
            if not handlers or event.handler_module in handlers:
                text = _WITHOUT_REPLY.format(event=event) if event.reply else path.read_text(encoding="utf-8")
                text = text.replace("raise NotImplementedError", "await record(event)")
                path.write_text(text.replace("import cqrs\n", "import cqrs\n\nfrom .recorder import record\n"))
        return self

    @property
    def contract_text(self) -> str:
        """The document as the package shows it: JSON, with every file in it."""
        return (self.folder / "contract" / "asyncapi.json").read_text(encoding="utf-8")

    def module(self, name: str) -> Any:
        """Import a module of the package, which reads its settings then."""
        if str(self.folder.parent) not in sys.path:
            sys.path.insert(0, str(self.folder.parent))
            importlib.invalidate_caches()
        os.environ.update(self._settings)
        return importlib.import_module(f"{self.name}.{name}")

    @property
    def handled(self) -> list[tuple[Any, Any]]:
        """The events that handlers got, each with a copy of its message."""
        handled: list[tuple[Any, Any]] = self.module("handlers.recorder").handled if self.view.events else []
        return handled

    @property
    def names(self) -> list[str]:
        """The classes of the events that handlers got."""
        return [type(event).__name__ for event, _ in self.handled]

    @property
    def adapters(self) -> dict[str, Any]:
        """The adapters of the package's brokers, by their names: `kafka`, `rabbit`, those that come after them."""
        keys = [broker.name for broker in self.view.brokers]
        return dict(zip(keys, self.module("contract.application").ADAPTERS, strict=True))

    @asynccontextmanager
    async def traffic(self) -> AsyncIterator[Traffic]:
        """Run the package's subscribers on brokers in memory; what was recorded before is forgotten."""
        adapters = self.adapters
        if not self._is_watched:
            self._is_watched = True
            receiving = [broker.name for broker in self.view.brokers if broker.subscribers]
            for key, adapter in ((key, adapters[key]) for key in receiving):
                for address in self._dead_letter_addresses(self.module(f"contract.{key}")):
                    _watch(key, adapter.broker, address, self._dead)
        self._dead.clear()
        self.handled.clear()
        async with AsyncExitStack() as stack:
            running = {
                name: await stack.enter_async_context(_IN_MEMORY[name.partition("_")[0]](adapter.broker))
                for name, adapter in adapters.items()
            }
            yield Traffic(running.get("kafka"), running.get("rabbit"), self._dead, running)

    def forget(self) -> None:
        """Take the package out of the process."""
        for variable in self._settings:
            os.environ.pop(variable, None)
        sys.path[:] = [path for path in sys.path if path != str(self.folder.parent)]
        for module in [module for module in sys.modules if module.partition(".")[0] == self.name]:
            del sys.modules[module]

    def _dead_letter_addresses(self, module: ModuleType) -> Iterator[str]:
        found: dict[str, None] = {}
        for value in vars(module).values():
            if type(value).__name__ == "Subscription":
                found |= dict.fromkeys(getattr(value, "dead_letter_topics", ()) or (value.dead_queue.name,))
        yield from found


def _watch(name: str, broker: Any, address: str, dead: list[Dead]) -> None:
    async def on_dead(message: Any) -> None:
        raw = message.raw_message
        body = raw.value if hasattr(raw, "offset") else raw.body
        dead.append(Dead(address, body, message.headers, raw, name))

    broker.subscriber(address, decoder=_undecoded)(on_dead)


class Generate(Protocol):
    """Generates a package under a name of its own, from a path or from the text of a document.

    `record` is true where all handlers record events, else the names of the files of those that do.
    """

    def __call__(
        self,
        document: Path | str,
        *,
        record: bool | tuple[str, ...] = True,
        settings: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Package: ...


async def _undecoded(message: Any) -> Any:
    return message
