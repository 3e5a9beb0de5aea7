"""What templates may see of brokers and their protocols."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

    @property
    def is_first(self) -> bool:
        """Whether it is the first broker of its protocol, whose settings every service of the protocol has."""
        return self.name == self.protocol.key
