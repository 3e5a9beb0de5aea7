"""What templates may see of servers: where they are and how the service gets into them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AccessView:
    """How the service gets into a server: over TLS or not, with a SASL mechanism, with a certificate of its own."""

    tls: bool
    sasl: str
    """Empty where the server asks for no name and password, and for no token."""
    certificate: bool
    token_url: str
    """Where the service gets the token that the mechanism takes; empty for the others."""
    scope: str
    """What that token has to allow: scopes, separated by blanks."""


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
class VirtualHostView:
    """A broker that is another virtual host of servers which have a broker already."""

    name: str
    virtual_host: str
    setting: str
    """The setting that holds where it is."""


@dataclass(frozen=True)
class ServersView:
    """The servers that one broker is chosen from, the default first."""

    name: str
    """The broker's."""
    protocol: str
    title: str
    """What people call the broker."""
    address: str
    """What the setting that overrides the servers has behind the broker's name."""
    default: str
    servers: tuple[ServerView, ...]
    security_settings: tuple[SecuritySettingView, ...]
    """What the ways into the servers need; none where nothing is asked for."""
    virtual_hosts: tuple[VirtualHostView, ...]

    @property
    def is_first(self) -> bool:
        """Whether it is the first broker of its protocol, whose settings every service of the protocol has."""
        return self.name == self.protocol

    @property
    def setting(self) -> str:
        """The setting that overrides the servers."""
        return f"{self.name}_{self.address}"

    @property
    def constant(self) -> str:
        """What settings.py calls the servers."""
        return f"{self.setting.upper()}_OF_CONTRACT"

    @property
    def security_constant(self) -> str:
        """What settings.py calls the ways into the servers."""
        return f"{self.name.upper()}_SECURITY_OF_CONTRACT"

    @property
    def has_one_access(self) -> bool:
        """Whether the way in is the same for all servers."""
        return len({server.access for server in self.servers}) == 1

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to choose and nothing to fill in."""
        return len(self.servers) <= 1 and not any("{" in server.address for server in self.servers)
