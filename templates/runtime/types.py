"""What the classes of models.py are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class ContractModel(BaseModel):
    """An object of the contract, as strict as JSON Schema is: nothing is coerced, unknown members are kept.

    It is written under the names of the contract. Python code makes one by the names of its fields; for JSON these
    count for nothing, when it is read with `by_alias=True, by_name=False`.
    """

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        validate_by_alias=True,
        validate_by_name=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
        protected_namespaces=(),
    )

    if TYPE_CHECKING:
        # Here pydantic reads the type of members that are no fields; a class may say one.
        __pydantic_extra__: Any = Field(init=False)


class _RefuseNull:
    """Refuses null in JSON. In Python None stands for a member that is absent."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        schema = handler(source)
        if schema["type"] != "nullable":
            raise TypeError(f"NonNull belongs to a type with None, not to {source}")
        return core_schema.json_or_python_schema(json_schema=schema["schema"], python_schema=schema)


def _is_none(value: object) -> bool:
    return value is None


def _drop_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


NonNull: Final[Any] = Field(exclude_if=_is_none, json_schema_extra=_drop_default)
"""Marks a member that may be absent and is never null: `name: Annotated[str | None, NonNull] = None`.

An absent member is None in Python and is not written by any way out. It stands last, behind the constraints.
"""
NonNull.metadata.append(_RefuseNull())
