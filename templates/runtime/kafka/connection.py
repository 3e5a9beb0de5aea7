"""How every client of a service gets to Kafka, and what to look at when it does not."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any, Final

from aiokafka.conn import collect_hosts, create_conn  # type: ignore[import-untyped] # it has no types
from aiokafka.errors import (  # type: ignore[import-untyped] # as above
    AuthenticationFailedError,
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from faststream.kafka.security import parse_security

from ..adapter import variable
from ..reason import describe
from ..security import NoToken
from .security import faststream_security, token_provider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .server import KafkaServer
    from .settings import KafkaSettings

_PATIENCE_MS: Final = 10_000
_REFUSALS: Final = (
    AuthenticationFailedError,
    IllegalSaslStateError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)


class Connection:
    """Where Kafka is and what it asks for: as FastStream wants it (`security`), and as aiokafka does (`options`).

    `client_id` is what Kafka calls all of them.
    """

    def __init__(self, settings: KafkaSettings, server: KafkaServer, client_id: str) -> None:
        self._settings = settings
        self.client_id = client_id
        self._server = server
        self.servers = server.bootstrap_servers
        self.security = faststream_security(server.access)
        self.tokens = token_provider(server.access)
        """What gives clients their tokens, if they need any; FastStream does not take it with `security`."""
        self.options: Mapping[str, Any] = {
            "bootstrap_servers": self.servers,
            "client_id": client_id,
            **parse_security(self.security),
            **({"sasl_oauth_token_provider": self.tokens} if self.tokens else {}),
        }

    async def refusal(self, error: Exception) -> str:
        """Say in one line why a client could not connect, and which settings to look at. No secret is in it."""
        where = ", ".join(self.servers)
        cause = await self._cause() or error
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"Kafka at {where} has a certificate that is not trusted: {describe(cause)}; "
                f"{self._variable('tls_ca_file')} names the file of the authorities that are"
            )
        if isinstance(cause, NoToken):
            return (
                f"Kafka at {where} needs a token: {cause}; look at {self._variable('oauth_token_url')}, "
                f"{self._variable('oauth_client_id')} and {self._variable('oauth_client_secret')}"
            )
        if isinstance(cause, _REFUSALS) and not self.tokens:
            return (
                f"Kafka at {where} refuses the service: {describe(cause)}; "
                f"look at {self._variable('username')} and {self._variable('password')}"
            )
        # Kafka closes the connection of a token, or of a certificate, that it does not take
        own = "oauth_client_id" if self.tokens else "tls_cert_file" if self._server.access.certificate else ""
        who = f", {self._variable(own)} who the service is" if own else ""
        return f"Kafka does not answer at {where}: {describe(cause)}; {self._variable('servers')} says where it is{who}"

    async def _cause(self) -> Exception | None:
        """Connect once more to learn the reason, which aiokafka's clients tell only to their log."""
        if self.security is None:
            return None
        options = {name: value for name, value in self.options.items() if name != "bootstrap_servers"}
        for host, port, _ in collect_hosts(self.servers):
            try:
                connection = await create_conn(host, port, request_timeout_ms=_PATIENCE_MS, **options)
            except Exception as cause:  # noqa: BLE001 - whatever it is, it is the reason
                return cause
            connection.close()
        return None

    def _variable(self, name: str) -> str:
        return variable(self._settings, f"{self._server.name}_{name}")
