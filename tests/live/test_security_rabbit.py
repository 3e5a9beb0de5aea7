"""Services for RabbitMQ get in as the contract says, and tell what to look at when they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import pytest
from aio_pika import Message

from tests.brokers.certificates import Authority
from tests.brokers.secured_rabbit import PASSWORD, USER
from tests.live.packages import SECURED_ON_RABBIT, Package
from tests.live.rabbit_client import remove, send, take
from tests.live.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.brokers import Service
    from tests.brokers.secured_rabbit import SecuredRabbitMQ

pytestmark = pytest.mark.xdist_group("rabbit")

QUEUE: Final = "secured_orders"
DEAD: Final = "secured_orders.dead"
LOGIN: Final = {"RABBIT_USERNAME": USER, "RABBIT_PASSWORD": PASSWORD}
WRONG: Final = "not-the-password"


class Secured:
    """The service of secured-rabbit.yaml, and the broker that it connects to."""

    def __init__(self, rabbit: SecuredRabbitMQ, folder: Path) -> None:
        self.rabbit = rabbit
        self.package = Package(folder, SECURED_ON_RABBIT, "secured")
        certificate, key = rabbit.authority.client(USER)
        self.trust = {"RABBIT_TLS_CA_FILE": rabbit.authority.file}
        self.certificate = {"RABBIT_TLS_CERT_FILE": certificate, "RABBIT_TLS_KEY_FILE": key}
        self.open = f"amqp://127.0.0.1:{urlsplit(rabbit.address).port}/"

    def service(self, server: str, settings: dict[str, object]) -> Service:
        """Give a service that uses a server of the contract, not yet started."""
        where = self.open if server == "password" else self.rabbit.tls
        return self.package.service({"SERVER": server, "RABBIT_URL": where, **settings})

    def settings(self, server: str) -> dict[str, object]:
        """Give what the server asks for."""
        login = self.certificate if server == "certificate" else LOGIN
        return {**login, **(self.trust if server != "password" else {})}

    async def handles(self, service: Service) -> None:
        """Have one message handled and one dead-lettered."""
        await remove(self.rabbit.address, QUEUE, DEAD)
        with service:
            await send(self.rabbit.address, QUEUE, Message(b"no json"), Message(b'{"id": "o-1"}'))
            await until(lambda: self.package.ledger.column("id") == ["o-1"], why=self.package.logs)
        [letter] = await take(self.rabbit.address, DEAD)
        assert letter.body == b"no json"
        assert PASSWORD not in self.package.logs()
        assert quote(PASSWORD, safe="") not in self.package.logs()


@pytest.fixture
def secured(secured_rabbit: SecuredRabbitMQ, tmp_path: Path) -> Secured:
    return Secured(secured_rabbit, tmp_path)


def refused(service: Service) -> str:
    """Run a service that cannot start; gives the line that says why, the only one of its kind."""
    done = service.run()
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for secret in (PASSWORD, quote(PASSWORD, safe=""), WRONG):
        assert secret not in done.stdout + done.stderr
    [line] = [line for line in done.stderr.splitlines() if "secured cannot run" in line]
    return line


@pytest.mark.parametrize("server", ["password", "password_tls", "certificate"])
async def test_a_service_gets_in(secured: Secured, server: str) -> None:
    await secured.handles(secured.service(server, secured.settings(server)))


async def test_name_and_password_may_be_in_the_url(secured: Secured) -> None:
    await secured.handles(secured.service("password", {"RABBIT_URL": secured.rabbit.address}))


@pytest.mark.parametrize("server", ["password", "password_tls"])
def test_a_wrong_password_ends_the_service(secured: Secured, server: str) -> None:
    line = refused(secured.service(server, {**secured.settings(server), "RABBIT_PASSWORD": WRONG}))
    assert "refuses the service: " in line
    assert "look at SECURED_RABBIT_USERNAME and SECURED_RABBIT_PASSWORD" in line


@pytest.mark.parametrize("trusts", ["the system", "another authority"])
def test_an_untrusted_certificate_ends_the_service(secured: Secured, tmp_path: Path, trusts: str) -> None:
    settings = secured.settings("password_tls")
    del settings["RABBIT_TLS_CA_FILE"]
    if trusts == "another authority":
        settings["RABBIT_TLS_CA_FILE"] = Authority(tmp_path / "another").file
    line = refused(secured.service("password_tls", settings))
    assert "has a certificate that is not trusted" in line
    assert "SECURED_RABBIT_TLS_CA_FILE names the file" in line


@pytest.mark.parametrize("wrong", ["authority", "name"])
def test_a_wrong_certificate_ends_the_service(secured: Secured, tmp_path: Path, wrong: str) -> None:
    authority = Authority(tmp_path / "another") if wrong == "authority" else secured.rabbit.authority
    certificate, key = authority.client(USER if wrong == "authority" else "nobody")
    settings = {**secured.trust, "RABBIT_TLS_CERT_FILE": certificate, "RABBIT_TLS_KEY_FILE": key}
    assert "SECURED_RABBIT_TLS_CERT_FILE" in refused(secured.service("certificate", settings))


def test_a_port_without_tls_ends_the_service(secured: Secured) -> None:
    url = secured.open.replace("amqp://", "amqps://")
    line = refused(secured.service("password_tls", {**secured.settings("password_tls"), "RABBIT_URL": url}))
    assert "SECURED_RABBIT_URL says where it is" in line
