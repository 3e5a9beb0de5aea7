"""One opaque value for everything besides the document that decides what is generated.

Without it an upgrade of the generator, of a template, of the model generator or of the formatter would change nothing.
The fast path of `entry` imports this module, so it imports little.
"""
# ruff: noqa: PTH100, PTH118, PTH120, PTH208 (importing pathlib would cost the fast path too much)

from __future__ import annotations

import hashlib
import os
import sys

from cqrs_gen import __version__
from cqrs_gen.manifest import file_digest
from cqrs_gen.templates_folder import templates_folder

TYPE_CHECKING = False  # see manifest
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DEPENDENCIES = ("datamodel_code_generator", "ruff")
_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def fingerprint() -> str:
    """Give the fingerprint: the same on every machine, operating system and Python for the same releases.

    Raises OSError when a source or a template cannot be read.
    """
    parts = [
        f"version {__version__}",
        *(f"dependency {name} {version}" for name, version in installed_versions(sys.path).items()),
        *(f"source {path} {digest}" for path, digest in _digests(_PACKAGE) if path.endswith(".py")),
        *(f"template {path} {digest}" for path, digest in _digests(templates_folder())),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def installed_versions(search_path: Sequence[str]) -> dict[str, str]:
    """Give the version of each dependency that shapes the output, empty for one that is not installed.

    They are read from the names of the `.dist-info` folders: importing `importlib.metadata` takes three times as long
    as everything else that a run without work does. The first folder of `search_path` wins, as it does for imports.
    """
    versions: dict[str, str] = {}
    for folder in search_path:
        for name, version in _distributions(folder):
            versions.setdefault(name, version)
    return {name: versions.get(name, "") for name in _DEPENDENCIES}


def _distributions(folder: str) -> Iterator[tuple[str, str]]:
    try:
        entries = os.listdir(folder)
    except OSError:  # an entry of sys.path may be an archive, or not exist
        return
    for entry in sorted(entries):
        if entry.endswith(".dist-info"):
            name, _, version = entry[: -len(".dist-info")].partition("-")
            yield name.lower().replace(".", "_"), version


def _digests(top: str) -> Iterator[tuple[str, str]]:
    """Give every file below `top` with its digest, in one order everywhere.

    The templates lie inside the package once it is installed, and are no part of its sources.
    """
    for folder, subfolders, files in os.walk(top):
        subfolders[:] = sorted(name for name in subfolders if name not in {"__pycache__", "templates"})
        for file in sorted(files):
            path = os.path.join(folder, file)
            yield os.path.relpath(path, top).replace(os.sep, "/"), file_digest(path)
