"""What the tests of producers send: events as python-cqrs' users write them, without a look at the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import cqrs
import pydantic
from cqrs.container.di import DIContainer
from cqrs.events.event_emitter import EventEmitter

from tests.live.waiting import until

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from cqrs.message_brokers.protocol import MessageBroker

    from tests.live.ledger import Entry
    from tests.live.packages import Package

USERS: Final = "user_events"
ACCOUNTS: Final = "accounts"
CORRELATION_ID: Final = "c-1815"


class User(pydantic.BaseModel):
    """A payload of python-cqrs' pydantic events, which write the names of the fields."""

    user_id: str = pydantic.Field(default_factory=lambda: f"u-{uuid4()}")
    email: str = "ada@example.com"
    name: str = "Ada Lovelace"


class UserCreated(cqrs.PydanticNotificationEvent[User], frozen=True):
    """Written in snake_case."""

    event_name: str = "UserCreated"
    topic: str = USERS


@dataclass(frozen=True)
class PostalAddress:
    """Part of an account."""

    zip_code: str = "SW1Y 4JH"


@dataclass(frozen=True)
class Account:
    """A payload of python-cqrs' dataclass events, which write camelCase, and UUIDs without dashes."""

    account_id: UUID = field(default_factory=uuid4)
    opened_at: datetime = datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc)
    postal_address: PostalAddress = field(default_factory=PostalAddress)
    nick_name: str | None = None


class AccountOpened(cqrs.NotificationEvent[Account], frozen=True):
    """Written in camelCase."""

    event_name: str = "AccountOpened"
    topic: str = ACCOUNTS


@dataclass(frozen=True)
class Sent:
    """What must arrive besides the payload; None where the producer says nothing about it."""

    event_id: UUID | None = None
    correlation_id: str | None = None


@dataclass(frozen=True)
class Receiver:
    """A running service, and the address of the broker that it receives from."""

    package: Package
    address: str

    async def check_user(self, user: User, sent: Sent) -> None:
        """Wait until the handler has had this user; fail unless it came typed and whole, and once."""
        entry = await self._handled(user_id=user.user_id)
        assert (entry.event, entry.payload, entry.operation) == (
            "UserCreated",
            "UserCreatedPayload",
            "receiveUserEvents",
        )
        assert entry.values == user.model_dump()
        assert entry.topic == USERS
        assert sent.event_id is None or entry.event_id == str(sent.event_id)
        assert entry.correlation_id == sent.correlation_id

    async def check_account(self, event: AccountOpened) -> None:
        """Wait until the handler has had this account; fail unless it came typed and whole, and once."""
        account = event.payload
        entry = await self._handled(accountId=str(account.account_id))
        assert (entry.event, entry.payload) == ("AccountOpened", "Account")
        assert entry.operation == "receiveAccounts"
        assert entry.members == {
            "account_id": "UUID",
            "opened_at": "datetime",
            "postal_address": "PostalAddress",
            "nick_name": "NoneType",
        }
        assert datetime.fromisoformat(entry.values["openedAt"].replace("Z", "+00:00")) == account.opened_at
        assert entry.values["postalAddress"] == {"zipCode": account.postal_address.zip_code}
        assert entry.event_id == str(event.event_id)

    async def _handled(self, **values: str) -> Entry:
        [entry] = await until(lambda: self.package.ledger.entries(**values), why=self.package.logs)
        return entry


async def emit(broker: AbstractAsyncContextManager[MessageBroker], event: cqrs.INotificationEvent[Any]) -> Sent:
    """Send an event as python-cqrs' mediators do."""
    async with broker as opened:
        await EventEmitter(cqrs.EventMap(), DIContainer(), opened).emit(event)
    return Sent(event.event_id)
