"""What the application needs of a broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from faststream._internal.broker import BrokerUsecase
    from pydantic_settings import BaseSettings

    from .observation import Observation


class CannotStart(Exception):  # noqa: N818 - says what happened
    """The service cannot run as things are; the text says why, and what to do."""


class Adapter(Protocol):
    """A broker, and what is to be done around starting and stopping it."""

    title: ClassVar[str]
    """What people call the protocol."""

    @property
    def key(self) -> str:
        """What settings and metrics call it: `kafka`, and `kafka_eu` where that is not the first of its protocol."""
        ...

    @property
    def broker(self) -> BrokerUsecase[Any, Any, Any]: ...

    @property
    def idle(self) -> Sequence[str]:
        """Subscribers that are not started, and why."""
        ...

    async def problems(self) -> Sequence[str]:
        """Why the service is not ready."""
        ...

    def observe(self) -> Sequence[Observation]:
        """Give what has become of the messages of each channel so far."""
        ...

    async def start(self) -> None:
        """Check and prepare what the broker needs, before it starts. CannotStart when it cannot."""
        ...

    async def stop(self) -> None:
        """Finish what is in hand and acknowledge it, before the broker stops."""
        ...

    async def close(self) -> None:
        """Let go of connections, after the broker stopped."""
        ...


def prefix(key: str) -> str:
    """Give what stands in front of all that is said of a broker: nothing for the first, or only one, of a protocol."""
    return f"{key}: " if "_" in key else ""


def variable(settings: BaseSettings, name: str) -> str:
    """Give the name of the environment variable for a setting."""
    prefix = cast("Mapping[str, object]", settings.model_config).get("env_prefix", "")
    return f"{prefix}{name}".upper()
