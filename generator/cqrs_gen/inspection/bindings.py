"""Which fields of which bindings have an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.contract.model import Action
from cqrs_gen.inspection.model import InspectedBinding
from cqrs_gen.protocols import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from cqrs_gen.contract.model import Contract, Message
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import ProtocolModule


def inspect_bindings(
    contract: Contract, messages: Collection[Message], served: Mapping[str, Collection[str]]
) -> tuple[InspectedBinding, ...]:
    """Give every bindings object of a contract and its `messages`.

    `served` are the protocols that each operation is served over, by its key: a field of a protocol has no effect
    where nothing is served over it.
    """
    by_channel: dict[str, set[str]] = {}
    for operation in contract.operations:
        by_channel.setdefault(operation.channel.node.id, set()).update(served.get(operation.key, ()))
    everywhere = {key for keys in served.values() for key in keys}
    found = [
        *(_each("server", one.key, one.bindings, everywhere) for one in contract.servers),
        *(_each("channel", one.key, one.bindings, by_channel.get(one.node.id, ())) for one in contract.channels),
        *(
            _each("operation", one.key, one.bindings, served.get(one.key, ()), actions=(one.action,))
            for one in contract.operations
        ),
        *(_each("message", one.name or one.key, one.bindings, everywhere) for one in messages),
    ]
    return tuple(sorted((one for each in found for one in each), key=lambda one: (one.object, one.name, one.binding)))


def _each(
    kind: str,
    name: str,
    bindings: Mapping[str, Node],
    protocols: Collection[str],
    *,
    actions: Collection[Action] = tuple(Action),
) -> Iterator[InspectedBinding]:
    for binding, node in bindings.items():
        module = next((module for module in PROTOCOLS if module.binding == binding), None)
        states: dict[str, list[str]] = {"used": [], "unused": [], "unknown": []}
        for path, state in _fields(kind, "", node, module, actions):
            is_idle = state == "used" and module is not None and module.key not in protocols
            states["unused" if is_idle else state].append(path)
        used, unused, unknown = (tuple(sorted(states[state])) for state in ("used", "unused", "unknown"))
        yield InspectedBinding(kind, name, binding, used, unused, unknown)


def _fields(
    place: str, prefix: str, node: Node, module: ProtocolModule | None, actions: Collection[Action]
) -> Iterator[tuple[str, str]]:
    """Give the path of each field and its state; those of an object in a binding instead of the object."""
    for key, member in node.members():
        if key == "bindingVersion" or key.startswith("x-"):
            continue
        path, inner = f"{prefix}{key}", f"{place}.{key}"
        if module is None:
            yield path, "unused"
        elif inner in module.binding_fields:
            yield from _fields(inner, f"{path}.", member, module, actions)
        elif key not in module.binding_fields[place]:
            yield path, "unknown"
        else:
            yield path, "used" if key in _effects(place, module, actions) else "unused"


def _effects(place: str, module: ProtocolModule, actions: Collection[Action]) -> set[str]:
    received = module.binding_effects.get(place, frozenset()) if Action.RECEIVE in actions else frozenset[str]()
    sent = module.sending_effects.get(place, frozenset()) if Action.SEND in actions else frozenset[str]()
    return {*received, *sent}
