"""The text of models.py: a class for every object and enumeration, a type alias for every other payload."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.annotations import annotate
from cqrs_gen.plan.member_names import constant_names, field_names
from cqrs_gen.render import docstring, literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cqrs_gen.plan.schema_names import SchemaNames

    Schema = Mapping[str, Any]

_HEAD: Final = (
    '"""The payloads of the contract: what JSON may come, as types."""\n\nfrom __future__ import annotations\n'
)
_IMPORTS: Final = (
    (
        ("import datetime as dt", ("dt",)),
        ("from enum import {}", ("Enum",)),
        ("from typing import {}", ("Annotated", "Any", "Literal", "TypeAlias")),
        ("from uuid import {}", ("UUID",)),
    ),
    (("from pydantic import {}", ("AwareDatetime", "Field")),),
    (("from .runtime.types import {}", ("ContractModel", "NonNull")),),
)
"""What the text may use: the standard library, the others, what is beside it."""


_OVERRIDES: Final = "  # pyright: ignore[reportIncompatibleVariableOverride]"
"""Pydantic reads the type of unknown members from an attribute of the base class, which is wider."""


def generate_models(bundle: Schema, names: SchemaNames) -> str:
    """Write the module for a bundle of schemas (`schemas.bundle_schemas`); the formatter has not seen it yet.

    Raises `AnnotationError`, a bug, when the model generator did not do what it was asked for.
    """
    annotations = annotate(bundle, frozenset(names.classes.values()))
    enumerations = _enumerations(bundle, names)
    body = [
        _enumeration(name, bundle["$defs"][name], enumerations[name])
        if name in enumerations
        else _model(name, bundle["$defs"][name], fields, annotations.others.get(name), enumerations)
        for name, fields in annotations.fields.items()
    ]
    rebuilds = "\n".join(f"{name}.model_rebuild()" for name in annotations.late)
    aliases = [_alias(name, type_, bundle["properties"][name]) for name, type_ in annotations.aliases.items()]
    text = "\n\n\n".join(part for part in [*body, rebuilds, *aliases] if part)
    return f"{_HEAD}\n{_imports(text)}\n\n\n{text}\n"


def _enumerations(bundle: Schema, names: SchemaNames) -> dict[str, dict[str, str]]:
    """Give the members of each enumeration by their values."""
    definitions = {name: bundle["$defs"][name] for name in names.classes.values()}
    return {name: constant_names(schema["enum"]) for name, schema in definitions.items() if "enum" in schema}


def _enumeration(name: str, schema: Schema, members: Mapping[str, str]) -> str:
    lines = [f"{constant} = {literal(value)}" for value, constant in members.items()]
    return _indented(f"class {name}(str, Enum):", [docstring(schema["description"], 4), "", *lines])


def _model(
    name: str,
    schema: Schema,
    fields: Mapping[str, ast.expr],
    others: ast.expr | None,
    enumerations: Mapping[str, Mapping[str, str]],
) -> str:
    base = "ContractModel" if schema["additionalProperties"] else 'ContractModel, extra="forbid"'
    lines = [docstring(schema["description"], 4), ""]
    if others is not None:
        lines += [f"__pydantic_extra__: dict[str, {ast.unparse(others)}] = Field(init=False){_OVERRIDES}", ""]
    for member, field in field_names(fields).items():
        annotation, default = _field(member, field, fields[member], schema, enumerations)
        lines.append(f"{field}: {annotation}{default}")
        if text := schema["properties"][member].get("description"):
            lines.append(docstring(text, 4))
    return _indented(f"class {name}({base}):", lines)


def _field(
    member: str,
    field: str,
    annotation: ast.expr,
    schema: Schema,
    enumerations: Mapping[str, Mapping[str, str]],
) -> tuple[str, str]:
    """Give the annotation of a field and its default, with the `=` in front; none where the member is required."""
    type_, constraints = _parts(annotation)
    alias = [ast.keyword("alias", ast.Constant(member))] if member != field else []
    metadata = [ast.Call(ast.Name("Field"), [], [*alias, *constraints])] if alias or constraints else []
    default = ""
    written = schema["properties"][member]
    if member not in schema["required"]:
        default = f" = {_default(written, enumerations)}"
        if "default" not in written and not _takes_none(type_):
            type_ = ast.BinOp(type_, ast.BitOr(), ast.Constant(None))
            metadata.append(ast.Name("NonNull"))
    return ast.unparse(_annotated(type_, metadata)), default


def _parts(annotation: ast.expr) -> tuple[ast.expr, Sequence[ast.keyword]]:
    """Take `Annotated[int, Field(ge=1)]` apart into the type and what the field says."""
    match annotation:
        case ast.Subscript(ast.Name("Annotated"), ast.Tuple([type_, ast.Call(keywords=constraints)])):
            return type_, constraints
        case _:
            return annotation, []


def _annotated(type_: ast.expr, metadata: Sequence[ast.expr]) -> ast.expr:
    return ast.Subscript(ast.Name("Annotated"), ast.Tuple([type_, *metadata])) if metadata else type_


def _takes_none(type_: ast.expr) -> bool:
    match type_:
        case ast.Constant(None) | ast.Name("Any") | ast.BinOp(right=ast.Constant(None)):
            return True
        case _:
            return False


def _default(schema: Schema, enumerations: Mapping[str, Mapping[str, str]]) -> str:
    default = schema.get("default")
    for choice in [schema, *schema.get("anyOf", ())]:
        name = choice.get("$ref", "").rpartition("/")[2]
        if name in enumerations and isinstance(default, str):
            return f"{name}.{enumerations[name][default]}"
    return "[]" if default == [] else literal(default)


def _alias(name: str, annotation: ast.expr, schema: Schema) -> str:
    alias = f"{name}: TypeAlias = {ast.unparse(annotation)}"
    text = schema.get("description")
    return f"{alias}\n{docstring(text)}" if text else alias


def _imports(text: str) -> str:
    """Import what the text uses."""
    used = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    blocks = [
        [
            statement.format(", ".join(name for name in names if name in used))
            for statement, names in block
            if used.intersection(names)
        ]
        for block in _IMPORTS
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _indented(head: str, lines: Sequence[str]) -> str:
    """Put the body of a class below its head; the lines of a docstring but the first are indented already."""
    return "\n".join([head, *(f"    {line}" if line else "" for line in lines)])
