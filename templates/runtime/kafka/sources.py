"""What one subscriber receives: topics, and templates that topics may come and go for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..address import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import cqrs

    from ..delivery import Decoded
    from ..message import Message


@dataclass(frozen=True, slots=True)
class Layout:
    """What a topic is created with; what is not said is left to the brokers."""

    partitions: int | None = None
    replicas: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def of_dead_letters(self) -> Layout:
        """What the topic for its dead letters is created with: as large records, and as many copies."""
        settings = {name: value for name, value in self.settings.items() if name == "max.message.bytes"}
        return Layout(replicas=self.replicas, settings=settings)


@dataclass(frozen=True, slots=True)
class Source:
    """A topic, how its records are read, and which operation of the contract receives each class of events."""

    topic: str
    """Its name, or a template in which parameters stand."""
    deserialize: Callable[[bytes | None, Message | None], Decoded]
    operations: Mapping[type[cqrs.IEvent], str]
    layout: Layout = Layout()


class Topics:
    """The topics of several sources, as Kafka is asked for them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        addresses = [Address(source.topic) for source in sources]
        self._templates = [address for address in addresses if address.names]
        self.known = tuple(address.template for address in addresses if not address.names)
        self.plain = tuple(address.plain for address in addresses)
        """A name for each source, which dead letters are called after."""

    @property
    def pattern(self) -> str | None:
        """A regular expression for all topics; None when their names are known."""
        if not self._templates:
            return None
        return f"^(?:{'|'.join([*map(re.escape, self.known), *(one.pattern for one in self._templates)])})$"

    def receives(self, topic: str) -> bool:
        """Whether the records of a topic are received."""
        return topic in self.known or any(one.parameters_in(topic) is not None for one in self._templates)

    def address_of(self, topic: str) -> str:
        """Give what the contract calls a topic that is received: its name, or the template that it came by."""
        if topic in self.known:
            return topic
        return next(one.template for one in self._templates if one.parameters_in(topic) is not None)
