"""RabbitMQ, private to whoever starts it: its own node, its own port mapper, nothing of the system's configuration."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

from tests.brokers.ports import free_port
from tests.brokers.server import MissingServerError, Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DEBIAN: Final = "/usr/lib/rabbitmq/bin/rabbitmq-server"
"""The program itself: what Debian has on the PATH changes to another user first."""

_COMMAND: Final = 'epmd -port "$ERL_EPMD_PORT" -address 127.0.0.1 & exec "$0"'
"""Erlang would start its port mapper as a daemon that stays; as a member of our process group it goes with the rest."""


class RabbitMQ(Server):
    """A RabbitMQ node; `address` is its URL, as guest. Durable queues survive `stop`."""

    def __init__(self, folder: Path) -> None:
        """Choose ports. Raises MissingServerError where it is not installed."""
        self._program = self.program()
        port = free_port()
        super().__init__(folder, port, f"amqp://guest:guest@127.0.0.1:{port}/")
        self._distribution_port = free_port()
        self._port_mapper_port = free_port()

    def command(self) -> list[str]:
        return ["/bin/sh", "-c", _COMMAND, self._program]

    def environment(self) -> Mapping[str, str]:
        return {
            "HOME": str(self.folder),  # for the Erlang cookie
            "RUNNING_UNDER_SYSTEMD": "true",  # become the Erlang machine, instead of watching it from a shell
            "RABBITMQ_NODENAME": "cqrs-gen@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._port_mapper_port),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "rabbitmq-env.conf"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.folder / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_FEATURE_FLAGS_FILE": str(self.folder / "feature_flags"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
        }

    @staticmethod
    def program() -> str:
        """Give the path of the program. Raises MissingServerError."""
        program = _DEBIAN if os.access(_DEBIAN, os.X_OK) else shutil.which("rabbitmq-server")
        if program is None or shutil.which("epmd") is None:
            raise MissingServerError("RabbitMQ is not installed: on Debian, apt-get install rabbitmq-server")
        return program
