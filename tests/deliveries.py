"""Sends every message that a package receives through brokers in memory, and looks at what becomes of it.

What is sent is made from the schemas of the contract (`tests/samples.py`); what must come of it is said by the
contract and by jsonschema-rs, not by the generated models.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cqrs_gen.contract.model import Action, Content
from cqrs_gen.contract.read import read
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load
from tests.bodies import valid_bodies
from tests.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from cqrs_gen.contract.model import Contract, Message, Operation
    from cqrs_gen.plan.broker_views import BrokerView
    from cqrs_gen.plan.deserializer_views import DeserializerView, MessageView
    from cqrs_gen.plan.views import SourceView, SubscriberView
    from tests.generated import Package

_MOST_BROKEN: Final = 25
"""Of each message, so that a large schema does not take all the time."""


class Checked(NamedTuple):
    """What was sent, and ended as it must."""

    messages: int
    broken: int
    """How many payloads that no message of their channel allows."""


@dataclass(frozen=True)
class _Sending:
    """A message of an operation, where it is sent, and who may get it."""

    operation: Operation
    message: Message
    view: MessageView
    send: Callable[[bytes, dict[str, str], bytes | None], Awaitable[Any]]
    receivers: tuple[SourceView, ...]
    """The sources of all subscribers that get what is sent there."""
    is_ambiguous: bool
    """Whether the generator warned that validity alone may not tell the message."""
    required: dict[str, str]
    """The headers that the contract requires."""
    key: bytes | None

    @property
    def id_bytes(self) -> int:
        """How long the id of a schema is in front of the payload."""
        return (self.view.body.id_bytes if self.view.body is not None else None) or 0

    @property
    def headers(self) -> dict[str, str]:
        """What a producer puts into the headers, also so that the message is told apart."""
        rule = self.view.header
        return self.required if rule is None else {**self.required, rule.name: rule.values[0]}

    @property
    def handling(self) -> list[str]:
        """The operations that must handle the message when it comes once."""
        event = self.view.event or ""
        return [source.operations[event] for source in self.receivers if event in source.operations]


async def check_deliveries(document: Path, package: Package) -> Checked:
    """Send each message of each receive operation that is served, valid and broken, to a package that records.

    Raises `AssertionError` where something else became of one.
    """
    contract = read_contract(document)
    samples = Samples(package.contract_text, document.name)
    messages = refused = 0
    async with package.traffic() as traffic:
        for sending in _sendings(contract, package, traffic, samples):
            check = _Check(package, traffic.dead, sending)
            address = sending.operation.channel.address  # several channels may have it
            around = [one for channel in contract.channels if channel.address == address for one in channel.messages]
            declared = {one.id: one for one in around if one.undecoded is None}
            if not _is_plain(sending):
                await _check_other_contents(check, sending, samples, is_alone=len(declared) == 1)
                messages += 1
                continue
            others = [one for one in declared.values() if one.content is Content.JSON]
            for payload in samples.valid(sending.message):
                candidates = [one.id for one in others if samples.is_valid(one, payload)]
                await check.is_handled(payload, is_told_apart=candidates == [sending.message.id])
            broken = samples.broken(sending.message, others) if len(others) == len(declared) else []
            for payload in broken[:: len(broken) // _MOST_BROKEN + 1]:
                await check.is_dead_lettered(payload)
            messages, refused = messages + 1, refused + len(broken)
    return Checked(messages, refused)


def _is_plain(sending: _Sending) -> bool:
    return sending.message.content is Content.JSON and not sending.id_bytes


async def _check_other_contents(check: _Check, sending: _Sending, samples: Samples, *, is_alone: bool) -> None:
    """Send what is no plain JSON: whole, and Avro also cut off and with a byte too many."""
    frame = bytes(1 + sending.id_bytes) if sending.id_bytes else b""
    if sending.message.content is Content.JSON:
        bodies = [json.dumps(payload).encode() for payload in samples.valid(sending.message)]
    else:
        bodies = list(valid_bodies(sending.message, samples))
    for body in bodies:
        await check.is_body_handled(frame + body, is_certain=is_alone)
        if sending.message.content is Content.AVRO and is_alone:
            await check.is_body_dead_lettered(frame + body + b"\x01")


class _Check:
    """Sends a payload bare and in both spellings of the envelope, and looks at what became of it."""

    def __init__(self, package: Package, dead: list[Any], sending: _Sending) -> None:
        self._package = package
        self._dead = dead
        self._sending = sending

    async def is_body_handled(self, body: bytes, *, is_certain: bool) -> None:
        """Send a body as it is."""
        await self._send_body(body, self._sending.headers)
        operations = [message.operation for _, message in self._package.handled]
        if is_certain:
            assert [dead.headers["x-error"] for dead in self._dead] == []
            assert sorted(operations) == sorted(self._sending.handling)
        assert len(operations) + len(self._dead) >= 1, "nothing is lost"

    async def is_body_dead_lettered(self, body: bytes) -> None:
        """Send a body that nobody can read."""
        await self._send_body(body, self._sending.headers)
        assert self._package.names == []
        assert [dead.body for dead in self._dead] == [body] * len(self._sending.receivers)

    async def is_handled(self, payload: Any, *, is_told_apart: bool) -> None:
        sending = self._sending
        member = sending.view.member
        says_it = member is not None and isinstance(payload, dict) and member.name in payload  # it may be optional
        is_certain = is_told_apart or sending.view.header is not None or says_it
        await self._send(payload, sending.headers)
        if is_certain and not sending.is_ambiguous:
            self._expect_handled(payload)
        else:
            handled, dead = len(self._package.handled), len(self._dead)
            assert handled <= len(sending.receivers), "one handler for each group"
            assert handled + dead >= 1, "nothing is lost"
        for envelope in _envelopes(sending.view.event_name, payload):
            await self._send(envelope, sending.required)
            self._expect_handled(payload)

    async def is_dead_lettered(self, payload: Any) -> None:
        sending = self._sending
        await self._send(payload, sending.headers)
        self._expect_dead(payload, len(sending.receivers))
        for envelope in _envelopes(sending.view.event_name, payload):
            await self._send(envelope, sending.required)
            self._expect_dead(envelope, len(sending.handling))  # a group that leaves it out does not look into it

    async def _send(self, value: Any, headers: dict[str, str]) -> None:
        await self._send_body(json.dumps(value).encode(), headers)

    async def _send_body(self, body: bytes, headers: dict[str, str]) -> None:
        self._package.handled.clear()
        self._dead.clear()
        await self._sending.send(body, headers, self._sending.key)

    def _expect_dead(self, body: Any, times: int) -> None:
        assert (self._package.names, len(self._dead)) == ([], times), json.dumps(body)
        assert {dead.body for dead in self._dead} == {json.dumps(body).encode()}

    def _expect_handled(self, payload: Any) -> None:
        reasons = [dead.headers["x-error"] for dead in self._dead]
        assert reasons == [], json.dumps(payload)
        operations = [message.operation for _, message in self._package.handled]
        assert sorted(operations) == sorted(self._sending.handling), json.dumps(payload)
        for event, _ in self._package.handled:
            assert type(event) is getattr(self._package.module("contract.events"), str(self._sending.view.event))
            assert event.event_name == self._sending.view.event_name
            assert holds(event.to_dict()["payload"], payload), f"{event.to_dict()} is not {json.dumps(payload)}"


_VALUES: Final = {
    "int": "1",
    "float": "1.5",
    "bool": "true",
    "dt.date": "2026-03-01",
    "UUID": "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77",
}
"""A value for a parameter of each type."""


def read_contract(document: Path, *, is_client: bool = False) -> Contract:
    """Read a document that has no errors, for a client of the application from the other side."""
    diagnostics = Diagnostics()
    loaded = load([document], diagnostics, cwd=document.parent)
    contract = read(loaded, diagnostics, is_client=is_client) if loaded is not None else None
    assert contract is not None
    return contract


def _sendings(contract: Contract, package: Package, traffic: Any, samples: Samples) -> Iterator[_Sending]:
    """Give every message of every receive operation that is served, by each protocol that serves it."""
    deserializers = {deserializer.name: deserializer for deserializer in package.view.deserializers}
    for broker in package.view.brokers:
        subscribers = [(one, source) for one in broker.subscribers for source in one.sources]
        for operation in contract.operations:
            if operation.action is not Action.RECEIVE:
                continue
            for subscriber, source in subscribers:
                if operation.key not in source.operations.values():
                    continue
                known = {view.event_name: view for view in deserializers[source.deserializer].messages}
                ambiguous = _ambiguous(package, source.address)
                for message in operation.messages:
                    view = known[message.name or message.key]
                    if view.body is None:  # of a content type that cannot be decoded
                        continue
                    yield _Sending(
                        operation,
                        message,
                        view,
                        _sender(traffic, broker, subscriber, _filled(deserializers[source.deserializer])),
                        tuple(other for _, other in subscribers if other.address == source.address),
                        view.event_name in ambiguous,
                        samples.headers(message),
                        samples.key(message),
                    )


def _ambiguous(package: Package, address: str) -> set[str]:
    """Give the messages of an address that the generator warned about, which names both of a pair."""
    return {
        name
        for found in package.diagnostics.sorted()
        if found.rule.id == "indistinguishable-messages" and f"{address!r}" in found.message
        for name in found.message.split("'")[1::2]
    }


def _filled(deserializer: DeserializerView) -> str:
    """Give an address with a value for each of its parameters."""
    address = deserializer.address
    for parameter in deserializer.parameters:
        address = address.replace(f"{{{parameter.name}}}", value_of(parameter.annotation))
    return address


def value_of(annotation: str) -> str:
    """Give a value of a parameter, by what its type is written as."""
    choice = re.match(r"Literal\['([^']*)'", annotation)
    return choice[1] if choice else _VALUES.get(annotation, "word")


def _sender(
    traffic: Any, broker: BrokerView, subscriber: SubscriberView, address: str
) -> Callable[[bytes, dict[str, str], bytes | None], Awaitable[Any]]:
    details: Any = subscriber.details
    running = traffic.brokers[broker.name]

    async def send(body: bytes, headers: dict[str, str], key: bytes | None) -> None:
        if broker.protocol.key == "kafka":
            await running.publish(body, address, key=key, headers=headers)
        elif details.bindings:
            binding = details.bindings[0]
            route = address if "{" in subscriber.sources[0].address else binding.routing_key.replace("*", "word")
            await running.publish(body, exchange=binding.exchange.name, routing_key=route, headers=headers)
        else:
            await running.publish(body, details.queue, headers=headers)

    return send


def _envelopes(name: str, payload: Any) -> Iterator[dict[str, Any]]:
    """Write an envelope as pydantic events of python-cqrs do, and as its dataclass events do."""
    identity = "5d0e3a0e-38f1-4f5c-9f0c-1c1f8d3f2b77"
    time = "2026-03-01T09:30:00Z"
    yield {"event_name": name, "event_id": identity, "event_timestamp": time, "topic": "t", "payload": payload}
    identity = identity.replace("-", "")
    yield {"eventName": name, "eventId": identity, "eventTimestamp": time, "topic": "t", "payload": payload}


def holds(written: Any, payload: Any) -> bool:
    """Whether a payload came through as it was; members with a default may be added."""
    if isinstance(payload, dict):
        return isinstance(written, dict) and all(
            key in written and holds(written[key], member) for key, member in payload.items()
        )
    if isinstance(payload, list):
        return isinstance(written, list) and all(map(holds, written, payload)) and len(written) == len(payload)
    if isinstance(payload, float) and isinstance(written, (int, float)):
        return math.isclose(payload, written)
    return bool(written == payload and type(written) is type(payload)) or _is_same_time(written, payload)


def _is_same_time(one: Any, other: Any) -> bool:
    try:
        times = [datetime.fromisoformat(str(text).replace("Z", "+00:00")) for text in (one, other)]
    except ValueError:
        return False
    return times[0] == times[1]
