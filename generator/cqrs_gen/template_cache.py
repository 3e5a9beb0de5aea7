"""Templates that an earlier run compiled. What is wrong with them costs the time to compile them again, never a run."""

from __future__ import annotations

import pickle
from contextlib import suppress
from typing import TYPE_CHECKING

import jinja2

from cqrs_gen import __version__

if TYPE_CHECKING:
    from jinja2.bccache import Bucket


def template_cache() -> jinja2.BytecodeCache | None:
    """Give what was compiled before, in a temporary folder that only this user can write to; None without one."""
    try:
        return _Cache(pattern=f"__cqrs_gen_{__version__}_%s.cache")
    except (OSError, RuntimeError):
        return None


class _Cache(jinja2.FileSystemBytecodeCache):
    """Jinja's own, which compares the text of each template and the release of Python; here files may be damaged."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, TypeError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)
