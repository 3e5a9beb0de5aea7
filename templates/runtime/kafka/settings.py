"""Settings of services that receive from Kafka."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveInt, model_validator
from typing_extensions import Self

from ..adapter import variable
from ..security import Security
from ..settings import ServiceSettings
from .server import KafkaServer


class KafkaSettings(ServiceSettings):
    """Where Kafka is, and how this replica is a member of its groups."""

    kafka_servers: str = Field(default="", description="Bootstrap servers of Kafka, separated by commas.")
    kafka_client_id: str = Field(default="", description="What Kafka calls the service in its logs and quotas.")
    kafka_auto_offset_reset: Literal["earliest", "latest"] = Field(
        default="earliest", description="Where a group begins that has committed nothing, and one without a group."
    )
    kafka_group_instance_id: str | None = Field(
        default=None, description="Static membership of the group; another name for each replica."
    )
    kafka_session_timeout_ms: PositiveInt = Field(
        default=10_000, description="After how long a replica that died is replaced."
    )
    kafka_rebalance_timeout_ms: PositiveInt = Field(
        default=30_000, description="How long handlers may take to finish before partitions are given to others."
    )
    kafka_max_poll_interval_ms: PositiveInt = Field(
        default=300_000, description="How long the service may fetch nothing and stay a member; handlers do not count."
    )
    kafka_max_records: PositiveInt = Field(
        default=500, description="How many records of one partition are in hand at once."
    )
    kafka_concurrency: PositiveInt = Field(
        default=1, description="How many records of one partition are handled at once; above 1 only keys keep order."
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.ack == "at-most-once" and self.kafka_concurrency > 1:
            concurrency, ack = variable(self, "kafka_concurrency"), variable(self, "ack")
            raise ValueError(f"{concurrency} above 1 needs {ack}=after-success: an offset commits all before it")
        return self

    @property
    def kafka_security(self) -> Security:
        """What the contract's server asks of who connects."""
        return Security()

    @property
    def kafka_access(self) -> Security:
        """How the service connects to that."""
        return self.kafka.access

    @property
    def kafka(self) -> KafkaServer:
        """The first of the brokers, or the only one."""
        return KafkaServer("kafka", self.kafka_servers, self.kafka_security)
