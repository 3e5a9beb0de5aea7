"""A server that gives tokens for the credentials of a client, as OAuth 2.0 has it (RFC 6749, 4.4)."""

from __future__ import annotations

import base64
import json
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote_plus

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

CLIENT: Final = "orders service"
SECRET: Final = "s3cret:of/mine+%41"  # noqa: S105 - a server of the tests
"""What has to be quoted must come through."""


class TokenServer:
    """Gives unsigned tokens (RFC 7519, 6) that last `seconds`.

    `asked` has the form of each question; `answer` and `headers` may be changed to what is answered instead.
    """

    def __init__(self, seconds: float = 3600) -> None:
        self.seconds = seconds
        self.asked: list[dict[str, str]] = []
        self.answer: tuple[HTTPStatus, bytes] | None = None
        self.headers: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/token"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                owner.asked.append({name: values[0] for name, values in form.items()})
                status, body = owner.answer or owner.token(self.headers["authorization"] or "")
                self.send_response(status)
                for name, value in owner.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def token(self, authorization: str) -> tuple[HTTPStatus, bytes]:
        """Give what is answered to somebody with these credentials."""
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote_plus(name), unquote_plus(secret)) != (CLIENT, SECRET):
            return HTTPStatus.UNAUTHORIZED, b'{"error": "invalid_client"}'
        now = time.time()
        claims = {"sub": "alice", "iat": now, "exp": now + self.seconds, "scope": self.asked[-1].get("scope", "")}
        token = f"{_encoded({'alg': 'none'})}.{_encoded(claims)}."
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.seconds}
        return HTTPStatus.OK, json.dumps(answer).encode()


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
