"""Why RabbitMQ let nobody in, and which settings to look at."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiormq.exceptions import AuthenticationError, ProbableAuthenticationError

from ..adapter import variable
from ..reason import describe

if TYPE_CHECKING:
    from .server import RabbitServer
    from .settings import RabbitSettings


def refusal(settings: RabbitSettings, server: RabbitServer, error: Exception) -> str:
    """Say in one line why the connection to a server could not be made. No secret is in it."""
    url = urlsplit(server.address)  # without its password
    access = server.access
    where = f"{url.hostname}:{url.port or (5671 if url.scheme == 'amqps' else 5672)}{url.path}"
    setting = {
        name: variable(settings, f"{server.login or server.name}_{name}")
        for name in ("username", "password", "tls_ca_file", "tls_cert_file")
    }
    setting["url"] = variable(settings, f"{server.name}_url")
    if access.tls and isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
        return (
            f"RabbitMQ at {where} has a certificate that is not trusted: {describe(error)}; "
            f"{setting['tls_ca_file']} names the file of the authorities that are"
        )
    if isinstance(error, (AuthenticationError, ProbableAuthenticationError)) and access.asks:
        login = f"{setting['username']} and {setting['password']}" if access.sasl else setting["tls_cert_file"]
        return f"RabbitMQ at {where} refuses the service: {describe(error)}; look at {login}"
    own = f", {setting['tls_cert_file']} who the service is" if access.certificate else ""
    return f"RabbitMQ does not answer at {where}: {describe(error)}; {setting['url']} says where it is{own}"
