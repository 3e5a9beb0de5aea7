"""What templates may see of brokers and their protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cqrs_gen.plan.sending_views import PublisherView
    from cqrs_gen.plan.views import SubscriberView


@dataclass(frozen=True)
class ProtocolView:
    """A protocol of the package."""

    key: str
    title: str
    setup: str
    """What `python -m <package>` is asked for once, before the first start; empty where nothing is needed."""


@dataclass(frozen=True)
class BrokerView:
    """What the module of one broker is made from."""

    name: str
    """What the module, and the adapter in brokers.py, are called: like the protocol where there is only one."""
    protocol: ProtocolView
    subscribers: tuple[SubscriberView, ...]
    publishers: tuple[PublisherView, ...] = ()
    repliers: tuple[PublisherView, ...] = ()
    """What sends replies to addresses of the contract."""

    @property
    def senders(self) -> tuple[PublisherView, ...]:
        """All that sends to addresses of the contract."""
        return (*self.publishers, *self.repliers)

    @property
    def is_first(self) -> bool:
        """Whether it is the first broker of its protocol, whose settings every service of the protocol has."""
        return self.name == self.protocol.key
