"""A cursor into the document: a value together with the file and the pointer it stands at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from cqrs_gen.source import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cqrs_gen.source import SourceFile


class Place(NamedTuple):
    """Where a value starts, and where its key does; lines and columns from 1.

    A value without a key (an element of a sequence, the root) has the value's own place as the key's.
    """

    line: int
    column: int
    key_line: int
    key_column: int


@dataclass(frozen=True, eq=False)
class ParsedFile:
    """A file as plain data, with the place of every pointer (RFC 6901) in it."""

    source: SourceFile
    value: Any
    places: Mapping[str, Place]


@dataclass(frozen=True, eq=False)
class Node:
    """One value of the document."""

    file: ParsedFile
    pointer: str
    value: Any

    @property
    def id(self) -> str:
        """Unique in the document and the same on every machine: `<file label>#<pointer>`."""
        return f"{self.file.source.label}#{self.pointer}"

    @property
    def token(self) -> str:
        """The last part of the pointer, unescaped: the key or index the value stands under; empty at the root."""
        return unescape(self.pointer.rpartition("/")[2])

    @property
    def location(self) -> Location:
        """Where the value starts."""
        place = self.file.places[self.pointer]
        return Location(self.file.source.name, place.line, place.column, self.pointer)

    @property
    def key_location(self) -> Location:
        """Where the key of the value starts; the value itself where it has none."""
        place = self.file.places[self.pointer]
        return Location(self.file.source.name, place.key_line, place.key_column, self.pointer)

    def get(self, key: str) -> Node | None:
        """Give the member `key`; None where there is none or the value is no mapping."""
        if is_mapping(self.value) and key in self.value:
            return self.child(key)
        return None

    def child(self, key: str | int) -> Node:
        """Give the member or element `key`, which must exist."""
        return Node(self.file, f"{self.pointer}/{escape(str(key))}", self.value[key])

    def members(self) -> Iterator[tuple[str, Node]]:
        """Give every member of a mapping in the order of the document; nothing for other values."""
        if is_mapping(self.value):
            for key in self.value:
                yield key, self.child(key)

    def elements(self) -> Iterator[Node]:
        """Give every element of a sequence; nothing for other values."""
        if is_sequence(self.value):
            for index in range(len(self.value)):
                yield self.child(index)


def is_mapping(value: Any) -> TypeGuard[dict[str, Any]]:  # noqa: ANN401 - any value of a document
    """Whether a value of the document is a mapping."""
    return isinstance(value, dict)


def is_sequence(value: Any) -> TypeGuard[list[Any]]:  # noqa: ANN401 - any value of a document
    """Whether a value of the document is a sequence."""
    return isinstance(value, list)


def escape(token: str) -> str:
    """Write a key as a part of a JSON Pointer (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """Read a part of a JSON Pointer as the key it stands for."""
    return token.replace("~1", "/").replace("~0", "~")
