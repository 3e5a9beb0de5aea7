"""What templates may see of servers: where they are and how the service gets into them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessView:
    """How the service gets into a server: over TLS or not, with a SASL mechanism, with a certificate of its own."""

    tls: bool
    sasl: str
    """Empty where the server asks for no name and password."""
    certificate: bool


@dataclass(frozen=True)
class SecuritySettingView:
    """A setting that the way into a server needs."""

    name: str
    annotation: str
    default: str
    """A Python expression."""
    description: str
    member: str
    """What the runtime's `Security` calls it."""


@dataclass(frozen=True)
class ServerView:
    """Where a server of the contract is, an address in which `{variables}` may stand, and the way into it."""

    key: str
    address: str
    access: AccessView


@dataclass(frozen=True)
class ServersView:
    """The servers of one protocol, the default first."""

    protocol: str
    title: str
    constant: str
    setting: str
    """The setting that overrides them."""
    default: str
    servers: tuple[ServerView, ...]
    security_settings: tuple[SecuritySettingView, ...]
    """What the ways into the servers need; none where nothing is asked for."""

    @property
    def security_constant(self) -> str:
        """What settings.py calls the ways into the servers."""
        return f"{self.protocol.upper()}_SECURITY_OF_CONTRACT"

    @property
    def has_one_access(self) -> bool:
        """Whether the way in is the same for all servers."""
        return len({server.access for server in self.servers}) == 1

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to choose and nothing to fill in."""
        return len(self.servers) <= 1 and not any("{" in server.address for server in self.servers)
