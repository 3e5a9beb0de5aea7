"""Apache Kafka: one process that is broker and controller, from jars of Maven Central."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Final

from tests.brokers.ports import free_port
from tests.brokers.server import MissingServerError, Server

_FETCHED: Final = Path(__file__).parents[2] / ".cache" / "kafka" / "libs"
"""Where .ci/install-kafka.sh puts the jars."""

_PROPERTIES: Final = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{advertised_port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
"""
"""Topics are not created by themselves: a topic that a service or a test forgot must be noticed."""


class ApacheKafka(Server):
    """A Kafka broker; `address` is its bootstrap server. Its topics survive `stop`."""

    def __init__(self, folder: Path, *, advertised_port: int | None = None) -> None:
        """Choose ports; clients are sent to `advertised_port`. Raises MissingServerError without Java or the jars."""
        self._libs = _libs()
        port = free_port()
        self._advertised_port = advertised_port or port
        super().__init__(folder, port, f"127.0.0.1:{port}")
        self._controller_port = free_port()
        self._data = folder / "data"
        self._properties = folder / "server.properties"

    def command(self) -> list[str]:
        return self._java("kafka.Kafka", str(self._properties))

    def properties(self) -> str:
        """Give the text of its properties."""
        return _PROPERTIES.format(
            port=self.port,
            advertised_port=self._advertised_port,
            controller_port=self._controller_port,
            data=self._data,
        )

    def accounts(self) -> list[str]:
        """Give what it is formatted with besides."""
        return []

    def start(self) -> None:
        """Start it, the first time on an empty log. Raises ServerFailedError."""
        if not self._data.exists():
            self._format()
        super().start()

    def _format(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(self.properties())
        cluster = "A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22]  # a hyphen would begin an option
        arguments = ("format", "--cluster-id", cluster, "--config", str(self._properties), *self.accounts())
        subprocess.run(self._java("kafka.tools.StorageTool", *arguments), check=True, capture_output=True)

    def _java(self, program: str, *arguments: str) -> list[str]:
        quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        return ["java", "-Xmx768m", quiet, "-cp", f"{self._libs}/*", program, *arguments]


def _libs() -> Path:
    if shutil.which("java") is None:
        raise MissingServerError("Apache Kafka needs Java: install default-jre-headless")
    libs = Path(os.environ.get("CQRS_GEN_KAFKA_LIBS") or _FETCHED).absolute()
    if not any(libs.glob("kafka_2.13-*.jar")):
        raise MissingServerError(
            f"no jars of Apache Kafka in {libs}: run .ci/install-kafka.sh, or name their folder in CQRS_GEN_KAFKA_LIBS"
        )
    return libs
