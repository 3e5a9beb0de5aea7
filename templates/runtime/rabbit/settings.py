"""Settings of services that receive from RabbitMQ."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from ..security import Security
from ..settings import ServiceSettings
from .server import RabbitServer


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
    def rabbit_security(self) -> Security:
        """What the contract's server asks of who connects."""
        return Security()

    @property
    def rabbit_access(self) -> Security:
        """How the service connects to that."""
        return self.rabbit.access

    @property
    def rabbit(self) -> RabbitServer:
        """The first of the brokers, or the only one."""
        return RabbitServer("rabbit", self.rabbit_url, self.rabbit_security)
