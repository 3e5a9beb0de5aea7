"""Merging traits into the object that has them (JSON Merge Patch, RFC 7396, as AsyncAPI's text asks).

2.x: traits are merged onto the object in their order, so a trait overrides its target. 3.x: traits are merged in
their order and the object onto the result, so a trait never overrides its target.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

from cqrs_gen.contract.described import Described
from cqrs_gen.contract.objects import is_reference
from cqrs_gen.document.node import Node

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cqrs_gen.contract.objects import ObjectType
    from cqrs_gen.contract.reading import Reading


@dataclass(frozen=True, eq=False)
class MergedNode(Node):
    """An object made of several, each member of which is the node where it is written.

    It stands where the target of the traits does, or, for what the target does not have, where the strongest trait
    does.
    """

    parts: Mapping[str, Node] = field(repr=False)

    def child(self, key: str | int) -> Node:
        """Give the member `key`, which must exist."""
        return self.parts[str(key)]


def merge_traits(target: Described, trait: ObjectType, reading: Reading, *, override: bool) -> Described:
    """Give `target` with its traits, which `trait` describes, merged; `override` is whether they override it.

    A reference directly at a field is followed where two of the objects have the field. A reference further inside is
    a value like any other: the stronger one is taken whole.
    """
    opened = (reading.open(node, trait) for node in target.elements("traits"))
    traits = [found.node for found in opened if found is not None]
    if not traits:
        return target
    layers = [target.node, *traits] if override else [*traits, target.node]
    uses = Counter(key for layer in layers for key, _ in layer.members())
    shared = {key for key, times in uses.items() if times > 1}
    followed = [_follow(layer, shared, reading) for layer in layers]

    def merge(weaker: Node, stronger: Node) -> Node:
        return _merge(weaker, stronger, override=override)

    return Described(reduce(merge, followed), target.description)


def _follow(layer: Node, fields: Collection[str], reading: Reading) -> Node:
    parts: dict[str, Node] = {}
    for key, node in layer.members():
        target = reading.resolve(node) if key in fields else node
        if target is not None:
            parts[key] = target
    return _assemble(parts, stands=layer)


def _merge(weaker: Node, stronger: Node, *, override: bool) -> Node:
    parts = dict(weaker.members())
    for key, node in stronger.members():
        if key not in parts:
            parts[key] = node
        elif node.value is None:
            del parts[key]  # RFC 7396: null removes
        elif _is_object(parts[key]) and _is_object(node):
            parts[key] = _merge(parts[key], node, override=override)
        else:
            parts[key] = node
    return _assemble(parts, stands=weaker if override else stronger)


def _is_object(node: Node) -> bool:
    return isinstance(node.value, dict) and not is_reference(node)


def _assemble(parts: Mapping[str, Node], *, stands: Node) -> MergedNode:
    return MergedNode(stands.file, stands.pointer, {key: node.value for key, node in parts.items()}, parts)
