"""Where a Kafka of the contract is, and what it asks of who connects."""

from __future__ import annotations

from dataclasses import dataclass

from ..security import Security


@dataclass(frozen=True)
class KafkaServer:
    """The server of one broker, as the settings have it."""

    name: str
    """What settings, metrics and log lines call it: `kafka`, or more than that where it is not the only one."""
    address: str
    """Bootstrap servers, separated by commas."""
    security: Security = Security()  # noqa: RUF009 - it is frozen
    """What it asks for."""

    @property
    def access(self) -> Security:
        """How the service connects."""
        return Security() if self.security.plaintext else self.security

    @property
    def bootstrap_servers(self) -> list[str]:
        """The bootstrap servers, one by one."""
        return [server for part in self.address.split(",") if (server := part.strip())]
