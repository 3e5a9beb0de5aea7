"""Real servers for tests, benchmarks and the demo, each on free ports of 127.0.0.1 with a folder of its own.

`Service` runs a generated package in the same way.

    with Tansu(folder) as kafka:
        ...  # kafka.address

Those with TLS and logins are in `secured_kafka` and `secured_rabbit`: what makes their certificates is installed for
tests only.

`python -m tests.brokers kafka` (or `tansu`, `rabbit`) runs one until Ctrl-C.
"""

from tests.brokers.kafka import ApacheKafka
from tests.brokers.proxy import Proxy
from tests.brokers.rabbit import RabbitMQ
from tests.brokers.rabbit4 import RabbitMQ4, chosen_rabbit
from tests.brokers.server import MissingServerError, Server, ServerFailedError
from tests.brokers.service import Service
from tests.brokers.tansu import Tansu

__all__ = [
    "ApacheKafka",
    "MissingServerError",
    "Proxy",
    "RabbitMQ",
    "RabbitMQ4",
    "Server",
    "ServerFailedError",
    "Service",
    "Tansu",
    "chosen_rabbit",
]
