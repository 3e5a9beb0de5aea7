"""What a server asks of who connects, and what the settings give for it: TLS, a password or a token, a certificate."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr


@dataclass(frozen=True)
class Security:
    """The way into a server; without arguments one that asks for nothing. Its text shows no secret."""

    tls: bool = False
    sasl: str = ""
    """The SASL mechanism that takes a name and a password, or a token; empty without one."""
    certificate: bool = False
    """Whether the service shows a certificate of its own."""
    oauth_url: str = ""
    """Where the contract says that tokens come from, for the mechanism that takes one."""
    scope: str = ""
    """What the contract says that they have to allow."""
    username: SecretStr | None = None
    password: SecretStr | None = None
    tls_ca_file: Path | None = None
    """Without it, the authorities of the system vouch for the server."""
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    """Without it, the key is in the file of the certificate."""
    oauth_token_url: str | None = None
    oauth_scope: str | None = None
    """Without these, it is what the contract says."""
    oauth_client_id: SecretStr | None = None
    oauth_client_secret: SecretStr | None = None

    plaintext: bool = False
    """Whether all of this is left away."""

    @property
    def asks(self) -> bool:
        """Whether the server asks for anything."""
        return self.tls or bool(self.sasl) or self.certificate

    @property
    def takes_token(self) -> bool:
        """Whether the mechanism takes a token (RFC 7628)."""
        return self.sasl == "OAUTHBEARER"

    @property
    def client(self) -> tuple[str, str]:
        """The name and the secret with which to ask for a token, in clear text."""
        return _clear(self.oauth_client_id), _clear(self.oauth_client_secret)

    @property
    def login(self) -> tuple[str, str]:
        """The name and the password, in clear text."""
        return _clear(self.username), _clear(self.password)

    def context(self) -> ssl.SSLContext | None:
        """Give what checks the server's certificate and name and shows our own; None without TLS.

        OSError when a file cannot be read or holds something else.
        """
        if not self.tls:
            return None
        context = self.trusting()
        if self.certificate and self.tls_cert_file is not None:
            # the password is asked for on the terminal otherwise, where the key is encrypted
            context.load_cert_chain(self.tls_cert_file, self.tls_key_file, password=lambda: "")
        return context

    def trusting(self) -> ssl.SSLContext:
        """Give what checks the server's certificate and name. OSError as above."""
        return ssl.create_default_context(cafile=self.tls_ca_file)


class NoToken(ConnectionError):  # noqa: N818 - says what is wrong
    """There is no token to be had now. Clients try again after an error of the connection, and after no other."""


def check_security(security: Security, prefix: str) -> None:
    """Raise ValueError when the settings do not give what is asked for; it names variables and shows no value.

    `prefix` is what the names of the environment variables start with.
    """
    asks_password = bool(security.sasl) and not security.takes_token
    needed = {
        "USERNAME": asks_password and not security.login[0],
        "PASSWORD": asks_password and not security.login[1],
        "OAUTH_CLIENT_ID": security.takes_token and not security.client[0],
        "OAUTH_CLIENT_SECRET": security.takes_token and not security.client[1],
        "TLS_CERT_FILE": security.certificate and security.tls_cert_file is None,
    }
    if missing := [f"{prefix}{name}" for name, is_missing in needed.items() if is_missing]:
        raise ValueError(f"the contract's server asks for more: set {' and '.join(missing)}")
    if security.takes_token and not (security.oauth_token_url or security.oauth_url).startswith(
        ("https://", "http://")
    ):
        raise ValueError(f"{prefix}OAUTH_TOKEN_URL: it must be a URL that begins with https://")
    if not security.tls:
        return
    try:
        security.trusting()
    except OSError as error:
        raise ValueError(f"{prefix}TLS_CA_FILE: it holds no certificates: {error}") from None
    try:
        security.context()
    except OSError as error:
        raise ValueError(
            f"{prefix}TLS_CERT_FILE: it holds no certificate that goes with its unencrypted private key: {error}"
        ) from None


def _clear(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
