"""Which files a package has, from which template, and whose they are."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cqrs_gen.plan.views import PlannedFile
from cqrs_gen.rendered import Ownership

if TYPE_CHECKING:
    from cqrs_gen.plan.views import PackageView


def plan_files(view: PackageView) -> list[PlannedFile]:
    """List what depends on the contract; the runtime, which does not, is copied."""

    def file(path: str, template: str, ownership: Ownership, of: object = view) -> PlannedFile:
        return PlannedFile(PurePosixPath(path), template, of, ownership)

    contract = [
        file(f"contract/{name}", f"package/contract/{name}.jinja", Ownership.GENERATED)
        for name in (
            *("__init__.py", "application.py", "brokers.py", "requirements.txt", "settings.py"),
            *(("deserializers.py", "events.py", "mediator.py", "testing.py") if view.receives else ()),
            *(("publishers.py",) if view.publishers else ()),
            *(("replies.py",) if view.requests else ()),
            *(("avro.py",) if view.avro else ()),
        )
    ]
    brokers = [
        file(f"contract/{broker.name}.py", f"protocols/{key}/{key}.py.jinja", Ownership.GENERATED, broker)
        for broker in view.brokers
        if broker.subscribers
        for key in (broker.protocol.key,)
    ]
    scaffold = [
        file(name, f"package/{name}.jinja", Ownership.SCAFFOLD)
        for name in (
            *("__init__.py", "__main__.py", "app.py", "py.typed"),
            *(("dependencies.py", "handlers/__init__.py") if view.receives else ()),
        )
    ]
    handlers = [
        file(f"handlers/{event.handler_module}.py", "package/handlers/handler.py.jinja", Ownership.SCAFFOLD, event)
        for event in view.handled
    ]
    return [*contract, *brokers, *scaffold, *handlers]
