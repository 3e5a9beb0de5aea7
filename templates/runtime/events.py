"""What every event of a contract is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID, uuid4

import cqrs
from pydantic import AliasChoices, ConfigDict, Field
from pydantic_core import to_json
from typing_extensions import Self

PayloadT = TypeVar("PayloadT")


class Event(cqrs.PydanticNotificationEvent[PayloadT], Generic[PayloadT], frozen=True):
    """A notification that is read and written exactly as the contract says.

    Its identity is read in both spellings of python-cqrs, whose dataclass events write `eventId`. A class of the same
    shape is not taken for it (`from_attributes`).
    """

    model_config = ConfigDict(from_attributes=False)

    around: ClassVar[tuple[Any, ...]] = ()
    """What reads the headers and the key of its messages, where the contract describes them (`Around`)."""

    event_id: UUID = Field(default_factory=uuid4, validation_alias=AliasChoices("event_id", "eventId"))
    event_timestamp: datetime = Field(
        default_factory=datetime.now, validation_alias=AliasChoices("event_timestamp", "eventTimestamp")
    )

    def to_dict(self) -> dict[str, Any]:
        """Give the event as JSON types, under the names of the contract; brokers of python-cqrs write this.

        The envelope is whole; the payload has the members that it was read or made with, and no defaults besides.
        """
        envelope = self.model_dump(mode="json", by_alias=True, exclude={"payload"})
        return envelope | self.model_dump(mode="json", by_alias=True, include={"payload"}, exclude_unset=True)

    @classmethod
    def from_dict(cls, **kwargs: Any) -> Self:  # noqa: ANN401 - the signature is python-cqrs'
        """Rebuild an event from what `to_dict` gave; ValidationError when it is not that."""
        return cls.model_validate_json(to_json(kwargs), strict=True, by_alias=True, by_name=False)
