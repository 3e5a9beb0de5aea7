"""The service on Kafka with one thing taken away, to see what that costs.

`python -m benchmarks.consuming.reduced delivery|commits`, in the folder that holds the package.
"""

# The package is generated: nothing is known of it before it runs.

from __future__ import annotations

import importlib
import runpy
import sys
from typing import Any, Final

from aiokafka import AIOKafkaConsumer  # type: ignore[import-untyped] # it has no types

from benchmarks.consuming.package import NAME


def _drop_delivery() -> None:
    """Decode and dispatch, and nothing else: no attempts, dead letters, metrics, limits, and no current message."""
    send = importlib.import_module(f"{NAME}.contract.mediator").mediator.send
    deserialize = importlib.import_module(f"{NAME}.contract.deserializers").deserialize_users

    async def deliver(_: Any, message: Any, earlier: None = None) -> None:  # noqa: ANN401, ARG001 - as the real one
        await send(deserialize(message.body, message))

    importlib.import_module(f"{NAME}.contract.runtime.kafka.subscription").Subscription.deliver = deliver


def _drop_commits() -> None:
    """Keep all that counts offsets, and never send one."""

    async def commit(_: Any, offsets: Any) -> None:  # noqa: ANN401 - as the real one
        pass

    AIOKafkaConsumer.commit = commit


_DROPS: Final = {"delivery": _drop_delivery, "commits": _drop_commits}

if __name__ == "__main__":
    _DROPS[sys.argv.pop()]()
    runpy.run_module(NAME, run_name="__main__", alter_sys=True)
