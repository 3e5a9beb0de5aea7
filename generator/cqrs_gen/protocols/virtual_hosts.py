"""Virtual hosts of RabbitMQ: which one a channel is on (AsyncAPI AMQP bindings 0.3.0, channel)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from cqrs_gen.protocols.bindings import text
from cqrs_gen.rules import CONFLICTING_BINDINGS

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Channel
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Report

_WITH_VHOST: Final = ("queue", "exchange")
_ROOT: Final = "/"
"""The virtual host where nothing is said."""


def virtual_host_of(channel: Channel) -> str:
    """Give the virtual host of a channel; `/`, which is the default, is that of the server's address."""
    binding = channel.bindings.get("amqp")
    written = [node.value for key in _WITH_VHOST if (node := _written_vhost(binding, key)) is not None]
    return next((value for value in written if isinstance(value, str) and value != _ROOT), "")


def check_virtual_hosts(binding: Node | None, report: Report) -> None:
    """Report a queue and an exchange on two virtual hosts, which nothing can bind to each other."""
    hosts = [text(binding.get(key) if binding is not None else None, "vhost", report) for key in _WITH_VHOST]
    queue, exchange = hosts
    place = _written_vhost(binding, "queue")
    if place is not None and queue is not None and exchange is not None and queue != exchange:
        report(
            CONFLICTING_BINDINGS,
            place,
            f"the queue is on virtual host {queue!r}, its exchange on {exchange!r}",
            hint="a queue is bound to exchanges of its own virtual host only",
        )


def as_path(virtual_host: str) -> str:
    """Give a virtual host as a URL has it behind the slash (RabbitMQ URI Specification)."""
    return quote(virtual_host, safe="")


def _written_vhost(binding: Node | None, key: str) -> Node | None:
    member = binding.get(key) if binding is not None else None
    return member.get("vhost") if member is not None else None
