"""Sends a valid payload with every publisher of JSON that a package has, through brokers in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from cqrs_gen.contract.model import Action
from tests.deliveries import holds, read_contract, value_of
from tests.samples import Samples

if TYPE_CHECKING:
    from pathlib import Path

    from cqrs_gen.contract.model import Contract, Message
    from cqrs_gen.plan.sending_views import PublisherView
    from tests.generated import Package


async def check_publishers(document: Path, package: Package) -> int:
    """Send the samples of each message that is sent as JSON; what goes out must be what was given.

    Gives how many publishers that is. Raises `AssertionError` where something else was sent.
    """
    contract = read_contract(document)
    samples = Samples(package.contract_text, document.name)
    publishers = [view for view in package.view.publishers if "json" in view.content_type]
    async with package.traffic():
        for view in publishers:
            sent = _watched(package, view)
            message = _message(contract, view)
            around: dict[str, Any] = {"headers": samples.headers(message)} if view.headers_model else {}
            if view.takes_key and view.key_type:
                around["key"] = samples.key(message)
            for payload in samples.valid(message):
                sent.clear()
                await _publish(package, view, payload, around)
                [outgoing] = sent
                written = json.loads(outgoing.body)
                written = written["payload"] if view.has_envelope else written
                assert holds(written, payload), f"{outgoing.body!r} is not {json.dumps(payload)}"
                assert "{" not in outgoing.address
    return len(publishers)


async def _publish(package: Package, view: PublisherView, payload: object, around: dict[str, Any]) -> None:
    module = package.module("contract.publishers")
    type_ = Any if view.payload == "Any" else getattr(package.module("contract.models"), view.payload)
    arguments = {argument.name: value_of(argument.annotation) for argument in view.arguments}
    await getattr(module, view.name)(TypeAdapter(type_).validate_json(json.dumps(payload)), **arguments, **around)


def _watched(package: Package, view: PublisherView) -> list[Any]:
    """Give the list that gets all that a publisher sends, before it is sent."""
    publisher = getattr(package.module("contract.publishers"), f"_{view.name}")
    sent: list[Any] = []
    send = publisher._send  # noqa: SLF001 - the last place where it is no message of a broker yet

    async def note(outgoing: Any) -> None:
        sent.append(outgoing)
        await send(outgoing)

    publisher._send = note  # noqa: SLF001
    return sent


def _message(contract: Contract, view: PublisherView) -> Message:
    """Give the message that a publisher sends: that of its name, at its address where several have it."""
    sending = [operation for operation in contract.operations if operation.action is Action.SEND]
    found = [
        (operation.channel.address == view.address, message)
        for operation in sending
        for message in operation.messages
        if (message.name or message.key) == view.event_name
    ]
    return max(found, key=lambda one: one[0])[1]
