"""The name of the generated package."""

from __future__ import annotations

import keyword
import re
import sys
from typing import Final

from cqrs_gen.plan.names import snake_name

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
# A fixed list, also of what the dependencies need themselves: names must not depend on what is installed.
_DEPENDENCIES: Final = frozenset(
    {
        *("aio_pika", "aiokafka", "aiormq", "annotated_types", "anyio", "async_timeout", "click", "cqrs", "cqrs_gen"),
        *("cramjam", "dependency_injector", "di", "dotenv", "exceptiongroup", "fast_depends", "fastavro", "faststream"),
        *("graphlib2", "h11", "idna", "importlib_metadata", "multidict", "opentelemetry", "orjson", "packaging"),
        *("pamqp", "prometheus_client", "propcache", "pydantic", "pydantic_core", "pydantic_settings", "pygments"),
        *("rich", "shellingham", "sniffio", "starlette", "typer", "typing_extensions", "typing_inspection", "uvicorn"),
        *("uvloop", "watchfiles", "websockets", "yarl", "zipp"),
    }
)


class BadPackageNameError(Exception):
    """A package of that name could not be imported, or would hide another one."""


def package_name(given: str | None, title: str) -> str:
    """Give the package's name: the one given, else one made from the contract's title.

    Raises `BadPackageNameError` for a name that Python or one of the service's dependencies needs.
    """
    name = given if given is not None else snake_name(title, "service").rstrip("_")
    if not _NAME.fullmatch(name):
        problem = "must be lower case letters, digits and '_', with a letter in front"
    elif keyword.iskeyword(name) or keyword.issoftkeyword(name):
        problem = "is a keyword of Python"
    elif name in sys.stdlib_module_names:
        problem = "is a module of Python's standard library, which the package would hide"
    elif name in _DEPENDENCIES:
        problem = "is a module that the generated service needs, which the package would hide"
    else:
        return name
    where = "--package" if given is not None else f"the contract's title {title!r} gives the package name"
    raise BadPackageNameError(f"{where}: {name!r} {problem}; give another name with --package")
