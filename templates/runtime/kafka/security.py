"""What a Kafka server asks for, in the words of FastStream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from faststream.security import BaseSecurity, SASLOAuthBearer, SASLPlaintext, SASLScram256, SASLScram512

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiokafka.abc import AbstractTokenProvider  # type: ignore[import-untyped] # it has no types

    from ..security import Security

_LOGINS: Final[Mapping[str, type[SASLPlaintext | SASLScram256 | SASLScram512]]] = {
    "PLAIN": SASLPlaintext,
    "SCRAM-SHA-256": SASLScram256,
    "SCRAM-SHA-512": SASLScram512,
}


def token_provider(asked: Security) -> AbstractTokenProvider | None:
    """Give what clients get their tokens from; None for a server that takes none."""
    if not asked.takes_token:
        return None
    from .oauth import Tokens  # noqa: PLC0415 - nobody else pays for it

    return Tokens(asked)


def faststream_security(asked: Security) -> BaseSecurity | None:
    """Give FastStream's object; None for a server that asks for nothing."""
    context = asked.context()
    if asked.takes_token:
        return SASLOAuthBearer(ssl_context=context, use_ssl=asked.tls)
    if asked.sasl:
        return _LOGINS[asked.sasl](*asked.login, ssl_context=context, use_ssl=asked.tls)
    return BaseSecurity(ssl_context=context, use_ssl=True) if asked.tls else None
