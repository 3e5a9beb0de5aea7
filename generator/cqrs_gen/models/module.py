"""The text of models.py: a class for every object and enumeration, a type alias for every other payload."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.models.member_types import annotate, names_in
from cqrs_gen.plan.member_names import constant_names, field_names
from cqrs_gen.python_text import docstring, literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.models.member_types import Annotations
    from cqrs_gen.plan.schema_names import SchemaNames

    Schema = Mapping[str, Any]

_HEAD: Final = '"""The payloads of the contract, as Python has them."""\n\nfrom __future__ import annotations\n'
_IMPORTS: Final = (
    (
        ("import datetime as dt", ("dt",), "TC003"),
        ("from decimal import {}", ("Decimal",), "TC003"),
        ("from typing import {}", ("Annotated", "Any", "Literal", "TypeAlias"), ""),
        ("from uuid import {}", ("UUID",), "TC003"),
    ),
    (("from pydantic import {}", ("AwareDatetime", "Field"), "TC002"),),
    (("from .runtime.types import {}", ("ContractModel", "Exact", "NonNull", "TextEnum"), ""),),
)
"""What the text may use: the standard library, the others, what is beside it.

With the rule of ruff that would import it for type checkers only where nothing but annotations use it, which pydantic
reads when the program runs.
"""


def generate_models(bundle: Schema, names: SchemaNames) -> str:
    """Write the module for a bundle of schemas (`schemas.bundle_schemas`); the formatter has not seen it yet.

    Raises `AnnotationError`, a bug, when the model generator did not do what it was asked for.
    """
    classes = frozenset(names.classes.values())
    return _Module(bundle, annotate(bundle, classes), _enumerations(bundle, classes)).write()


def _enumerations(bundle: Schema, classes: frozenset[str]) -> dict[str, dict[str, str]]:
    """Give the members of each enumeration by their values."""
    schemas = {name: bundle["$defs"][name] for name in classes}
    return {name: constant_names(schema["enum"]) for name, schema in schemas.items() if "enum" in schema}


@dataclass(frozen=True)
class _Module:
    """What the module is written from."""

    bundle: Schema
    annotations: Annotations
    enumerations: Mapping[str, Mapping[str, str]]

    def write(self) -> str:
        """Write the whole module."""
        needs = {name: self._needs(name) for name in self.annotations.fields}
        order = _in_order(needs)
        classes = [
            self._enumeration(name) if name in self.enumerations else self._model(name, {*order[:index]})
            for index, name in enumerate(order)
        ]
        rebuilds = [f"{name}.model_rebuild()" for name in _late(order, needs)]
        aliases = [self._alias(name, type_) for name, type_ in self.annotations.aliases.items()]
        text = "\n\n\n".join(part for part in [*classes, "\n".join(rebuilds), *aliases] if part)
        space = "\n\n\n" if classes else "\n\n"
        return f"{_HEAD}\n{self._imports(text)}{space}{text}\n"

    def _needs(self, name: str) -> set[str]:
        """Give the classes in the annotations of a class."""
        types = [*self.annotations.fields[name].values(), *filter(None, [self.annotations.others.get(name)])]
        return names_in(types) & self.annotations.fields.keys()

    def _enumeration(self, name: str) -> str:
        lines = [f"{constant} = {literal(value)}" for value, constant in self.enumerations[name].items()]
        return _class(f"{name}(TextEnum)", [docstring(self.bundle["$defs"][name]["description"], 4), "", *lines])

    def _model(self, name: str, before: set[str]) -> str:
        schema = self.bundle["$defs"][name]
        fields = self.annotations.fields[name]
        lines = [docstring(schema["description"], 4), ""]
        others = self.annotations.others.get(name)
        # Pydantic reads this annotation at once: left out, any other members are taken.
        if others is not None and names_in([others]) & self.annotations.fields.keys() <= before:
            lines += [f"__pydantic_extra__: dict[str, {ast.unparse(others)}] = Field(init=False)", ""]
        taken = {"bytes"} & names_in(fields.values())  # a field of that name would be taken for the type
        for member, field in field_names(fields, taken).items():
            said = schema["properties"][member]
            lines.append(f"{field}: {self._field(member, field, fields[member], schema)}")
            lines += [docstring(said["description"], 4)] if "description" in said else []
        base = "ContractModel" if schema["additionalProperties"] else 'ContractModel, extra="forbid"'
        return _class(f"{name}({base})", lines)

    def _field(self, member: str, field: str, annotation: ast.expr, schema: Schema) -> str:
        """Write the type of a field, and its default where the member may be absent."""
        type_, constraints = _parts(annotation)
        alias = [ast.keyword("alias", ast.Constant(member))] if member != field else []
        metadata: list[ast.expr] = []
        if alias or constraints:
            metadata.append(ast.Call(ast.Name("Field"), [], [*alias, *constraints]))
        said = schema["properties"][member]
        is_optional = member not in schema["required"]
        if is_optional and "default" not in said and not _takes_none(type_):
            type_ = ast.BinOp(type_, ast.BitOr(), ast.Constant(None))
            metadata.append(ast.Name("NonNull"))
        written = ast.Subscript(ast.Name("Annotated"), ast.Tuple([type_, *metadata])) if metadata else type_
        return f"{ast.unparse(written)} = {self._default(said)}" if is_optional else ast.unparse(written)

    def _default(self, schema: Schema) -> str:
        default = schema.get("default")
        for choice in [schema, *schema.get("anyOf", ())]:
            name = choice.get("$ref", "").rpartition("/")[2]
            if name in self.enumerations:
                return f"{name}.{self.enumerations[name][default]}" if default is not None else "None"
        return literal(default)

    def _alias(self, name: str, annotation: ast.expr) -> str:
        alias = f"{name}: TypeAlias = {ast.unparse(annotation)}"
        said = self.bundle["properties"][name]
        return f"{alias}\n{docstring(said['description'])}" if "description" in said else alias

    def _imports(self, text: str) -> str:
        """Import what the text uses."""
        used = names_in([ast.parse(text)])
        running = names_in(self.annotations.aliases.values()) | {"Field"}
        blocks: list[str] = []
        for block in _IMPORTS:
            lines: list[str] = []
            for statement, importable, rule in block:
                imported = [name for name in importable if name in used]
                excuse = f"  # noqa: {rule}" if rule and not running.intersection(imported) else ""
                lines += [statement.format(", ".join(imported)) + excuse] if imported else []
            blocks += ["\n".join(lines)] if lines else []
        return "\n\n".join(blocks)


def _in_order(needs: Mapping[str, set[str]]) -> list[str]:
    """Put each class behind those that it needs, unless these need it as well; else the order stays."""
    places = {name: place for place, name in enumerate(needs)}
    ordered: dict[str, None] = {}
    visited: set[str] = set()
    waiting = list(reversed(places))
    while waiting:
        name = waiting[-1]
        missing = set[str]() if name in visited else needs[name] - visited - {name}
        visited.add(name)
        waiting += sorted(missing, key=places.__getitem__, reverse=True)
        if not missing:
            ordered.setdefault(waiting.pop())
    return list(ordered)


def _late(order: Sequence[str], needs: Mapping[str, set[str]]) -> list[str]:
    """Give the classes that need one behind them, themselves or by what they are made of."""
    late: list[str] = []
    for index, name in enumerate(order):
        if needs[name].intersection([*order[index + 1 :], *late]):
            late.append(name)
    return late


def _parts(annotation: ast.expr) -> tuple[ast.expr, Sequence[ast.keyword]]:
    """Take `Annotated[int, Field(ge=1)]` apart into the type and what the field says."""
    match annotation:
        case ast.Subscript(ast.Name("Annotated"), ast.Tuple([type_, ast.Call(keywords=constraints)])):
            return type_, constraints
        case _:
            return annotation, []


def _takes_none(type_: ast.expr) -> bool:
    match type_:
        case ast.Constant(None) | ast.Name("Any") | ast.BinOp(right=ast.Constant(None)):
            return True
        case _:
            return False


def _class(head: str, lines: Sequence[str]) -> str:
    """Write a class; the lines of a docstring but the first are indented already."""
    return "\n".join([f"class {head}:", *(f"    {line}" if line else "" for line in lines)])
