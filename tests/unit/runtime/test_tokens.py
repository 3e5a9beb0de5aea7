"""Tokens for Kafka: asked for once, renewed in time, and the secret given to nobody else."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from pydantic import SecretStr
from runtime.kafka import oauth
from runtime.kafka.oauth import Tokens
from runtime.security import NoToken, Security, check_security

from tests.brokers.tokens import CLIENT, SECRET, TokenServer

WRONG = "wrong"
_TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    with TokenServer() as running:
        yield running


def asking(
    url: str = "", *, contract: str = "", scope: str = "", own_scope: str | None = None, secret: str = SECRET
) -> Security:
    return Security(
        sasl="OAUTHBEARER",
        oauth_url=contract,
        scope=scope,
        oauth_token_url=url or None,
        oauth_scope=own_scope,
        oauth_client_id=SecretStr(CLIENT),
        oauth_client_secret=SecretStr(secret),
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Have the time stand still at the only element."""
    now = [1000.0]
    monkeypatch.setattr(oauth, "monotonic", lambda: now[0])
    return now


async def test_one_token_is_for_all_who_ask(server: TokenServer) -> None:
    tokens = Tokens(asking(server.url))
    first, *others = await asyncio.gather(*(tokens.token() for _ in range(5)))
    assert set(others) == {first}
    assert server.asked == [{"grant_type": "client_credentials"}]


async def test_a_token_is_renewed_before_it_ends(server: TokenServer, clock: list[float]) -> None:
    server.seconds = 100
    tokens = Tokens(asking(server.url))
    await tokens.token()
    clock[0] += 79
    await tokens.token()
    assert len(server.asked) == 1
    clock[0] += 1
    await tokens.token()
    assert len(server.asked) == 2


async def test_one_that_cannot_be_renewed_serves_to_its_end(server: TokenServer, clock: list[float]) -> None:
    server.seconds = 100
    tokens = Tokens(asking(server.url))
    token = await tokens.token()
    server.answer = HTTPStatus.SERVICE_UNAVAILABLE, b""
    clock[0] += 99
    assert await tokens.token() == token
    clock[0] += 1
    with pytest.raises(NoToken, match=r"127\.0\.0\.1 gives no token: it answers 503"):
        await tokens.token()
    server.answer = None
    assert await tokens.token()


@pytest.mark.parametrize("seconds", ["", ', "expires_in": null', ', "expires_in": NaN', ', "expires_in": -1'])
async def test_a_token_of_no_known_time_lasts_a_minute(server: TokenServer, clock: list[float], seconds: str) -> None:
    server.answer = HTTPStatus.OK, f'{{"access_token": "one"{seconds}}}'.encode()
    tokens = Tokens(asking(server.url))
    assert await tokens.token() == "one"
    clock[0] += 47
    await tokens.token()
    clock[0] += 1
    await tokens.token()
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("scope", "own", "expected"), [("read write", None, "read write"), ("read", "all", "all"), ("", "all", "all")]
)
async def test_the_scope_is_the_contracts_or_the_settings(
    server: TokenServer, scope: str, own: str | None, expected: str
) -> None:
    await Tokens(asking(contract=server.url, scope=scope, own_scope=own)).token()
    assert server.asked[0]["scope"] == expected


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b'"token"', b"{}", b'{"access_token": 7}', b'{"access_token": "a\\u0001b"}']
)
async def test_what_is_no_token_is_said_and_not_repeated(server: TokenServer, body: bytes) -> None:
    server.answer = HTTPStatus.OK, body
    with pytest.raises(NoToken, match=r"127\.0\.0\.1 gives no token: ") as raised:
        await Tokens(asking(server.url)).token()
    assert isinstance(raised.value, OSError)  # or aiokafka would not try again
    assert SECRET not in str(raised.value)


async def test_a_wrong_secret_is_said(server: TokenServer) -> None:
    with pytest.raises(NoToken, match="it answers 401"):
        await Tokens(asking(server.url, secret=WRONG)).token()


async def test_nobody_else_gets_the_secret(server: TokenServer) -> None:
    with TokenServer() as other:
        server.answer, server.headers = (HTTPStatus.FOUND, b""), {"Location": other.url}
        with pytest.raises(NoToken, match="it answers 302"):
            await Tokens(asking(server.url)).token()
        assert other.asked == []


async def test_a_server_that_does_not_answer_is_said() -> None:
    with TokenServer() as gone:
        url = gone.url
    with pytest.raises(NoToken, match="gives no token: URLError"):
        await Tokens(asking(url)).token()


@pytest.mark.parametrize(
    ("security", "text"),
    [
        (Security(sasl="OAUTHBEARER", scope="all"), "set P_OAUTH_CLIENT_ID and P_OAUTH_CLIENT_SECRET"),
        (asking("file:///etc/passwd"), "P_OAUTH_TOKEN_URL: it must be a URL that begins with https://"),
        (asking(), "P_OAUTH_TOKEN_URL: it must be a URL that begins with https://"),
    ],
)
def test_settings_are_checked(security: Security, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        check_security(security, "P_")
    check_security(asking("https://tokens/"), "P_")


def test_a_service_without_tokens_does_not_load_them() -> None:
    code = "import sys, runtime.kafka; sys.exit('runtime.kafka.oauth' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=_TEMPLATES, check=False).returncode == 0
