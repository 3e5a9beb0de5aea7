"""RabbitMQ that also listens with TLS, and knows one user by a password or by a certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tests.brokers.certificates import Authority
from tests.brokers.ports import free_port, is_open
from tests.brokers.rabbit import RabbitMQ

if TYPE_CHECKING:
    from pathlib import Path

USER: Final = "alice"
PASSWORD: Final = "p@ss/w0rd:%41"  # noqa: S105 - a server of the tests
"""What has to be quoted in a URL must come through."""

_CONFIGURATION: Final = """\
listeners.ssl.1 = 127.0.0.1:{port}
ssl_options.cacertfile = {authority}
ssl_options.certfile = {certificate}
ssl_options.keyfile = {key}
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = false
auth_mechanisms.1 = PLAIN
auth_mechanisms.2 = EXTERNAL
ssl_cert_login_from = common_name
default_user = {user}
default_pass = {password}
"""


class SecuredRabbitMQ(RabbitMQ):
    """A RabbitMQ node; `address` is its URL without TLS, with the password; `tls` is that with TLS and without any."""

    def __init__(self, folder: Path) -> None:
        """Choose ports and make certificates. Raises MissingServerError."""
        super().__init__(folder)
        self.authority = Authority(folder / "certificates")
        self._tls_port = free_port()
        self.tls = f"amqps://127.0.0.1:{self._tls_port}/"
        self.address = f"amqp://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/"

    def start(self) -> None:
        certificate, key = self.authority.server()
        text = _CONFIGURATION.format(
            port=self._tls_port,
            authority=self.authority.file,
            certificate=certificate,
            key=key,
            user=USER,
            password=PASSWORD,
        )
        (self.folder / "rabbitmq.conf").write_text(text)
        (self.folder / "enabled_plugins").write_text("[rabbitmq_auth_mechanism_ssl].\n")
        super().start()

    def is_ready(self) -> bool:
        return super().is_ready() and is_open(self._tls_port)
