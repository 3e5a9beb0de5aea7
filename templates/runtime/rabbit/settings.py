"""Settings of services that receive from RabbitMQ."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt

from ..settings import ServiceSettings


class RabbitSettings(ServiceSettings):
    """Where RabbitMQ is, and what this service may do there."""

    rabbit_url: str = Field(default="", description="Where RabbitMQ is: amqp://user:password@host:5672/vhost.")
    rabbit_prefetch: PositiveInt = Field(
        default=100, description="How many messages of a queue are handled at once; 1 keeps their order."
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
