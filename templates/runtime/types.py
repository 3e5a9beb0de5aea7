"""What the classes of models.py are made of."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Final, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError, core_schema

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


class TextEnum(str, Enum):
    """Texts of which a value is one; as text it is what is on the wire, in every version of Python."""

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)


class _RefuseNull:
    """Refuses null in JSON. In Python None stands for a member that is absent."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        schema = handler(source)
        if schema["type"] != "nullable":
            raise TypeError(f"NonNull belongs to a type with None, not to {source}")
        return core_schema.json_or_python_schema(json_schema=schema["schema"], python_schema=schema)


class _SameKind:
    """Takes no boolean for a number and no number for a boolean, which are equal in Python."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        numbers = [value for value in get_args(source) if isinstance(value, (int, float))]
        known = {(isinstance(value, bool), value): value for value in numbers}

        def check(value: object) -> object:
            if not isinstance(value, (int, float)):
                return value
            is_boolean = isinstance(value, bool)
            if (is_boolean, value) not in known and (not is_boolean, value) in known:
                raise PydanticCustomError("kind", f"Input should be {'no' if is_boolean else 'a'} boolean")
            return known.get((is_boolean, value), value)

        return core_schema.no_info_before_validator_function(check, handler(source))


Exact: Final[Any] = _SameKind()
"""Marks values among which are numbers or booleans: `Annotated[Literal[1, "a"], Exact]`."""


def _is_none(value: object) -> bool:
    return value is None


def _drop_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


NonNull: Final[Any] = Field(exclude_if=_is_none, json_schema_extra=_drop_default)
"""Marks a member that may be absent and is never null: `name: Annotated[str | None, NonNull] = None`.

An absent member is None in Python and is not written by any way out. It stands last, behind the constraints.
"""
NonNull.metadata.append(_RefuseNull())
