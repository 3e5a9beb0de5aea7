"""What RabbitMQ asks for, in the words of FastStream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from faststream.security import BaseSecurity, SASLPlaintext

if TYPE_CHECKING:
    from ..security import Security


def faststream_security(asked: Security) -> BaseSecurity | None:
    """Give FastStream's object; None for a server that asks for nothing, where the URL says all."""
    context = asked.context()
    if asked.sasl:
        return SASLPlaintext(*asked.login, ssl_context=context, use_ssl=asked.tls)
    return BaseSecurity(ssl_context=context, use_ssl=True) if asked.tls else None


def with_mechanism(url: str, asked: Security) -> str:
    """Give the URL as aiormq wants it: it says so where the certificate is all that tells who the service is."""
    if asked.sasl or not asked.certificate:
        return url
    return f"{url}{'&' if '?' in url else '?'}auth=EXTERNAL"
