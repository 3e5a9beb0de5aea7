"""Ports that nobody listens on."""

from __future__ import annotations

import random
import socket
from typing import Final

_BELOW_EPHEMERAL: Final = range(20_000, 32_000)
"""Outgoing connections get their ports from 32768 on (Linux) or higher: none of them can take one of these away
between the moment we find it free and the moment its server listens, or while a server is down for a restart."""

_ANY: Final = random.SystemRandom()
"""Test workers that were seeded alike must not look for the same ports."""


def free_port() -> int:
    """Find a port of 127.0.0.1 on which nothing listens now."""
    while True:
        port = _ANY.choice(_BELOW_EPHEMERAL)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def is_open(port: int) -> bool:
    """Tell whether something on 127.0.0.1 accepts connections on this port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
