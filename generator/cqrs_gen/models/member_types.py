"""Type annotations by datamodel-code-generator: the one place that knows it.

It is asked for types and nothing else. Members are handed over as `field_0`, `field_1` and so on, texts and defaults
not at all, so nothing of the document is there to be renamed, escaped or left out.
"""

from __future__ import annotations

import ast
import copy
import json
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from cqrs_gen.plan.schema_names import ALIASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    _Schema = dict[str, Any]

_Key = TypeVar("_Key")
_PRESET: Final = "standard-py310-20261027"
"""Dated: a release of the model generator with other defaults changes nothing."""
_STAND_IN: Final = {"type": "object", "additionalProperties": False}
"""What is handed over for a type inside others. Asked for itself, it would come out as a root model."""


class AnnotationError(Exception):
    """The model generator gave something else than was asked for: a bug, here or there."""


@dataclass(frozen=True)
class Annotations:
    """The annotations of a bundle of schemas."""

    fields: Mapping[str, Mapping[str, ast.expr]]
    """For each class its members, by their names in JSON; enumerations have none. All in the order of the bundle."""
    others: Mapping[str, ast.expr]
    """For classes with other members, all of one type: that type."""
    aliases: Mapping[str, ast.expr]


def annotate(bundle: Mapping[str, Any], classes: frozenset[str]) -> Annotations:
    """Give the annotations for a bundle of schemas; `classes` are the definitions that classes shall come of.

    Raises `AnnotationError` when a class is missing, or has other members than its schema.
    """
    definitions: dict[str, _Schema] = bundle["$defs"]
    choices = {name for name in definitions.keys() - classes if "enum" in definitions[name]}
    others = {name: schema["additionalProperties"] for name, schema in definitions.items() if _has_others(schema)}
    asked = {("alias", name): schema for name, schema in bundle["properties"].items()}
    asked |= {("inline", name): definitions[name] for name in definitions if name not in classes | choices}
    asked |= {("others", name): others[name] for name in others if name in classes}

    stand_ins = {name: {**definitions[name], "additionalProperties": True} for name in others}
    stand_ins |= {name: _STAND_IN for kind, name in asked if kind == "inline"}
    written = ast.parse(_generate(asked.values(), {**definitions, **stand_ins}))
    found = {statement.name: statement for statement in written.body if isinstance(statement, ast.ClassDef)}
    if missing := {*definitions, ALIASES} - found.keys():
        raise AnnotationError(f"no classes came out for {sorted(missing)}")

    types = _by_member(asked, found[ALIASES])
    inner = {name: _literal(found[name]) for name in choices}
    inner |= {name: type_ for (kind, name), type_ in types.items() if kind == "inline"}
    write = _Resolver(inner).resolve
    return Annotations(
        fields={
            name: {member: write(type_) for member, type_ in _by_member(_members(schema), found[name]).items()}
            for name, schema in definitions.items()
            if name in classes
        },
        others={name: write(type_) for (kind, name), type_ in types.items() if kind == "others"},
        aliases={name: write(type_) for (kind, name), type_ in types.items() if kind == "alias"},
    )


def names_in(trees: Iterable[ast.AST]) -> set[str]:
    """Give the names that Python looks up in a piece of code."""
    return {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _members(schema: _Schema) -> Iterable[str]:
    members: Mapping[str, Any] = schema.get("properties", {})
    return members


def _has_others(schema: _Schema) -> bool:
    return "properties" in schema and isinstance(schema.get("additionalProperties"), dict)


def _generate(asked: Iterable[_Schema], definitions: Mapping[str, _Schema]) -> str:
    """Call the model generator: for a class of each definition, and for one whose fields have the types asked for."""
    # The heaviest import there is, which most runs do without: they find that nothing has changed.
    from datamodel_code_generator import InputFileType, generate  # noqa: PLC0415
    from datamodel_code_generator.enums import DataModelType, TargetPydanticVersion  # noqa: PLC0415

    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": ALIASES,
        **_numbered(asked),
        "$defs": {name: _without_names(definition) for name, definition in definitions.items()},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the release of Python that it runs on
        text = generate(
            json.dumps(schema),
            input_file_type=InputFileType.JsonSchema,
            output_model_type=DataModelType.PydanticV2BaseModel,
            preset=_PRESET,
            target_pydantic_version=TargetPydanticVersion.V2_12,
            custom_class_name_generator=str,
            collapse_root_models=False,
            use_typed_nullable_map_values=True,
            allow_population_by_field_name=False,
            strict_refs=True,
            disable_timestamp=True,
            formatters=[],
        )
    if not isinstance(text, str):
        raise AnnotationError("no module came out")
    return text


def _numbered(members: Iterable[_Schema]) -> _Schema:
    """Write the schema of an object with these members, all of them required."""
    numbered = {f"field_{number}": _without_names(schema) for number, schema in enumerate(members)}
    return {"type": "object", "properties": numbered, "required": list(numbered)}


def _without_names(schema: _Schema) -> _Schema:
    """Leave out what the document calls things and what it says about them."""
    written = {key: value for key, value in schema.items() if key not in {"description", "default", "required"}}
    return {**written, **_numbered(schema["properties"].values())} if "properties" in schema else written


def _by_member(members: Iterable[_Key], class_: ast.ClassDef) -> dict[_Key, ast.expr]:
    """Give each annotation of a class to the member that it was asked for."""
    annotations = [statement.annotation for statement in class_.body if isinstance(statement, ast.AnnAssign)]
    names = list(members)
    if len(names) != len(annotations):
        raise AnnotationError(f"{class_.name} came out with {len(annotations)} fields for the members {names}")
    return dict(zip(names, annotations, strict=True))


def _literal(class_: ast.ClassDef) -> ast.expr:
    """Give the values of an enumeration as a type."""
    values = [statement.value for statement in class_.body if isinstance(statement, ast.Assign)]
    return ast.Subscript(ast.Name("Literal"), ast.Tuple(values))


class _Resolver(ast.NodeTransformer):
    """Writes types inside others in their places, and dates as `dt.date`, which keeps `date` free for fields.

    Values that are no texts are marked as exact: to Python True is 1, to JSON Schema it is not.
    """

    def __init__(self, inner: Mapping[str, ast.expr]) -> None:
        self._inner = inner

    def resolve(self, annotation: ast.expr) -> ast.expr:
        """Give an annotation with all names in it resolved."""
        return cast("ast.expr", self.visit(copy.deepcopy(annotation)))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Write what a name stands for."""
        if node.id in self._inner:
            return self.resolve(self._inner[node.id])
        return ast.Attribute(ast.Name("dt"), "date") if node.id == "date" else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Write what a type is made of; mark numbers and booleans."""
        match node:
            case ast.Subscript(ast.Name("Literal"), ast.Tuple(values) | (ast.Constant() as values)):
                constants = values if isinstance(values, list) else [values]
                if all(isinstance(value, ast.Constant) and isinstance(value.value, str) for value in constants):
                    return node
                return ast.Subscript(ast.Name("Annotated"), ast.Tuple([node, ast.Name("Exact")]))
            case _:
                return cast("ast.expr", self.generic_visit(node))
