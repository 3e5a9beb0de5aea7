"""Plain data and the places in it, put together value by value while a text is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cqrs_gen.document.places import Tree
from cqrs_gen.rules import DOCUMENT_TOO_LARGE, DUPLICATE_KEY, INVALID_ALIAS

if TYPE_CHECKING:
    from cqrs_gen.diagnostics import Rule

MAX_VALUES: Final = 1_000_000
"""How many values a file may have with its aliases written out; real documents have fewer than 50,000."""
MAX_DEPTH: Final = 200
"""How deep values may be nested, so that whatever walks the data may use recursion."""


class Mistake(NamedTuple):
    """What is wrong in a text, and where."""

    rule: Rule
    line: int
    column: int
    message: str
    hint: str | None = None


class UnparsableError(Exception):
    """A mistake after which the rest of the text means nothing."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message)
        self.mistake = mistake


class Part(NamedTuple):
    """A finished value: its data, the places in it, and how large it is with its aliases written out."""

    value: Any
    children: dict[str, Tree] | list[Tree] | None = None
    size: int = 1
    height: int = 0


class Builder:
    """Takes a text as a series of keys and values; keeps the data, the places and the mistakes.

    What takes something from the text also takes the line and column where it starts, from 1, and raises
    `UnparsableError` where the text becomes too large or too deep.
    """

    def __init__(self) -> None:
        self.value: Any = None
        self.places: Tree | None = None
        self.mistakes: list[Mistake] = []
        self._open: list[_Mapping | _Sequence] = []
        self._size = 0

    @property
    def awaits_key(self) -> bool:
        """Whether what comes next is a key."""
        return bool(self._open) and isinstance(self._open[-1], _Mapping) and not self._open[-1].has_key

    def report(self, rule: Rule, line: int, column: int, message: str, hint: str | None = None) -> None:
        """Keep a mistake and go on."""
        self.mistakes.append(Mistake(rule, line, column, message, hint))

    def begin_mapping(self, line: int, column: int) -> None:
        """Begin a mapping."""
        self._grow(1, 1, line, column)
        self._open.append(_Mapping(line, column, self._size))

    def begin_sequence(self, line: int, column: int) -> None:
        """Begin a sequence."""
        self._grow(1, 1, line, column)
        self._open.append(_Sequence(line, column, self._size))

    def key(self, key: str, line: int, column: int) -> None:
        """Take the key of the next value; a value whose key was there before is left out."""
        mapping = self._mapping()
        first = mapping.children.get(key)
        if first is not None:
            message, hint = f"the key {key!r} stands twice in one mapping", f"it is already on line {first.key_line}"
            self.report(DUPLICATE_KEY, line, column, message, hint)
        mapping.has_key, mapping.key = True, key if first is None else None
        mapping.key_line, mapping.key_column = line, column

    def merge_key(self, line: int, column: int) -> None:
        """Take a `<<`: what comes next is merged into the mapping."""
        mapping = self._mapping()
        if mapping.merged:
            message, hint = "the key '<<' stands twice in one mapping", "write `<<: [*one, *other]`"
            self.report(DUPLICATE_KEY, line, column, message, hint)
        mapping.has_key, mapping.is_merging = True, True

    def add(self, part: Part, line: int, column: int) -> None:
        """Take a value that is already finished: a scalar, or what an alias repeats."""
        self._grow(part.size, part.height, line, column)
        self._put(part, line, column)

    def end(self) -> Part:
        """End the mapping or sequence that was begun last, and give it."""
        ended = self._open.pop()
        part = ended.finished(self._size)
        self._put(part, ended.line, ended.column)
        return part

    def _mapping(self) -> _Mapping:
        innermost = self._open[-1]
        if not isinstance(innermost, _Mapping):
            raise TypeError("a sequence has no keys")
        return innermost

    def _grow(self, size: int, height: int, line: int, column: int) -> None:
        self._size += size
        if self._size > MAX_VALUES:
            message, hint = f"the file has more than {MAX_VALUES:,} values", "what an alias repeats counts each time"
            raise UnparsableError(Mistake(DOCUMENT_TOO_LARGE, line, column, message, hint))
        if len(self._open) + height > MAX_DEPTH:
            message = f"values are nested more than {MAX_DEPTH} deep"
            raise UnparsableError(Mistake(DOCUMENT_TOO_LARGE, line, column, message))

    def _put(self, part: Part, line: int, column: int) -> None:
        if not self._open:
            self.value, self.places = part.value, Tree(line, column, line, column, part.children)
            return
        parent = self._open[-1]
        parent.height = max(parent.height, part.height + 1)
        if isinstance(parent, _Mapping) and parent.is_merging:
            self._merge(parent, part, line, column)
        else:
            parent.put(part, line, column)

    def _merge(self, mapping: _Mapping, part: Part, line: int, column: int) -> None:
        # https://yaml.org/type/merge.html: a mapping, or a sequence of mappings of which the first wins.
        mapping.has_key = mapping.is_merging = False
        parts = [part]
        if isinstance(part.children, list):
            parts = [Part(value, tree.children) for value, tree in zip(part.value, part.children, strict=True)]
        if all(isinstance(each.value, dict) for each in parts):
            mapping.merged.extend(parts)
        else:
            message = "what '<<' merges is not a mapping"
            hint = "merge the alias of a mapping; a key that is really called '<<' goes into quotes"
            self.report(INVALID_ALIAS, line, column, message, hint)


@dataclass(eq=False)
class _Sequence:
    line: int
    column: int
    size_before: int
    height: int = 0
    value: list[Any] = field(default_factory=list[Any])
    children: list[Tree] = field(default_factory=list[Tree])

    def put(self, part: Part, line: int, column: int) -> None:
        self.value.append(part.value)
        self.children.append(Tree(line, column, line, column, part.children))

    def finished(self, size: int) -> Part:
        return Part(self.value, self.children, size - self.size_before + 1, self.height)


@dataclass(eq=False)
class _Mapping:
    line: int
    column: int
    size_before: int
    height: int = 0
    value: dict[str, Any] = field(default_factory=dict[str, Any])
    children: dict[str, Tree] = field(default_factory=dict[str, Tree])
    has_key: bool = False
    is_merging: bool = False
    key: str | None = None
    """The key of the next value; None when that value is left out."""
    key_line: int = 0
    key_column: int = 0
    merged: list[Part] = field(default_factory=list[Part])

    def put(self, part: Part, line: int, column: int) -> None:
        self.has_key = False
        if self.key is not None:
            self.value[self.key] = part.value
            self.children[self.key] = Tree(line, column, self.key_line, self.key_column, part.children)

    def finished(self, size: int) -> Part:
        value: dict[str, Any] = {}
        children: dict[str, Tree] = {}
        for part in (*reversed(self.merged), Part(self.value, self.children)):
            value.update(part.value)
            children.update(part.children if isinstance(part.children, dict) else {})
        return Part(value, children, size - self.size_before + 1, self.height)
