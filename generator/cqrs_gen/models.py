"""The text of models.py: a class for every object and enumeration, a type alias for every other payload."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final

from cqrs_gen.annotations import annotate
from cqrs_gen.plan.member_names import constant_names, field_names
from cqrs_gen.render import docstring

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cqrs_gen.annotations import Annotations
    from cqrs_gen.plan.schema_names import SchemaNames

_IMPORTS: Final = (
    ("enum", ("Enum",)),
    ("typing", ("Annotated", "Any", "Literal", "TypeAlias")),
    ("uuid", ("UUID",)),
    ("pydantic", ("AwareDatetime", "Field")),
    (".runtime.types", ("ContractModel", "NonNull")),
)


def generate_models(bundle: Mapping[str, Any], names: SchemaNames) -> str:
    """Write the module for a bundle of schemas (`schemas.bundle_schemas`); the formatter has not seen it yet.

    Raises `AnnotationError`, a bug, when the model generator did not do what it was asked for.
    """
    annotations = annotate(bundle, frozenset(names.classes.values()))
    definitions = bundle["$defs"]
    body = [
        *(_class(name, definitions[name], fields, definitions) for name, fields in annotations.fields.items()),
        *(_alias(name, annotation, bundle["properties"][name]) for name, annotation in annotations.aliases.items()),
        "\n".join(f"{name}.model_rebuild()" for name in annotations.late),
    ]
