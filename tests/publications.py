"""Sends valid payloads with every publisher that a package has, through brokers in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from cqrs_gen.contract.model import Action
from tests.bodies import valid_bodies
from tests.deliveries import holds, read_contract, value_of
from tests.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cqrs_gen.contract.model import Contract, Message
    from cqrs_gen.plan.sending_views import PublisherView
    from tests.generated import Package


SCHEMA_ID: Final = 1234
"""What the settings of a package have to say of every schema."""


async def check_publishers(document: Path, package: Package, *, role: str = "application") -> int:
    """Send the samples of each message that is sent; what goes out must be what was given.

    Gives how many publishers that is. Raises `AssertionError` where something else was sent.
    """
    contract = read_contract(document, is_client=role == "client")
    samples = Samples(package.contract_text, document.name)
    publishers = package.view.publishers
    async with package.traffic():
        for view in publishers:
            sent = _watched(package, view)
            message = _message(contract, view)
            around: dict[str, Any] = {"headers": samples.headers(message)} if view.headers_model else {}
            if view.takes_key and view.key_type:
                around["key"] = samples.key(message)
            if view.body.content != "json":
                await _check_other_content(package, view, valid_bodies(message, samples), around, sent)
                continue
            for payload in samples.valid(message):
                sent.clear()
                await _publish(package, view, _typed(package, view, payload), around)
                [outgoing] = sent
                written = json.loads(outgoing.body[1 + view.body.id_bytes if view.body.id_bytes else 0 :])
                written = written["payload"] if view.has_envelope else written
                assert holds(written, payload), f"{outgoing.body!r} is not {json.dumps(payload)}"
                assert "{" not in outgoing.address
    return len(publishers)


async def _check_other_content(
    package: Package, view: PublisherView, bodies: Sequence[bytes], around: dict[str, Any], sent: list[Any]
) -> None:
    """Read bodies that were written without the package, and send what they are: the same must go out."""
    frame = b"" if not view.body.id_bytes else b"\0" + SCHEMA_ID.to_bytes(view.body.id_bytes, "big")
    content = getattr(package.module("contract.publishers"), f"_{view.name}")._content  # noqa: SLF001 - as below
    for body in bodies:
        sent.clear()
        await _publish(package, view, content.read(frame + body), around)
        assert [outgoing.body for outgoing in sent] == [frame + body]


def _typed(package: Package, view: PublisherView, payload: object) -> object:
    type_ = Any if view.payload == "Any" else getattr(package.module("contract.models"), view.payload)
    return TypeAdapter(type_).validate_json(json.dumps(payload))


async def _publish(package: Package, view: PublisherView, payload: object, around: dict[str, Any]) -> None:
    arguments = {argument.name: value_of(argument.annotation) for argument in view.arguments}
    await getattr(package.module("contract.publishers"), view.name)(payload, **arguments, **around)


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
