"""Apache Kafka that asks who connects: listeners with and without TLS, with passwords and with certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.brokers.certificates import Authority
from tests.brokers.kafka import ApacheKafka
from tests.brokers.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

USER: Final = "alice"
PASSWORD: Final = "p@ss/w0rd:%41 é"  # noqa: S105 - a server of the tests
"""What has to be quoted somewhere must come through."""

_PROTOCOLS: Final = {
    "SASL": "SASL_PLAINTEXT",
    "SASLTLS": "SASL_SSL",
    "TLS": "SSL",
    "MTLS": "SSL",
    "OAUTH": "SASL_PLAINTEXT",
}
_LOGINS: Final = "org.apache.kafka.common.security"


class SecuredKafka(ApacheKafka):
    """A Kafka broker whose `address` asks for nothing, for what the tests do beside the service.

    `listener` gives the others: `SASL` and `SASLTLS` take a name and a password (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512),
    `TLS` takes everybody, `MTLS` wants a certificate of `authority`, `OAUTH` a token, which need not be signed; it ends
    connections with the token that they began with, after some seconds at the latest.
    """

    def __init__(self, folder: Path) -> None:
        """Choose ports and make certificates. Raises MissingServerError."""
        super().__init__(folder)
        self.authority = Authority(folder / "certificates")
        self._ports = {name: free_port() for name in _PROTOCOLS}

    def listener(self, name: str) -> str:
        """Give the bootstrap server of a listener."""
        return f"127.0.0.1:{self._ports[name]}"

    def properties(self) -> str:
        """Add the listeners."""
        certificate, key = self.authority.server()
        keystore = self.folder / "certificates" / "keystore.pem"
        keystore.write_bytes(key.read_bytes() + certificate.read_bytes())
        text = super().properties()
        more = {
            "listeners": [f"{name}://{self.listener(name)}" for name in _PROTOCOLS],
            "advertised.listeners": [f"{name}://{self.listener(name)}" for name in _PROTOCOLS],
            "listener.security.protocol.map": [f"{name}:{protocol}" for name, protocol in _PROTOCOLS.items()],
        }
        lines = []
        for line in text.splitlines():
            name = line.partition("=")[0]
            lines.append(",".join([line, *more.get(name, ())]))
        lines += [
            "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            "ssl.keystore.type=PEM",
            f"ssl.keystore.location={keystore}",
            "ssl.truststore.type=PEM",
            f"ssl.truststore.location={self.authority.file}",
            "listener.name.mtls.ssl.client.auth=required",
        ]
        by_token = f"{_LOGINS}.oauthbearer.OAuthBearerLoginModule required"
        lines += [
            "listener.name.oauth.sasl.enabled.mechanisms=OAUTHBEARER",
            f'listener.name.oauth.oauthbearer.sasl.jaas.config={by_token} unsecuredLoginStringClaim_sub="broker";',
            "listener.name.oauth.oauthbearer.connections.max.reauth.ms=3000",
        ]
        for listener in ("sasl", "sasltls"):
            login = f"listener.name.{listener}"
            account = f'user_{USER}="{_escaped(PASSWORD)}"'
            lines += [
                f"{login}.plain.sasl.jaas.config={_LOGINS}.plain.PlainLoginModule required {account};",
                f"{login}.scram-sha-256.sasl.jaas.config={_LOGINS}.scram.ScramLoginModule required;",
                f"{login}.scram-sha-512.sasl.jaas.config={_LOGINS}.scram.ScramLoginModule required;",
            ]
        return "\n".join([*lines, ""])

    def accounts(self) -> list[str]:
        """Give the account that SCRAM knows."""
        return [
            argument
            for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
            for argument in ("--add-scram", f'{mechanism}=[name={USER},password="{PASSWORD}"]')
        ]


def _escaped(text: str) -> str:
    r"""Write what is no ASCII as Java's properties have it."""
    return "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in text)
