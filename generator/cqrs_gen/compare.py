"""Decides what a run would do to the files of a package. Reads the disk, changes nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from cqrs_gen import manifest
from cqrs_gen.changes import Action, Changes, FileChange
from cqrs_gen.obstacles import recorded_outputs, refuse_obstacles
from cqrs_gen.rendered import Ownership, RenderedFile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cqrs_gen.manifest import Options, Output


def plan_changes(  # noqa: PLR0913 (the manifest records so many things)
    root: Path,
    package: str,
    files: Sequence[RenderedFile],
    *,
    documents: Sequence[str],
    options: Options,
    inputs: Mapping[str, str],
    fingerprint: str,
) -> Changes:
    """Compare what was rendered with what is in the folder `root / package`.

    The manifest records `documents`, the labels of the document's root files; `options`; `inputs`, the digest of every
    file that was read by its label; `fingerprint`; and the digests of `files`.

    Raises ObstacleError for a folder of that name that is not ours, a symbolic link that leads out of it and the like;
    ValueError for a name or path that cannot be part of a package, which plan never gives.
    """
    rendered = _by_path(package, files)
    folder = root / package
    recorded = recorded_outputs(folder)
    vanished = {path: recorded[path] for path in sorted(recorded.keys() - rendered.keys())}
    refuse_obstacles(folder, _paths_to_write(folder, rendered, vanished))

    orphans = {path: output for path, output in vanished.items() if _is_scaffold(output) and _exists(folder / path)}
    record = manifest.compose(
        package=package,
        documents=documents,
        fingerprint=fingerprint,
        options=options,
        inputs=dict(inputs),
        outputs=orphans | {path: _output(folder, file, recorded.get(path)) for path, file in rendered.items()},
    )
    return Changes(
        root,
        (
            *(_rendered_change(folder, path, file, recorded.get(path)) for path, file in sorted(rendered.items())),
            *(_vanished_change(folder, path, output) for path, output in vanished.items() if _exists(folder / path)),
            _content_change(folder, manifest.PATH, manifest.dump(record)),
        ),
    )


def _by_path(package: str, files: Sequence[RenderedFile]) -> dict[str, RenderedFile]:
    if not package.isidentifier():
        raise ValueError(f"{package!r} cannot name a package")
    rendered: dict[str, RenderedFile] = {}
    for file in files:
        path = file.path.as_posix()
        if not manifest.is_inside(path) or path == manifest.PATH or path in rendered:
            raise ValueError(f"{path!r} cannot be a file of the package")
        rendered[path] = file
    return rendered


def _paths_to_write(folder: Path, rendered: Mapping[str, RenderedFile], vanished: Mapping[str, Output]) -> list[str]:
    """Give every path that the run may write or remove: people's files only where they are missing."""
    return [
        *(
            path
            for path, file in rendered.items()
            if file.ownership is Ownership.GENERATED or not _exists(folder / path)
        ),
        *(path for path, output in vanished.items() if not _is_scaffold(output)),
        manifest.PATH,
    ]


def _rendered_change(folder: Path, path: str, file: RenderedFile, recorded: Output | None) -> FileChange:
    if file.ownership is Ownership.SCAFFOLD and _exists(folder / path):
        return FileChange(PurePosixPath(folder.name, path), Action.KEEP)
    change = _content_change(folder, path, _content(file))
    return replace(change, is_edited=change.action is Action.UPDATE and not _is_as_written(change.before, recorded))


def _content_change(folder: Path, path: str, after: bytes) -> FileChange:
    shown = PurePosixPath(folder.name, path)
    if not _exists(folder / path):
        return FileChange(shown, Action.CREATE, None, after)
    before = (folder / path).read_bytes()
    is_same = manifest.digest(before) == manifest.digest(after)
    return FileChange(shown, Action.UNCHANGED if is_same else Action.UPDATE, before, after)


def _vanished_change(folder: Path, path: str, recorded: Output) -> FileChange:
    """Say what happens to a file of the last run that nothing in the contract asks for any more."""
    shown = PurePosixPath(folder.name, path)
    if _is_scaffold(recorded):
        return FileChange(shown, Action.ORPHAN)
    before = (folder / path).read_bytes()
    return FileChange(shown, Action.REMOVE, before, is_edited=not _is_as_written(before, recorded))


def _output(folder: Path, file: RenderedFile, recorded: Output | None) -> Output:
    """Give a file's record. That of people's files stays as it was first: it must not follow what they write."""
    if file.ownership is Ownership.SCAFFOLD and recorded and _is_scaffold(recorded) and _exists(folder / file.path):
        return recorded
    return {"digest": manifest.digest(_content(file)), "ownership": file.ownership.value}


def _is_as_written(content: bytes | None, recorded: Output | None) -> bool:
    """Whether a generated file is what the last run wrote. One that no run wrote is somebody's own."""
    if content is None or recorded is None or _is_scaffold(recorded):
        return False
    return manifest.digest(content) == recorded["digest"]


def _is_scaffold(output: Output) -> bool:
    return output["ownership"] == Ownership.SCAFFOLD.value


def _exists(path: Path) -> bool:
    return os.path.lexists(path)  # a link to nowhere is there too


def _content(file: RenderedFile) -> bytes:
    return file.text.replace("\r\n", "\n").encode()
