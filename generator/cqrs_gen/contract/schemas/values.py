"""What values a schema lets through, as far as a type can say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.document.node import Node


@dataclass(frozen=True)
class Values:
    """The values of one schema; `node` is where it is written, references followed."""

    node: Node
    nullable: bool = field(default=False, kw_only=True)
    """Whether null is among them beside the others."""


@dataclass(frozen=True)
class AnyValues(Values):
    """Whatever there is."""


@dataclass(frozen=True)
class PlainValues(Values):
    """Strings, integers, numbers, booleans or null; of Avro also bytes and decimals.

    `keywords` are those of the schema, as written.
    """

    type: str
    keywords: Mapping[str, Any]


@dataclass(frozen=True)
class ChosenValues(Values):
    """A few strings, integers and booleans (`enum`, `const`), each once."""

    choice: tuple[str | int, ...]

    @property
    def is_enumeration(self) -> bool:
        """Whether they are several texts, for which Python has enumerations."""
        return len(self.choice) > 1 and all(isinstance(value, str) for value in self.choice)


@dataclass(frozen=True)
class ArrayValues(Values):
    """Arrays; without `items`, of anything."""

    items: Node | None
    keywords: Mapping[str, Any]


@dataclass(frozen=True)
class MapValues(Values):
    """Objects with whatever members; without `members`, with anything in them."""

    members: Node | None


@dataclass(frozen=True)
class ObjectValues(Values):
    """Objects with known properties, in the order of the document; None where nothing is said of one."""

    properties: Mapping[str, Node | None]
    required: frozenset[str]
    is_closed: bool
    """Whether other members are refused."""
    others: Node | None
    """The schema of other members, where one is written."""


@dataclass(frozen=True)
class UnionValues(Values):
    """The values of any of several schemas."""

    branches: tuple[Values, ...]
