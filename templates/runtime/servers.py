"""Which server of the contract a service uses, where the contract leaves a choice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import Field
from pydantic_settings import BaseSettings

if TYPE_CHECKING:
    from collections.abc import Mapping


class ServerChoice(BaseSettings):
    """The settings of a contract with several servers, or with variables in their addresses."""

    server: str = Field(
        default="",
        description="Keys of the contract's servers to use, separated by commas; the first of each broker otherwise.",
    )

    def address_of(self, servers: Mapping[str, str], variables: Mapping[str, str]) -> str:
        """Give the address of the chosen one of `servers`, with `{variables}` filled in; the first is the default."""
        address = servers[self.key_of(servers)]
        return re.sub(r"\{([^{}]+)\}", lambda found: variables.get(found[1], found[0]), address)

    def key_of(self, servers: Mapping[str, object]) -> str:
        """Give the key of the chosen one of `servers`."""
        return next(iter([key for key in self._wanted() if key in servers] or servers))

    def check_servers(self, *known: Mapping[str, str]) -> None:
        """Raise ValueError for a key that no broker has."""
        keys = {key for servers in known for key in servers}
        if unknown := [key for key in self._wanted() if key not in keys]:
            raise ValueError(
                f"no server {unknown[0]!r} can be chosen; the contract has {', '.join(sorted(keys))} for that"
            )

    def _wanted(self) -> list[str]:
        return [key.strip() for key in self.server.split(",") if key.strip()]
