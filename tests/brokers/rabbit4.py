"""RabbitMQ 4 out of a Debian 13 in a folder, beside whatever version the machine has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.brokers.rabbit import RabbitMQ
from tests.brokers.server import MissingServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOT: Final = Path(__file__).parents[2] / ".cache" / "rabbitmq4"
"""Where .ci/install-rabbitmq4.sh puts it."""

_INSIDE: Final = Path("/mnt")
"""The node's folder, as it is named inside."""

_COMMAND: Final = """\
mount --bind "$0" "$1/mnt" && mount -t proc proc "$1/proc" || exit 1
exec chroot "$@"
"""
"""Run in a mount namespace of its own, so that nothing stays mounted."""


def chosen_rabbit(folder: Path) -> RabbitMQ:
    """Give RabbitMQ 4 where CQRS_GEN_RABBITMQ=4 asks for it, else the one of the machine."""
    return RabbitMQ4(folder) if os.environ.get("CQRS_GEN_RABBITMQ") == "4" else RabbitMQ(folder)


class RabbitMQ4(RabbitMQ):
    """A node like its parent; only root can start one. Raises MissingServerError where it is not installed."""

    def command(self) -> list[str]:
        shell, *arguments = super().command()
        entering = ["unshare", "--mount", "/bin/sh", "-c", _COMMAND, str(self.folder), str(_ROOT)]
        return [*entering, shell, *arguments]

    def environment(self) -> Mapping[str, str]:
        path = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
        inside = {name: value.replace(str(self.folder), str(_INSIDE)) for name, value in super().environment().items()}
        return {**inside, **path}

    @staticmethod
    def program() -> str:
        if not (_ROOT / ".complete").exists():
            raise MissingServerError(f"no RabbitMQ 4 in {_ROOT}: run .ci/install-rabbitmq4.sh")
        return "/usr/lib/rabbitmq/bin/rabbitmq-server"
