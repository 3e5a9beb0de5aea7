"""Settings that every service has, whatever its contract and its broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeVar, cast

from pydantic import Field, PositiveFloat, PositiveInt, ValidationError, field_validator
from pydantic_settings import BaseSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


class ServiceSettings(BaseSettings):
    """How messages are tried again and dead-lettered, and how the process serves."""

    attempts: PositiveInt = Field(default=3, description="How often a handler is tried before the dead letter.")
    retry_delay: PositiveFloat = Field(
        default=0.2, allow_inf_nan=False, description="Seconds before the second attempt; doubled each time."
    )
    retry_delay_max: PositiveFloat = Field(
        default=30.0, allow_inf_nan=False, description="The longest wait between two attempts."
    )
    dead_letter: str = Field(
        default="{address}.dead",
        description="Name of the dead-letter topic or queue; {address} stands for the one the message came from.",
    )
    dead_letter_timeout: PositiveFloat = Field(
        default=10.0, description="Seconds to write one dead letter before that is tried again."
    )
    ack: Literal["after-success", "at-most-once"] = Field(
        default="after-success",
        description="When a message is acknowledged: behind its handler or dead letter, or before its handler runs.",
    )
    stuck_after: PositiveFloat = Field(
        default=300.0, description="Seconds after which a handler that still runs makes the service unready."
    )
    run_stubs: bool = Field(
        default=False,
        description="Start subscribers with handlers that are not implemented; their messages go to the dead letter.",
    )
    host: str = Field(default="127.0.0.1", description="Where /live and /ready are served; 0.0.0.0 in a container.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port of /live and /ready.")
    graceful_timeout: PositiveFloat = Field(
        default=15.0, description="Seconds that handlers have to finish when the service stops."
    )
    traces: bool = Field(default=False, description="Have a span of OpenTelemetry around every attempt.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="From which level on log lines are written."
    )

    @field_validator("dead_letter")
    @classmethod
    def _check_dead_letter(cls, value: str) -> str:
        around = value.replace("{address}", "")
        if around == value or not around or "{" in around or "}" in around:
            raise ValueError("must hold {address} and more than that, or messages came back to where they failed")
        return value

    def dead_letter_of(self, address: str) -> str:
        """Give the name of the topic or queue for dead letters of `address`."""
        return self.dead_letter.replace("{address}", address)


SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


class SettingsError(ValueError):
    """Environment variables are missing or wrong; the text names each."""


def read_settings(settings: type[SettingsT]) -> SettingsT:
    """Read all settings from the environment. Raises SettingsError, which never repeats a value: it may be secret."""
    try:
        return settings()
    except ValidationError as error:
        prefix = cast("Mapping[str, object]", settings.model_config).get("env_prefix", "")
        problems = [
            f"{prefix}{'_'.join(map(str, problem['loc']))}".upper() + f": {problem['msg']}"
            if problem["loc"]
            else problem["msg"].removeprefix("Value error, ")  # what is wrong with several together names them itself
            for problem in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise SettingsError("the settings are wrong: " + "; ".join(problems)) from None
