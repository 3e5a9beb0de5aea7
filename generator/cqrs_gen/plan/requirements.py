"""What a generated package needs to run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.model import Content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.plan.events import NamedMessage
    from cqrs_gen.plan.served import Served

_REQUIREMENTS: Final = (
    "python-cqrs[pydantic]>=5.2,<6",
    "pydantic>=2.12.2",
    "pydantic-settings>=2.4",
    "di>=0.79",
    "opentelemetry-api>=1.20",
    "prometheus-client>=0.20",
    "uvicorn>=0.30",
)
_AVRO: Final = ("fastavro>=1.9,<2",)


def requirements(served: Sequence[Served], messages: Mapping[str, NamedMessage]) -> tuple[str, ...]:
    """Give the lines of requirements.txt: what every package needs, and what its protocols and payloads do."""
    protocols = list(dict.fromkeys(one.protocol for one in served))
    extras = ",".join(["cli", *(protocol.extra for protocol in protocols)])
    clients = [requirement for protocol in protocols for requirement in protocol.requirements]
    has_avro = any(named.message.content is Content.AVRO for named in messages.values())
    return (f"faststream[{extras}]>=0.7,<0.8", *clients, *_REQUIREMENTS, *(_AVRO if has_avro else ()))
