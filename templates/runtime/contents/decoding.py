"""From the bodies of a channel that are not all JSON to events.

What decides is the content type that a message comes with; without one, as which of them a body can be read at all.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ..bad_input import AmbiguousMessage, BadInput, NotJson, UnknownMessage, UnsupportedContent
from ..candidates import Candidate, Ignored, Unsupported
from ..decoding import Deserializer
from ..envelope import named_by
from ..events import Event
from ..json_body import is_json, parse
from ..payload import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..decoding import Envelopes
    from ..message import Message
    from ..payload import Medium

EventT = TypeVar("EventT", bound=Event[Any])

_AVRO: Final = frozenset({"avro/binary", "application/avro", "application/x-avro", "application/x-avro-binary"})
_CHARSETS: Final = frozenset({"", "utf-8", "utf8", "us-ascii"})


class ContentDeserializer(Deserializer[EventT]):
    """Reads the messages of one channel, of which some are no plain JSON. These have no envelope around them."""

    def __init__(
        self,
        address: str,
        *,
        envelope: Envelopes,
        messages: Sequence[Candidate[EventT]],
        parameters: Mapping[str, Any] | None = None,
        tombstone: Callable[[Message, str], EventT] | None = None,
    ) -> None:
        super().__init__(address, envelope=envelope, messages=messages, parameters=parameters, tombstone=tombstone)
        self._plain = Deserializer(address, envelope=envelope, messages=[one for one in messages if _is_plain(one)])
        self._enveloped = {one.name for one in messages if type(one.content) is Reader}
        self._media = {one.content.medium for one in messages if one.content is not None}

    def decode(self, body: bytes, message: Message | None, address: str) -> EventT | Ignored:
        """Give the event of a body that came from an address; raises `BadInput`."""
        candidates = self._of_content(self._by_header(message), message)
        others = [one for one in candidates if not _is_plain(one)]
        if not others:
            return self._plain.decode(body, message, address)
        if len(candidates) == 1:
            return others[0].wrap(others[0].read(body), body, message, address)
        if len(others) < len(candidates) and self._is_named(body):
            return self._plain.decode(body, message, address)
        return self._read_the_only_one(candidates, body, message, address)

    def _of_content(self, candidates: Sequence[Candidate[EventT]], message: Message | None) -> list[Candidate[EventT]]:
        """Give the messages that may come with the content type of this one."""
        content_type = message.content_type if message else None
        medium = medium_of(content_type) if content_type else None
        if not content_type or (medium == "bytes" and medium not in self._media):  # clients write that unasked
            return list(candidates)
        chosen = [one for one in candidates if one.content is not None and one.content.medium == medium]
        if not chosen:
            raise UnsupportedContent(f"content type {content_type[:100]!r} is that of no message that can be decoded")
        return chosen

    def _is_named(self, body: bytes) -> bool:
        """Whether a body is an envelope that names one of the messages in JSON."""
        try:
            return self._envelope != "none" and named_by(parse(body)) in self._enveloped
        except NotJson:
            return False

    def _read_the_only_one(
        self, candidates: Sequence[Candidate[EventT]], body: bytes, message: Message | None, address: str
    ) -> EventT | Ignored:
        found: dict[str, EventT | Ignored] = {}
        refusals: dict[str, BadInput] = {}
        for one in candidates:
            name = "JSON" if _is_plain(one) else one.name
            if name in found or name in refusals:
                continue
            try:
                if _is_plain(one):
                    found[name] = self._plain.decode(body, message, address)
                else:
                    found[name] = one.wrap(one.read(body), body, message, address)
            except BadInput as refusal:
                refusals[name] = refusal
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            raise AmbiguousMessage(f"valid as each of {', '.join(found)}, and no content type tells which")
        is_unsupported = any(isinstance(refusal, UnsupportedContent) for refusal in refusals.values())
        reasons = " | ".join(f"{name}: {refusal}" for name, refusal in refusals.items())
        raise (UnsupportedContent if is_unsupported else UnknownMessage)(f"valid as none of {reasons}")


def _is_plain(candidate: Candidate[Any]) -> bool:
    """Whether a message is left to the reading of JSON, which knows also what to say of those that nobody can read."""
    return isinstance(candidate, Unsupported) or type(candidate.content) is Reader


@lru_cache(maxsize=64)
def medium_of(content_type: str) -> Medium | None:
    """Tell in what a body of that content type is written; None where nothing here reads that."""
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if media_type == "text/plain":
        charsets = {
            value.strip("\"' ") for key, _, value in (each.partition("=") for each in parameters) if key == "charset"
        }
        return "text" if charsets <= _CHARSETS else None
    if media_type == "application/octet-stream":
        return "bytes"
    if media_type in _AVRO or media_type.startswith("application/vnd.apache.avro") or media_type.endswith("+avro"):
        return "avro"
    return "json" if is_json(media_type) else None
