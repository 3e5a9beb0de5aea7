"""Tokens for Kafka: asked for with the service's own credentials, kept, and renewed before they end.

The flow is that of the client credentials (RFC 6749, 4.4); a token goes to Kafka with SASL/OAUTHBEARER (RFC 7628).
"""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUntypedBaseClass=false, reportIncompatibleMethodOverride=false

from __future__ import annotations

import asyncio
import json
import math
from base64 import b64encode
from http.client import HTTPException
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.error import HTTPError
from urllib.parse import quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from aiokafka.abc import AbstractTokenProvider  # type: ignore[import-untyped] # it has no types

from ..reason import describe
from ..security import NoToken

if TYPE_CHECKING:
    from ..security import Security

_PATIENCE: Final = 10.0
"""Seconds that the server of tokens has to answer."""
_LARGEST: Final = 1 << 20
"""Bytes of an answer; a token is a few thousand."""
_RENEWED_AFTER: Final = 0.8
"""Part of a token's time after which another one is asked for."""
_SECONDS: Final = 60.0
"""How long a token lasts whose answer does not say it."""


class Tokens(AbstractTokenProvider):  # type: ignore[misc] # aiokafka's class is Any
    """Gives clients of Kafka the token that holds; all of a broker's clients share it."""

    def __init__(self, security: Security) -> None:
        self._security = security
        self._url = security.oauth_token_url or security.oauth_url
        self._opener = build_opener(_NoRedirects)
        self._asking = asyncio.Lock()
        self._token = ""
        self._renewed_at = self._ends_at = 0.0

    async def token(self) -> str:
        """Give a token; asks for one when there is none, or it ends soon. NoToken when none is to be had."""
        async with self._asking:
            if monotonic() >= self._renewed_at:
                try:
                    await self._renew()
                except NoToken:
                    if monotonic() >= self._ends_at:
                        raise
        return self._token

    async def _renew(self) -> None:
        asked_at = monotonic()
        try:
            answer = await asyncio.to_thread(self._ask)
            token, seconds = answer["access_token"], float(answer.get("expires_in") or _SECONDS)
            if not 0 < seconds < math.inf:
                seconds = _SECONDS
        except HTTPError as error:  # its text may be long and is not ours to repeat
            raise NoToken(f"{self._where} gives no token: it answers {error.code}") from None
        except (OSError, HTTPException, ValueError, TypeError, KeyError) as error:
            raise NoToken(f"{self._where} gives no token: {describe(error)}") from None
        if not (isinstance(token, str) and token.isascii() and token.isprintable()):
            raise NoToken(f"{self._where} gives no token: what it gives is none")
        self._token = token
        self._renewed_at, self._ends_at = asked_at + seconds * _RENEWED_AFTER, asked_at + seconds

    def _ask(self) -> Any:  # noqa: ANN401 - whatever was answered
        form = {"grant_type": "client_credentials"}
        if scope := self._security.oauth_scope or self._security.scope:
            form["scope"] = scope
        name, secret = map(quote_plus, self._security.client)  # RFC 6749, 2.3.1
        login = b64encode(f"{name}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Accept": "application/json"}
        request = Request(self._url, urlencode(form).encode(), headers)  # noqa: S310 - the settings were checked
        with self._opener.open(request, timeout=_PATIENCE) as answer:
            return json.loads(answer.read(_LARGEST))

    @property
    def _where(self) -> str:
        return str(urlsplit(self._url).hostname)


class _NoRedirects(HTTPRedirectHandler):
    """Leaves a redirect as an error: it would take the secret somewhere else."""

    def redirect_request(self, *_: object) -> None:
        return None
