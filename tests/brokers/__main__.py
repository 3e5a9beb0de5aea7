"""Run one server until Ctrl-C: `python -m tests.brokers tansu`."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.brokers import ApacheKafka, MissingServerError, RabbitMQ, Tansu

_SERVERS: Final = {"kafka": ApacheKafka, "rabbit": RabbitMQ, "tansu": Tansu}


def main() -> int:
    """Start the server that is asked for, print its address, stop it at SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.brokers", description=__doc__)
    parser.add_argument("server", choices=sorted(_SERVERS))
    server = _SERVERS[parser.parse_args().server]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="cqrs-gen-") as folder, server(Path(folder)) as running:
            print(running.address, flush=True)
            signal.pause()
    except MissingServerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
