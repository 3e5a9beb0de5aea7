"""RabbitMQ with virtual hosts beside its own."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from tests.brokers.rabbit import RabbitMQ

if TYPE_CHECKING:
    from pathlib import Path

_USER: Final = "guest"
_SALT: Final = b"salt"


class HostsRabbitMQ(RabbitMQ):
    """A RabbitMQ node with the virtual hosts `hosts` and `/`; guest may do all on each of them."""

    def __init__(self, folder: Path, *hosts: str) -> None:
        """Choose ports. Raises MissingServerError where it is not installed."""
        super().__init__(folder)
        self._hosts = ("/", *hosts)

    def address_of(self, host: str) -> str:
        """Give the URL of a virtual host."""
        return f"{self.address}{quote(host, safe='')}"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        definitions = self.folder / "definitions.json"
        definitions.write_text(json.dumps(self._definitions()))
        (self.folder / "rabbitmq.conf").write_text(f"load_definitions = {definitions}\n")
        super().start()

    def _definitions(self) -> dict[str, object]:
        """Give what it has from the start; with this it makes no user of its own."""
        password = base64.b64encode(_SALT + hashlib.sha256(_SALT + _USER.encode()).digest()).decode()
        everything = {"user": _USER, "configure": ".*", "write": ".*", "read": ".*"}
        return {
            "users": [{"name": _USER, "password_hash": password, "tags": "administrator"}],
            "vhosts": [{"name": host} for host in self._hosts],
            "permissions": [{**everything, "vhost": host} for host in self._hosts],
        }
