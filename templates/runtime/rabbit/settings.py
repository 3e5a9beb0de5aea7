"""Settings of services that receive from RabbitMQ."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, PositiveInt, SecretStr

from ..security import Security
from ..settings import ServiceSettings


class RabbitSettings(ServiceSettings):
    """Where RabbitMQ is, and what this service may do there."""

    rabbit_url: str = Field(default="", description="Where RabbitMQ is: amqp://user:password@host:5672/vhost.")
    rabbit_prefetch: PositiveInt = Field(
        default=100, le=65_535, description="How many messages of a queue are handled at once; 1 keeps their order."
    )
    rabbit_declare: bool = Field(
        default=True,
        description="Declare queues, exchanges and bindings at start; else they, and dead-letter queues, must exist.",
    )

    rabbit_queue_type: Literal["", "classic", "quorum"] = Field(
        default="", description="Type of the queues that are declared; by default what the virtual host gives."
    )

    @property
    def rabbit_address(self) -> str:
        """The URL to connect to."""
        return self.rabbit_url

    @property
    def rabbit_security(self) -> Security:
        """What the contract's server asks of who connects."""
        return Security()

    @property
    def rabbit_access(self) -> Security:
        """How the service connects: without TLS where the URL is amqp://, and with its name and password if need be.

        Where the contract's server asks for nothing, or not for TLS, the URL alone says that.
        """
        asked, url = self.rabbit_security, urlsplit(self.rabbit_address)
        if not asked.asks:
            return asked
        is_tls = asked.tls and url.scheme == "amqps"
        if asked.username is None and asked.password is None and url.username and url.password:
            username, password = SecretStr(unquote(url.username)), SecretStr(unquote(url.password))
            asked = replace(asked, username=username, password=password)
        return replace(asked, tls=is_tls, certificate=asked.certificate and is_tls)
