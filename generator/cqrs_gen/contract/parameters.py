"""Reading the parameters of a channel: one for each expression in its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.contract.addresses import expressions
from cqrs_gen.contract.model import Parameter
from cqrs_gen.rules import UNDESCRIBED_PARAMETER, UNUSED_PARAMETER

if TYPE_CHECKING:
    from cqrs_gen.contract.described import Described
    from cqrs_gen.contract.objects import ObjectType
    from cqrs_gen.contract.reading import Reading
    from cqrs_gen.document.node import Node


def read_parameters(
    address: str, channel: Described, description: ObjectType, reading: Reading
) -> tuple[Parameter, ...]:
    """Read the parameters of `address`, which `channel` describes in its field `parameters`.

    `description` is that of a Parameter Object. Reports those that the address uses and nobody describes, which can be
    any text, and those that are described and not used.
    """
    described = dict(channel.members("parameters"))
    used = expressions(address)
    for name in described.keys() - set(used):
        message = f"parameter {name!r} does not stand in the address {address!r}"
        reading.report(UNUSED_PARAMETER, described[name], message)
    found: list[Parameter] = []
    for name in used:
        if name in described:
            found.append(_read(name, described[name], description, reading))
        else:
            message = f"parameter {name!r} of address {address!r} is not described: it can be any text"
            reading.report(UNDESCRIBED_PARAMETER, channel.node, message, hint="describe it in 'parameters'")
            found.append(Parameter(name, (), None, None, channel.node))
    return tuple(found)


def _read(name: str, node: Node, description: ObjectType, reading: Reading) -> Parameter:
    parameter = reading.open(node, description)
    if parameter is None:  # the reference leads nowhere, which has been reported
        return Parameter(name, (), None, None, node)
    has_enum, has_schema = "enum" in description.fields, "schema" in description.fields  # 3.x, and 2.x
    return Parameter(
        name=name,
        enum=tuple(element.value for element in parameter.elements("enum")) if has_enum else (),
        schema=parameter.get("schema") if has_schema else None,
        description=parameter.text("description"),
        node=parameter.node,
    )
