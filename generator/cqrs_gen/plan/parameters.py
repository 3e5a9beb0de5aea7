"""The types of parameters of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.plan.deserializer_views import ParameterView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import Parameter
    from cqrs_gen.document.node import Node
    from cqrs_gen.protocols.base import Resolve

_TYPES: Final = {"integer": "int", "number": "float", "boolean": "bool"}
_FORMATS: Final = {"uuid": "UUID", "date": "dt.date"}


def plan_parameters(parameters: Sequence[Parameter], resolve: Resolve) -> tuple[ParameterView, ...]:
    """Give each parameter a type: what it is one of, what 2.x says in its schema, else text.

    `resolve` follows a reference in a schema.
    """
    return tuple(ParameterView(parameter.name, _annotation(parameter, resolve)) for parameter in parameters)


def _annotation(parameter: Parameter, resolve: Resolve) -> str:
    schema = resolve(parameter.schema) if parameter.schema is not None else None
    choice = parameter.enum or (_choice(schema) if schema is not None else ())
    if choice:
        return f"Literal[{', '.join(map(repr, choice))}]"
    kind, form = (_text(schema, name) for name in ("type", "format"))
    return _TYPES.get(kind) or _FORMATS.get(form, "str")


def _text(schema: Node | None, keyword: str) -> str:
    node = schema.get(keyword) if schema is not None else None
    return node.value if node is not None and isinstance(node.value, str) else ""


def _choice(schema: Node) -> tuple[str, ...]:
    """Give the texts that a schema chooses from; empty when it has other values."""
    enum, const = schema.get("enum"), schema.get("const")
    values = [element.value for element in enum.elements()] if enum is not None else []
    values += [const.value] if const is not None else []
    return tuple(values) if all(isinstance(value, str) for value in values) else ()
