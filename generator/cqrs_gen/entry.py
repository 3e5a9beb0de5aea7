"""Where `cqrs-gen` starts. It finds out that there is nothing to do before anything heavy is imported.

A pre-commit hook runs on every commit, and nearly always changes nothing; `click` alone would double what such a run
costs. So this module reads only the command lines that hooks use, and only where the manifest proves that all is as
the last run left it does the run end here. In every other case, and whenever anything is unclear, `cli` decides.
"""
# ruff: noqa: PTH113, PTH118, PTH123, PTH208 (importing pathlib would cost the fast path too much)

from __future__ import annotations

import os
import sys

from cqrs_gen import manifest
from cqrs_gen.documents import find_documents
from cqrs_gen.fingerprint import fingerprint

TYPE_CHECKING = False  # see manifest
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cqrs_gen.manifest import Manifest, Output


def main(argv: Sequence[str] | None = None) -> int:
    """Run `cqrs-gen` with the given arguments (default: the process's own) and give its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    request = None if _COMPLETE in os.environ else _parse(arguments)
    package = request and _find_finished(request)
    if request and package:
        if not request.is_quiet:
            print(f"{package}: up to date", file=sys.stderr)  # noqa: T201
        return 0
    # The one deferred import: everything heavy hangs below it.
    from cqrs_gen.cli import main as run  # noqa: PLC0415

    return run(arguments)


_COMPLETE = "_CQRS_GEN_COMPLETE"
"""Is set where a shell asks for completions, as click has it."""
COMMANDS = ("convert", "inspect")
"""What a first argument may be besides a document."""


class _Request:
    """A command line that only names documents and options whose values the manifest records."""

    def __init__(self) -> None:
        self.documents: list[str] = []
        self.values = {
            "output": ".",
            "package": "",
            "role": manifest.DEFAULT_ROLE,
            "envelope": manifest.DEFAULT_ENVELOPE,
            "tombstones": manifest.DEFAULT_TOMBSTONES,
        }
        self.protocols: list[str] = []
        self.is_quiet = False


_OPTIONS = {
    "-o": "output",
    "--output": "output",
    "--package": "package",
    "--role": "role",
    "--envelope": "envelope",
    "--protocol": "protocol",
    "--tombstones": "tombstones",
}


def _parse(arguments: list[str]) -> _Request | None:
    """Read a command line; None for one with anything else in it, right or wrong."""
    if arguments and arguments[0] in COMMANDS:
        return None
    request = _Request()
    remaining = iter(arguments)
    for argument in remaining:
        name, equals, value = argument.partition("=")
        if argument in {"-q", "--quiet"}:
            request.is_quiet = True
        elif name in _OPTIONS and (name.startswith("--") or not equals):
            if not equals:
                value = next(remaining, "")
            if not value:
                return None
            if name == "--protocol":
                request.protocols.append(value)
            else:
                request.values[_OPTIONS[name]] = value
        elif argument != "--check":  # with nothing to do it makes no difference
            if argument.startswith("-"):
                return None
            request.documents.append(argument)
    return request if request.documents else None


def _find_finished(request: _Request) -> str | None:
    """Give the name of the package that a run would leave as it is."""
    options = manifest.resolve_options(
        package=request.values["package"] or None,
        role=request.values["role"],
        envelope=request.values["envelope"],
        protocols=request.protocols,
        tombstones=request.values["tombstones"],
    )
    try:
        folder_of_documents, documents = find_documents(request.documents)
        labels = list(documents)
        for folder, recorded in _manifests(request.values["output"], options["package"]):
            is_same_request = recorded["documents"] == labels and recorded["options"] == options
            is_complete = recorded["inputs"].keys() >= documents.keys()
            if is_same_request and is_complete and _is_finished(recorded, folder, folder_of_documents):
                return recorded["package"]
    except (OSError, ValueError):  # a NUL in a path is a ValueError
        return None
    return None


def _manifests(output: str, package: str | None) -> Iterator[tuple[str, Manifest]]:
    """Give every package folder in `output`, or only that of `package`, with the manifest it has."""
    for name in [package] if package else sorted(os.listdir(output)):
        folder = os.path.join(output, name)
        path = os.path.join(folder, manifest.PATH)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                content = file.read()
            recorded = manifest.parse(content)
            if recorded and recorded["package"] == name and _is_unchanged(recorded, content):
                yield folder, recorded


def _is_unchanged(recorded: Manifest, content: bytes) -> bool:
    """Whether a manifest's file is as we wrote it; a run would write any other anew."""
    return manifest.digest(content) == manifest.digest(manifest.dump(recorded))


def _is_finished(recorded: Manifest, folder: str, document_folder: str) -> bool:
    """Whether all is as recorded. Every byte is read: equal size and time prove nothing."""
    try:
        return (
            all(_is_input_same(document_folder, label, digest) for label, digest in recorded["inputs"].items())
            and all(_is_output_same(folder, path, output) for path, output in recorded["outputs"].items())
            and recorded["fingerprint"] == fingerprint()
        )
    except OSError:
        return False


def _is_input_same(document_folder: str, label: str, digest: str) -> bool:
    path = os.path.join(document_folder, label)
    if digest == manifest.ABSENT:
        return not os.path.lexists(path)
    return manifest.file_digest(path) == digest


def _is_output_same(folder: str, path: str, output: Output) -> bool:
    """Whether a file is as written; of one that belongs to people only its being there counts."""
    target = os.path.join(folder, path)
    if output["ownership"] == "scaffold":
        return os.path.lexists(target)
    return manifest.file_digest(target) == output["digest"]
