"""The protocols that are generated. The list is explicit, so that mypy checks each module and a search finds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.protocols.kafka import KAFKA
from cqrs_gen.protocols.rabbit import RABBIT

if TYPE_CHECKING:
    from cqrs_gen.protocols.base import ProtocolModule

PROTOCOLS: Final[tuple[ProtocolModule, ...]] = (KAFKA, RABBIT)


def protocol_called(name: str) -> ProtocolModule | None:
    """Give the module that people call `name`: as `--protocol` does, or as `server.protocol` or bindings do."""
    called = (module for module in PROTOCOLS if name in {module.key, module.binding, *module.schemes})
    return next(called, None)


def protocol_of(scheme: str) -> ProtocolModule | None:
    """Give the module for a `server.protocol`; None where it is not generated."""
    return next((module for module in PROTOCOLS if scheme in module.schemes), None)
