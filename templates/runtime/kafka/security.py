"""What a Kafka server asks for, in the words of FastStream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..security import Security

_LOGINS: Final[Mapping[str, type[SASLPlaintext | SASLScram256 | SASLScram512]]] = {
    "PLAIN": SASLPlaintext,
    "SCRAM-SHA-256": SASLScram256,
    "SCRAM-SHA-512": SASLScram512,
}


def faststream_security(asked: Security) -> BaseSecurity | None:
    """Give FastStream's object; None for a server that asks for nothing."""
    context = asked.context()
    if asked.sasl:
        return _LOGINS[asked.sasl](*asked.login, ssl_context=context, use_ssl=asked.tls)
    return BaseSecurity(ssl_context=context, use_ssl=True) if asked.tls else None
