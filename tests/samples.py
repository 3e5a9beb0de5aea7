"""Bodies of messages, made from the schemas of the contract and from nothing that the generator makes of them.

The document is the one that a generated package holds in `contract/asyncapi.json`; which bodies are valid is for
`tests/validity.py` to say.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from cqrs_gen.contract.model import Content
from tests.instances import Instances, NoInstanceError
from tests.validity import Validity, as_draft_7, without_unchecked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cqrs_gen.contract.model import Message
    from cqrs_gen.document.node import Node

REFERENCED: Final = "x-referenced-files"
_OTHERS: Final = ("wrong", 3.5, True, None, [1], {"wrong": 1})
"""One value of each type."""


class Samples:
    """What is sent as the messages of one document; `root` is the label of its first file."""

    def __init__(self, bundle: str, root: str) -> None:
        self._document: Final = as_draft_7(json.loads(bundle))
        self._validity: Final = Validity(self._document)
        self._refusals: Final = Validity(without_unchecked(self._document))
        self._root = root

    def valid(self, message: Message) -> list[Any]:
        """Give payloads that are valid: the examples of the message, else a small and a full one. Never none.

        Where no validator finds any, as in a schema that is valid when it is valid, those that the schema itself names.
        """
        pointer = self._pointer(message)
        examples = [node.value["payload"] for node in message.examples if "payload" in node.value]
        examples = [example for example in examples if self._is_valid(pointer, example)]
        guesses = list(self._made(pointer))
        made = [value for value in guesses if self._is_valid(pointer, value)]
        if not made:  # in a `oneOf`, for example, what is wrong for all but one
            changed = [broken for value in guesses for broken in _broken(value)]
            made = [value for value in changed if self._is_valid(pointer, value)][:2]
        found = _distinct(examples or made or self._named(pointer))
        assert found, f"no valid payload for {message.name or message.key} comes to mind"
        return found

    def broken(self, message: Message, others: Sequence[Message] = ()) -> list[Any]:
        """Give payloads that are valid neither for the message nor for one of the `others` of its channel.

        They are wrong in something that the models check. None where every payload is valid, or no validator knows
        which.
        """
        pointers = {self._pointer(one) for one in (message, *others)}
        known = [value for value in self.valid(message) if self.is_valid(message, value)]
        candidates = [broken for value in known for broken in _broken(value)]
        return _distinct([value for value in candidates if not any(self._is_taken(one, value) for one in pointers)])

    def is_valid(self, message: Message, payload: object) -> bool:
        """Whether a payload is what the schema of the message allows."""
        return self._is_valid(self._pointer(message), payload)

    def headers(self, message: Message) -> dict[str, str]:
        """Give the headers that a message has to have, as texts."""
        made = self._around(message.headers)
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in (made or {}).items()}

    def key(self, message: Message) -> bytes | None:
        """Give a key for a record of a message; none where the contract says nothing of it, or says it in Avro."""
        binding = message.bindings.get("kafka")
        schema = binding.get("key") if binding is not None and message.content is not Content.AVRO else None
        with contextlib.suppress(NoInstanceError):  # a type of Avro in a message of JSON
            made = self._around(schema)
            return None if made is None else (made if isinstance(made, str) else json.dumps(made)).encode()
        return None

    def _around(self, schema: Node | None) -> Any:
        return None if schema is None else Instances(self._resolve, is_full=False, branch=0).make(schema.value)

    def _pointer(self, message: Message) -> str:
        """Give where the payload's schema stands in the document; empty where the message has none."""
        if message.payload is None:
            return ""
        label = message.payload.file.source.label
        escaped = label.replace("~", "~0").replace("/", "~1")
        return (f"/{REFERENCED}/{escaped}" if label != self._root else "") + message.payload.pointer

    def _is_valid(self, pointer: str, value: object) -> bool:
        return not pointer or self._validity.is_valid(pointer, value)

    def _is_taken(self, pointer: str, value: object) -> bool:
        """Whether a value is valid as far as the models check it."""
        return not pointer or self._refusals.is_valid(pointer.replace("/oneOf/", "/anyOf/"), value)

    def _made(self, pointer: str) -> Iterator[Any]:
        schema = {"$ref": f"#{pointer}"} if pointer else True
        for is_full in (False, True):
            for branch in range(3):
                with contextlib.suppress(NoInstanceError):
                    yield Instances(self._resolve, is_full=is_full, branch=branch).make(schema)

    def _named(self, pointer: str) -> list[Any]:
        schema = self._resolve(pointer)
        while "$ref" in schema or "schemaFormat" in schema:
            schema = self._resolve(schema["$ref"]) if "$ref" in schema else schema["schema"]
        return [
            *schema.get("examples", ()),
            *([schema["example"]] if "example" in schema else ()),
        ]  # the latter: OpenAPI

    def _resolve(self, reference: str) -> Any:
        value: Any = self._document
        for token in unquote(reference).split("/")[1:]:
            key = token.replace("~1", "/").replace("~0", "~")
            value = value[int(key) if isinstance(value, list) else key]
        return value


def _broken(value: Any) -> Iterator[Any]:
    """Give a payload once without each of its members, and once with each value in it of every other type."""
    yield from (other for other in _OTHERS if type(other) is not type(value))
    for path in _paths(value):
        changed = copy.deepcopy(value)
        holder = functools.reduce(lambda part, key: part[key], path[:-1], changed)
        original = holder[path[-1]]
        if isinstance(holder, dict):
            del holder[path[-1]]
            yield copy.deepcopy(changed)
        for other in _OTHERS:
            if type(other) is not type(original):
                holder[path[-1]] = other
                yield copy.deepcopy(changed)


def _paths(value: Any, here: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*here, key)
        yield from _paths(member, (*here, key))


def _distinct(values: Sequence[Any]) -> list[Any]:
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())
