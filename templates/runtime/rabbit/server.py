"""Where a RabbitMQ of the contract is, and what it asks of who connects."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from pydantic import SecretStr

from ..security import Security


@dataclass(frozen=True)
class RabbitServer:
    """The server of one broker, as the settings have it."""

    name: str
    """What settings, metrics and log lines call it: `rabbit`, or more than that where it is not the only one."""
    address: str = field(repr=False)
    """The URL to connect to."""
    security: Security = Security()  # noqa: RUF009 - it is frozen
    """What it asks for."""
    login: str = ""
    """What the settings for that are called after, where it is not the name: those of another virtual host."""

    @property
    def access(self) -> Security:
        """How the service connects: without TLS where the URL is amqp://, and with its name and password if need be.

        Where the contract's server asks for nothing, or not for TLS, the URL alone says that.
        """
        asked, url = self.security, urlsplit(self.address)
        if not asked.asks:
            return asked
        is_tls = asked.tls and url.scheme == "amqps"
        if asked.username is None and asked.password is None and url.username and url.password:
            username, password = SecretStr(unquote(url.username)), SecretStr(unquote(url.password))
            asked = replace(asked, username=username, password=password)
        return replace(asked, tls=is_tls, certificate=asked.certificate and is_tls)

    def virtual_host(self, name: str, virtual_host: str, address: str) -> RabbitServer:
        """Give another virtual host of the same server, which is at `address` where that is set."""
        own = urlunsplit(urlsplit(self.address)._replace(path=f"/{quote(virtual_host, safe='')}"))
        return replace(self, name=name, address=address or own, login=self.login or self.name)
