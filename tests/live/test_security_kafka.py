"""Services for Kafka get in as the contract says, and tell what to look at when they do not."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import pytest

from tests.brokers.certificates import Authority
from tests.brokers.secured_kafka import PASSWORD, USER
from tests.brokers.tokens import CLIENT, SECRET, TokenServer
from tests.live.kafka_client import Record, make_empty, read, remove, send
from tests.live.packages import SECURED_ON_KAFKA, Package, get
from tests.live.waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.brokers import Service
    from tests.brokers.secured_kafka import SecuredKafka

pytestmark = pytest.mark.xdist_group("kafka")

TOPIC: Final = "secured_orders"
DEAD: Final = "secured_orders.dead"
LOGIN: Final = {"KAFKA_USERNAME": USER, "KAFKA_PASSWORD": PASSWORD}
WRONG: Final = "not-the-password"
LISTENERS: Final = {
    "plain": "SASL",
    "scram256": "SASL",
    "scram512_tls": "SASLTLS",
    "password_tls": "SASLTLS",
    "tls": "TLS",
    "certificate": "MTLS",
}
_WITH_TOKEN: Final = {"oauth": "OAUTH"}


class Secured:
    """The service of secured-kafka.yaml, and the broker that it connects to."""

    def __init__(self, kafka: SecuredKafka, folder: Path) -> None:
        self.kafka = kafka
        self.package = Package(folder, SECURED_ON_KAFKA, "secured")
        certificate, key = kafka.authority.client(USER)
        self.trust = {"KAFKA_TLS_CA_FILE": kafka.authority.file}
        self.certificate = {"KAFKA_TLS_CERT_FILE": certificate, "KAFKA_TLS_KEY_FILE": key}

    def service(self, server: str, settings: dict[str, object]) -> Service:
        """Give a service that uses a server of the contract, not yet started."""
        where = {"SERVER": server, "KAFKA_SERVERS": self.kafka.listener({**LISTENERS, **_WITH_TOKEN}[server])}
        return self.package.service({**where, **settings})

    def settings(self, server: str) -> dict[str, object]:
        """Give what the server asks for."""
        login = {} if server in {"tls", "certificate"} else LOGIN
        trust = {} if server in {"plain", "scram256"} else self.trust
        return {**login, **trust, **(self.certificate if server == "certificate" else {})}

    async def handles(self, service: Service) -> None:
        """Make the topics with the service's own command, then have one record handled and one dead-lettered."""
        await remove(self.kafka.address, TOPIC, DEAD)
        created = service.run("topics", "--create")
        assert (created.returncode, created.stdout) == (0, f"{TOPIC}: created\n{DEAD}: created\n"), created.stderr
        with service:
            await send(self.kafka.address, TOPIC, Record(b"no json"), Record(json.dumps({"id": "o-1"}).encode()))
            await until(lambda: self.package.ledger.column("id") == ["o-1"], why=self.package.logs)
        [letter] = await read(self.kafka.address, DEAD)
        assert letter.body == b"no json"
        assert PASSWORD not in self.package.logs()


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    """Run a server of tokens that last for two seconds."""
    with TokenServer(seconds=2) as server:
        yield server


def with_token(tokens: TokenServer, secret: str = SECRET) -> dict[str, object]:
    return {"KAFKA_OAUTH_TOKEN_URL": tokens.url, "KAFKA_OAUTH_CLIENT_ID": CLIENT, "KAFKA_OAUTH_CLIENT_SECRET": secret}


@pytest.fixture
def secured(secured_kafka: SecuredKafka, tmp_path: Path) -> Secured:
    return Secured(secured_kafka, tmp_path)


def refused(service: Service) -> str:
    """Run a service that cannot start; gives the line that says why, the only one of its kind."""
    done = service.run()
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert WRONG not in done.stdout + done.stderr
    [line] = [line for line in done.stderr.splitlines() if "secured cannot run" in line]
    return line


async def test_a_service_gets_in_with_tokens_and_renews_them(secured: Secured, tokens: TokenServer) -> None:
    await remove(secured.kafka.address, TOPIC, DEAD)
    service = secured.service("oauth", with_token(tokens))
    assert service.run("topics", "--create").returncode == 0
    assert tokens.asked == [{"grant_type": "client_credentials", "scope": "orders"}]
    with service:
        for number in range(1, 5):  # Kafka ends each connection after three seconds
            await send(secured.kafka.address, TOPIC, Record(json.dumps({"id": f"o-{number}"}).encode()))
            await send(secured.kafka.address, TOPIC, Record(b"no json"))
            await until(lambda: len(secured.package.ledger.entries()) == number, why=secured.package.logs)  # noqa: B023
            await asyncio.sleep(2)
        assert len(await read(secured.kafka.address, DEAD)) == 4
        assert get(service, "/ready")[0] == HTTPStatus.NO_CONTENT
    assert len(tokens.asked) >= 4
    assert SECRET not in secured.package.logs()


def test_a_wrong_secret_ends_the_service(secured: Secured, tokens: TokenServer) -> None:
    line = refused(secured.service("oauth", with_token(tokens, secret=WRONG)))
    assert "needs a token: 127.0.0.1 gives no token: it answers 401; look at SECURED_KAFKA_OAUTH_TOKEN_URL, " in line


def test_a_token_that_kafka_does_not_take_ends_the_service(secured: Secured, tokens: TokenServer) -> None:
    tokens.answer = HTTPStatus.OK, b'{"access_token": "none"}'
    line = refused(secured.service("oauth", with_token(tokens)))
    assert "SECURED_KAFKA_SERVERS says where it is, SECURED_KAFKA_OAUTH_CLIENT_ID who the service is" in line


@pytest.mark.parametrize("server", LISTENERS)
async def test_a_service_gets_in(secured: Secured, server: str) -> None:
    await secured.handles(secured.service(server, secured.settings(server)))


async def test_security_can_be_left_away(secured: Secured) -> None:
    nothing = {"KAFKA_SERVERS": secured.kafka.address, "KAFKA_PLAINTEXT": "true"}
    await secured.handles(secured.service("scram512_tls", nothing))


@pytest.mark.parametrize("server", ["plain", "scram256", "scram512_tls"])
async def test_a_wrong_password_ends_the_service(secured: Secured, server: str) -> None:
    await make_empty(secured.kafka.address, TOPIC, DEAD)
    line = refused(secured.service(server, {**secured.settings(server), "KAFKA_PASSWORD": WRONG}))
    assert "refuses the service: " in line
    assert "Authentication failed" in line
    assert "look at SECURED_KAFKA_USERNAME and SECURED_KAFKA_PASSWORD" in line


def test_a_wrong_password_is_told_by_the_topics_command_too(secured: Secured) -> None:
    done = secured.service("scram256", {**LOGIN, "KAFKA_PASSWORD": WRONG}).run("topics")
    assert done.returncode == 1
    assert "look at SECURED_KAFKA_USERNAME and SECURED_KAFKA_PASSWORD" in done.stderr
    assert WRONG not in done.stdout + done.stderr


@pytest.mark.parametrize("server", ["tls", "scram512_tls"])
@pytest.mark.parametrize("trusts", ["the system", "another authority"])
def test_an_untrusted_certificate_ends_the_service(secured: Secured, tmp_path: Path, server: str, trusts: str) -> None:
    settings = secured.settings(server)
    del settings["KAFKA_TLS_CA_FILE"]
    if trusts == "another authority":
        settings["KAFKA_TLS_CA_FILE"] = Authority(tmp_path / "another").file
    line = refused(secured.service(server, settings))
    assert "has a certificate that is not trusted" in line
    assert "SECURED_KAFKA_TLS_CA_FILE names the file" in line


def test_a_certificate_of_another_authority_ends_the_service(secured: Secured, tmp_path: Path) -> None:
    certificate, key = Authority(tmp_path / "another").client(USER)
    wrong = {"KAFKA_TLS_CERT_FILE": certificate, "KAFKA_TLS_KEY_FILE": key}
    line = refused(secured.service("certificate", {**secured.trust, **wrong}))
    assert "SECURED_KAFKA_TLS_CERT_FILE" in line


def test_a_listener_without_tls_ends_the_service(secured: Secured) -> None:
    settings = {**secured.settings("tls"), "KAFKA_SERVERS": secured.kafka.address}
    line = refused(secured.service("tls", settings))
    assert "SECURED_KAFKA_SERVERS says where it is" in line
