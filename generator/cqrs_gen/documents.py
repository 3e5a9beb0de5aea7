"""Which files the documents on a command line are: a folder stands for the files of schemas that lie in it.

The fast path of `entry` imports this module, so it imports little.
"""
# ruff: noqa: PTH112, PTH118, PTH120, PTH208 (importing pathlib would cost the fast path too much)

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False  # see manifest
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ENDINGS = (".json", ".yaml", ".yml")


def find_documents(paths: Iterable[str], cwd: str = "") -> tuple[str, dict[str, str]]:
    """Give the folder that holds all files, without links, and how each was given, by its label in there.

    The order is that of the labels, whatever the order of `paths`, which are relative to `cwd`. Raises OSError for a
    folder that cannot be listed or has no files of schemas, ValueError for paths that cannot be files of one folder.
    """
    found: dict[str, str] = {}
    for path in paths:
        for given in _files(path, cwd):
            found.setdefault(os.path.realpath(os.path.join(cwd, given)), given)
    folder = os.path.commonpath([os.path.dirname(real) for real in found])
    labels = {os.path.relpath(real, folder).replace(os.sep, "/"): given for real, given in found.items()}
    return folder, dict(sorted(labels.items()))


def _files(path: str, cwd: str) -> Iterator[str]:
    """Give a path as it is; for a folder those files that `*.json` and the like would name in a shell."""
    folder = os.path.join(cwd, path)
    if not os.path.isdir(folder):
        yield path
        return
    names = [name for name in os.listdir(folder) if name.endswith(_ENDINGS) and not name.startswith(".")]
    files = [name for name in names if not os.path.isdir(os.path.join(folder, name))]
    if not files:
        reason = f"the folder has no file that ends with {', '.join(_ENDINGS)}; those in its subfolders do not count"
        raise FileNotFoundError(errno.ENOENT, reason, path)
    yield from (os.path.join(path, name) for name in files)
