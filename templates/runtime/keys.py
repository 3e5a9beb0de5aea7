"""Keys of records as the contract describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from .around import Around, argument_of, reader_of
from .bad_input import BadInput, InvalidKey, InvalidPayload, joined
from .message import KafkaMessage, current_message
from .payload import Reader
from .wire_values import as_json, json_types

if TYPE_CHECKING:
    from .message import Message

KeyT = TypeVar("KeyT")


class Key(Around[KeyT]):
    """Reads the key of a record; `type_` is any type expression."""

    def __init__(self, type_: Any) -> None:  # noqa: ANN401 - as above
        self._reader: Final = Reader(type_)
        self._types: Final = json_types(type_)

    def check(self, message: Message) -> None:
        if isinstance(message, KafkaMessage):
            self.read(message)

    def _read(self, message: Message) -> KeyT:
        if not isinstance(message, KafkaMessage):
            raise LookupError("a message of RabbitMQ has no key")  # noqa: TRY004 - the event may come from both
        try:
            key: KeyT = self._reader.read(as_json(message.key, self._types))
        except InvalidPayload as refusal:
            problems = "there is no key" if message.key is None else joined(refusal.problems)
            raise InvalidKey(problems) from None
        except BadInput as refusal:
            raise InvalidKey(str(refusal)) from None
        return key


class WithKey(Generic[KeyT]):
    """An event whose records have keys that the contract describes."""

    __slots__ = ()

    around: ClassVar[tuple[Any, ...]] = ()

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - whatever a class may be made with
        super().__init_subclass__(**options)
        cls.around = (*cls.around, Key(argument_of(cls, WithKey)))


def key_of(event: type[WithKey[KeyT]]) -> KeyT:
    """Give the key of the record that is being handled, which became an `event`.

    TypeError for an event whose keys the contract does not describe, LookupError outside a handler and for a message of
    RabbitMQ, which has none.
    """
    reader: Key[KeyT] = reader_of(event, Key)
    return reader.read(current_message())
