"""Type annotations by datamodel-code-generator: the one place that knows it.

It is asked for types and nothing else. Names, texts and defaults of the document do not get that far: members are
handed over as `field_0`, `field_1` and so on, so it has nothing to rename, to escape or to leave out.
"""

from __future__ import annotations

import ast
import copy
import json
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.plan.schema_names import ALIASES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PRESET: Final = "standard-py310-20261027"
"""Dated, so that a release of the generator with new defaults changes nothing."""
_CONSTRAINED: Final = {"conint": "int", "confloat": "float"}


class AnnotationError(Exception):
    """The model generator gave something else than was asked for: a bug, here or there."""


@dataclass(frozen=True)
class Annotations:
    """The annotations of a bundle."""

    fields: Mapping[str, Mapping[str, ast.expr]]
    """For each class its members, by their names in JSON, in the order of the bundle; enumerations have none.

    The classes come in an order in which each stands behind those that it needs, where there is one.
    """
    aliases: Mapping[str, ast.expr]
    late: tuple[str, ...]
    """Classes that need one that stands behind them."""


def annotate(bundle: Mapping[str, Any], classes: frozenset[str]) -> Annotations:
    """Give the annotations for a bundle of schemas; `classes` are the definitions that classes shall come of.

    Raises `AnnotationError` when a class is missing, or has other members than its schema.
    """
    written = ast.parse(_generate(bundle))
    found = {statement.name: statement for statement in written.body if isinstance(statement, ast.ClassDef)}
    types = _Types({name: class_ for name, class_ in found.items() if name not in classes})
    members = {name: list(bundle["$defs"][name].get("properties", ())) for name in classes}
    members |= {ALIASES: list(bundle["properties"])}
    if missing := members.keys() - found.keys():
        raise AnnotationError(f"no classes came out for {sorted(missing)}")
    fields = {
        name: _annotations_by_member(members[name], [types.visit(type_) for type_ in _field_types(found[name])])
        for name in found
        if name in members
    }
    aliases = fields.pop(ALIASES)
    return Annotations(fields, aliases, tuple(name for name in _rebuilt(written) if name in classes))


def _annotations_by_member(members: list[str], annotations: list[ast.expr]) -> dict[str, ast.expr]:
    if len(members) != len(annotations):
        raise AnnotationError(f"{len(annotations)} annotations came out for the members {members}")
    return dict(zip(members, annotations, strict=True))


def _generate(bundle: Mapping[str, Any]) -> str:
    # It is the heaviest import there is, and most runs find that there is nothing to do.
    from datamodel_code_generator import (  # noqa: PLC0415
        DataModelType,
        Formatter,
        InputFileType,
        TargetPydanticVersion,
        generate,
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the Python that runs it
        text = generate(
            json.dumps(_without_names(bundle)),
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            preset=_PRESET,
            target_pydantic_version=TargetPydanticVersion.V2_12,
            class_name=ALIASES,
            custom_class_name_generator=str,
            collapse_root_models=False,
            use_typed_nullable_map_values=True,
            allow_population_by_field_name=False,
            strict_refs=True,
            disable_timestamp=True,
            formatters=[Formatter.BUILTIN],
        )
    if not isinstance(text, str):
        raise AnnotationError("the model generator gave no module")
    return text


def _without_names(schema: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Number the members of objects, all of them required, and leave out what is said about them."""
    written = {key: value for key, value in schema.items() if key not in {"description", "default", "required"}}
    if "properties" in schema:
        members = {f"field_{index}": _without_names(value) for index, value in enumerate(schema["properties"].values())}
        written |= {"properties": members, "required": list(members)}
    if "$defs" in schema:
        written["$defs"] = {name: _without_names(definition) for name, definition in schema["$defs"].items()}
    return written


def _field_types(class_: ast.ClassDef) -> list[ast.expr]:
    fields = [statement for statement in class_.body if isinstance(statement, ast.AnnAssign)]
    return [field.annotation for field in fields]


def _rebuilt(module: ast.Module) -> Iterator[str]:
    """Give each `Name` of a statement `Name.model_rebuild()`."""
    for statement in module.body:
        match statement:
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "model_rebuild"))):
                yield name
            case _:
                pass


class _Types(ast.NodeTransformer):
    """Writes types in the place of names that the model generator made for them."""

    def __init__(self, made: Mapping[str, ast.ClassDef]) -> None:
        self._made = made

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802 - called by ast
        """Write the type for a name; a date as `dt.date`, which keeps `date` free for fields."""
        if node.id == "date":
            return ast.Attribute(ast.Name("dt"), "date")
        made = self._made.get(node.id)
        if made is None:
            return node
        if types := _field_types(made):  # a root model
            return self.visit(copy.deepcopy(types[0]))
        values = [statement.value for statement in made.body if isinstance(statement, ast.Assign)]
        return ast.Subscript(ast.Name("Literal"), ast.Tuple(values))

    def visit_Call(self, node: ast.Call) -> ast.expr:  # noqa: N802 - called by ast
        """Write `conint(ge=1)` as `Annotated[int, Field(ge=1)]`, which type checkers can read."""
        match node:
            case ast.Call(ast.Name(name), [], constraints) if name in _CONSTRAINED:
                field = ast.Call(ast.Name("Field"), [], constraints)
                return ast.Subscript(ast.Name("Annotated"), ast.Tuple([ast.Name(_CONSTRAINED[name]), field]))
            case _:
                return node
