"""Where a reference leads: `$ref` with a JSON Pointer (RFC 6901), across files and through other references."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from cqrs_gen.document.files import OutsideError, UnreadableFileError
from cqrs_gen.document.node import Node, is_mapping, is_sequence, unescape
from cqrs_gen.rules import INVALID_REF, OUTSIDE_REF, REF_CYCLE, REMOTE_REF, UNRESOLVED_REF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.diagnostics import Diagnostics, Rule
    from cqrs_gen.document.chains import Chains
    from cqrs_gen.document.files import Files
    from cqrs_gen.document.node import ParsedFile

_MAX_FOLLOWED: Final = 1000
"""How many references one may lead through: some that pass through each other would go on for ever."""
_MAX_LISTED: Final = 8
"""How many names a hint lists."""
_REMOTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]")
"""A scheme (RFC 3986, section 3.1; a drive of Windows looks the same) or an absolute path."""
_INDEX: Final = re.compile(r"(0|[1-9][0-9]*)\Z")


class BadReferenceError(Exception):
    """What is wrong with `reference`, the mapping that holds the `$ref`."""

    def __init__(self, rule: Rule, reference: Node, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.reference = reference
        self.message = message
        self.hint = hint


def follow(node: Node, files: Files, chains: Chains, diagnostics: Diagnostics) -> Node | None:
    """Give the value that a reference leads to, and remember in `chains` what led there; other nodes as they are.

    A pointer may pass through a mapping that is itself a reference. None when a file on the way has mistakes of its
    own. Raises `BadReferenceError`.
    """
    pending: list[_Step] = []
    followed: dict[tuple[str, tuple[str, ...]], Node] = {}
    latest: Node | None = None
    while True:
        leads_on = _leads_on(node, pending)
        if latest is not None and (leads_on or not pending):
            chains.remember(node, latest)
        if leads_on:
            state = (node.id, tuple(step.token for step in pending))
            if state in followed or len(followed) == _MAX_FOLLOWED or len(pending) > _MAX_FOLLOWED:
                raise _cycle(list(followed.values()), followed.get(state))
            followed[state] = latest = node
            target = _target(node, files, diagnostics)
            if target is None:
                return None
            node, tokens = target
            pending.extend(_Step(token, latest) for token in reversed(tokens))
        elif pending:
            node = _member(node, pending.pop())
        else:
            return node


class _Step(NamedTuple):
    """A part of a pointer that is still to go, and the reference that it belongs to."""

    token: str
    reference: Node


def _leads_on(node: Node, pending: list[_Step]) -> bool:
    if not is_mapping(node.value) or "$ref" not in node.value:
        return False
    # On the way of a pointer, what really stands there goes first; `$ref` may be the name of a property.
    return not pending or (pending[-1].token not in node.value and isinstance(node.value["$ref"], str))


def _target(reference: Node, files: Files, diagnostics: Diagnostics) -> tuple[Node, list[str]] | None:
    """Give the root of the file that a reference names, and the parts of the pointer into it."""
    text = reference.value["$ref"]
    if not isinstance(text, str):
        raise BadReferenceError(INVALID_REF, reference, "'$ref' must be a string")
    if _REMOTE.match(text):
        hint = "keep a copy in a file beside the document, and refer to that"
        raise BadReferenceError(
            REMOTE_REF, reference, f"{text!r} is a URL or an absolute path, which is not read", hint
        )
    try:
        path, _, pointer = (unquote(part, errors="strict") for part in text.partition("#"))
    except UnicodeDecodeError:
        raise BadReferenceError(INVALID_REF, reference, f"what '%' encodes in {text!r} is not UTF-8") from None
    if pointer and not pointer.startswith("/"):
        message = f"{pointer!r} in {text!r} is not a JSON Pointer"
        raise BadReferenceError(INVALID_REF, reference, message, "it starts with '#/'")
    file = _open(path, reference, files, diagnostics) if path else reference.file
    if file is None:
        return None
    return Node(file, "", file.value), [unescape(token) for token in pointer.split("/")[1:]]


def _open(path: str, reference: Node, files: Files, diagnostics: Diagnostics) -> ParsedFile | None:
    text = reference.value["$ref"]
    try:
        return files.open(path, reference.file, diagnostics)
    except OutsideError:
        message = f"{text!r} leads out of the repository of the document"
        raise BadReferenceError(OUTSIDE_REF, reference, message, "keep a copy in the repository") from None
    except UnreadableFileError as error:
        root = Node(reference.file, "", reference.file.value)
        hint = f"in the same file it is '#/{text}'" if root.get(path.partition("/")[0]) else None
        raise BadReferenceError(UNRESOLVED_REF, reference, f"{text!r} leads to nothing: {error}", hint) from None


def _member(node: Node, step: _Step) -> Node:
    token, reference = step
    if is_mapping(node.value) and token in node.value:
        return node.child(token)
    if is_sequence(node.value) and _INDEX.match(token) and int(token) < len(node.value):
        return node.child(int(token))
    place = f"{node.pointer!r}" if node.pointer else "the root"
    if node.file is not reference.file:
        place += f" of {node.file.source.name}"
    message = f"{reference.value['$ref']!r} leads to nothing: {place} has no {token!r}"
    names = list(node.value) if is_mapping(node.value) else []
    raise BadReferenceError(UNRESOLVED_REF, reference, message, _hint(token, names))


def _hint(token: str, names: Sequence[str]) -> str | None:
    close = get_close_matches(token, names, 1, cutoff=0.75)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there is {', '.join(map(repr, names))}" if 0 < len(names) <= _MAX_LISTED else None


def _cycle(followed: list[Node], again: Node | None) -> BadReferenceError:
    """Say it where the cycle stands first in the files, so that it is said once, wherever one enters it."""
    if again is None:
        text = followed[0].value["$ref"]
        return BadReferenceError(REF_CYCLE, followed[0], f"{text!r} leads through more than {_MAX_FOLLOWED} references")
    cycle = followed[followed.index(again) :]
    first = cycle.index(min(cycle, key=lambda node: node.location))
    texts = [repr(node.value["$ref"]) for node in cycle[first:] + cycle[:first]]
    message = f"{texts[0]} leads back to itself"
    return BadReferenceError(
        REF_CYCLE, cycle[first], message, f"by way of {', '.join(texts[1:])}" if texts[1:] else None
    )
