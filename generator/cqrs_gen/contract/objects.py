"""The words in which objects of AsyncAPI are described: their fields, the types of these, where references may stand.

One description of an object (`objects2.py`, `objects3.py`) serves the check of the whole document (`check.py`) and
the readers (`described.py`), so a field that is read is a field that is checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.document.node import Node


@dataclass(frozen=True)
class Plain:
    """A value that is no object of AsyncAPI."""

    name: str
    types: tuple[type, ...]


@dataclass(frozen=True)
class Choice:
    """One of a few strings."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class ListOf:
    """A sequence."""

    item: Shape


@dataclass(frozen=True)
class MapOf:
    """A mapping whose keys the author chooses. With `extensions`, members that start with `x-` may be anything."""

    name: str
    item: Shape
    extensions: bool = False


@dataclass(frozen=True)
class ObjectType:
    """An object with named fields. Members that start with `x-` are extensions, described only where they are read."""

    name: str
    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Either:
    """`then` where the object has the field `field`, else `otherwise`."""

    field: str
    then: ObjectType
    otherwise: ObjectType | Plain

    def choose(self, node: Node) -> ObjectType | Plain:
        """Give the description of what `node` is."""
        return self.then if node.get(self.field) is not None else self.otherwise


@dataclass(frozen=True)
class Reference:
    """A Reference Object (`$ref`) to `target`; unless `only`, the target itself may stand in its place."""

    target: Plain | MapOf | ObjectType | Either
    only: bool = False


Shape = Plain | Choice | ListOf | MapOf | ObjectType | Either | Reference

ANY: Final = Plain("anything", (object,))
TEXT: Final = Plain("a string", (str,))
TEXT_OR_NULL: Final = Plain("a string or null", (str, NoneType))
FLAG: Final = Plain("true or false", (bool,))
OBJECT: Final = Plain("an object", (dict,))
SCHEMA: Final = Plain("a schema, which is an object or a boolean", (dict, bool))
BINDINGS: Final = MapOf("bindings", Reference(OBJECT), extensions=True)
"""What is inside the binding of a protocol, the protocols' modules know."""


def is_reference(node: Node) -> bool:
    """Whether a Reference Object stands here; what stands beside the `$ref` counts for nothing."""
    return node.get("$ref") is not None


def fits(value: Any, shape: Shape) -> bool:  # noqa: ANN401 - any JSON value
    """Whether `value` is of the described type; what is inside it is not looked at."""
    match shape:
        case Plain():
            return isinstance(value, shape.types)
        case Choice():
            return value in shape.values
        case ListOf():
            return isinstance(value, list)
        case MapOf() | ObjectType():
            return isinstance(value, dict)
        case Either():
            return isinstance(value, dict) or fits(value, shape.otherwise)
        case Reference():
            return (isinstance(value, dict) and "$ref" in value) or (not shape.only and fits(value, shape.target))
