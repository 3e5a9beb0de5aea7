"""What `contract/manifest.json` records of a run: enough to tell that the next one has nothing to do.

The fast path of `entry` imports this module, so it imports little and keeps the manifest as plain data. The file is the
same on every machine: no time, no user, no absolute path.
"""
# ruff: noqa: PTH113, PTH123 (importing pathlib would cost the fast path too much)

from __future__ import annotations

import hashlib
import json
import os

TYPE_CHECKING = False  # `typing` itself would cost the fast path too much; type checkers know the name
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypedDict, TypeGuard

    class Options(TypedDict):
        """The options that decide what is generated, resolved: never the command line itself."""

        package: str | None
        role: str
        envelope: str
        protocols: list[str]
        tombstones: str

    class Output(TypedDict):
        """A file that was written: its digest at that time and an `Ownership` value."""

        digest: str
        ownership: str

    class Manifest(TypedDict):
        """The file's content. `package` is the folder's name, `documents` the labels of the root files."""

        manifest: int
        package: str
        documents: list[str]
        fingerprint: str
        options: Options
        inputs: dict[str, str]
        outputs: dict[str, Output]


PATH = "contract/manifest.json"
"""Where it lies in the package folder."""
DEFAULT_ENVELOPE = "auto"
DEFAULT_ROLE = "application"
DEFAULT_TOMBSTONES = "skip"
ABSENT = ""
"""The digest of an input that was asked for and not there: what comes out may be another when it is."""

_FORMAT = 1


def resolve_options(
    *,
    package: str | None = None,
    role: str = DEFAULT_ROLE,
    envelope: str = DEFAULT_ENVELOPE,
    protocols: Sequence[str] = (),
    tombstones: str = DEFAULT_TOMBSTONES,
) -> Options:
    """Give options in the one form that is recorded and compared; no `package` when the title names the package."""
    return {
        "package": package,
        "role": role,
        "envelope": envelope,
        "protocols": sorted(set(protocols)),
        "tombstones": tombstones,
    }


def digest(content: bytes) -> str:
    r"""Give the digest of a file's content; `\r\n` counts as `\n`, since version control turns one into the other."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def file_digest(path: str) -> str:
    """Give the digest of a file. Raises OSError when it cannot be read or is no regular file (a pipe would hang)."""
    if not os.path.isfile(path):
        raise FileNotFoundError(f"{path} is no regular file")
    with open(path, "rb") as file:
        return digest(file.read())


def compose(  # noqa: PLR0913 (a manifest has so many parts)
    *,
    package: str,
    documents: Sequence[str],
    fingerprint: str,
    options: Options,
    inputs: dict[str, str],
    outputs: dict[str, Output],
) -> Manifest:
    """Put a manifest of the current format together; `inputs` and `outputs` go from path to digest."""
    return {
        "manifest": _FORMAT,
        "package": package,
        "documents": list(documents),
        "fingerprint": fingerprint,
        "options": options,
        "inputs": inputs,
        "outputs": outputs,
    }


def dump(manifest: Manifest) -> bytes:
    """Give the manifest as the file's bytes, the same for equal manifests."""
    return (json.dumps(manifest, indent=2, sort_keys=True) + "\n").encode()


def parse(content: bytes) -> Manifest | None:
    """Read a manifest back; None when it is none of this format or names a path outside the package folder."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return data if _is_manifest(data) else None


def is_inside(path: str) -> bool:
    """Whether a relative posix path stays in the folder that it is relative to, on every operating system."""
    return not any(part in {"", ".", ".."} or _FORBIDDEN.intersection(part) for part in path.split("/"))


_FORBIDDEN = frozenset("\\:\0")


def _is_manifest(data: object) -> TypeGuard[Manifest]:
    return (
        _is_mapping(data)
        and data.keys() == _MEMBERS.keys()
        and all(isinstance(data[name], kind) for name, kind in _MEMBERS.items())
        and data["manifest"] == _FORMAT
        and all(is_inside(path) and _is_output(output) for path, output in data["outputs"].items())
    )


_MEMBERS = {
    "manifest": int,
    "package": str,
    "documents": list,
    "fingerprint": str,
    "options": dict,
    "inputs": dict,
    "outputs": dict,
}


def _is_output(data: object) -> bool:
    return (
        _is_mapping(data)
        and data.keys() == {"digest", "ownership"}
        and isinstance(data["digest"], str)
        and data["ownership"] in ("generated", "scaffold")
    )


def _is_mapping(data: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(data, dict)
