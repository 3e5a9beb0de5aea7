"""Bodies of messages that are no JSON, made from their schemas."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import fastavro
from fastavro.utils import generate_one

from cqrs_gen.contract.model import Content

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Message
    from tests.samples import Samples

_ANY_BYTES: Final = b"\x00\xff"


def body_of(message: Message, samples: Samples) -> bytes:
    """Give a valid body of a message of text, bytes or Avro."""
    match message.content:
        case Content.TEXT:
            texts = samples.valid(message) if message.payload is not None else ["text"]
            return next(text for text in texts if isinstance(text, str)).encode()
        case Content.AVRO:
            assert message.avro is not None
            stream = io.BytesIO()
            fastavro.schemaless_writer(stream, message.avro.schema, generate_one(message.avro.schema))
            return stream.getvalue()
        case _:
            return _ANY_BYTES
