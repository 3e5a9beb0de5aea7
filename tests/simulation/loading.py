"""The modules under test: the runtime as it is, or a copy of it with a mistake."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .mutants import Mutant

_TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates"
_numbers: Final = count(1)


class Code:
    """A runtime; its modules are Any, since those of a mutant are others than those that a type checker finds."""

    def __init__(self, package: str) -> None:
        def module(name: str) -> Any:
            return import_module(f"{package}.{name}")

        self.candidates = module("candidates")
        self.delivery = module("delivery")
        self.message = module("message")
        self.partitions = module("kafka.partitions")
        self.acknowledgements = module("rabbit.acknowledgements")
        self.copies = module("rabbit.copies")
        self.outbox = module("rabbit.outbox")
        self.queues = module("rabbit.queues")
        self.settings = module("rabbit.settings")
        self.subscription = module("rabbit.subscription")


@cache
def as_it_is() -> Code:
    """Give the runtime that people get."""
    if str(_TEMPLATES) not in sys.path:
        sys.path.insert(0, str(_TEMPLATES))
    return Code("runtime")


def text_of(mutant: Mutant) -> str:
    """Give a module with a mistake; ValueError when the module has changed, so that it is no mistake any more."""
    text = (_TEMPLATES / "runtime" / mutant.file).read_text(encoding="utf-8")
    if text.count(mutant.before) != 1:
        raise ValueError(f"{mutant.name}: {mutant.file} does not have this text exactly once:\n{mutant.before}")
    return text.replace(mutant.before, mutant.after)


def mutated(mutant: Mutant) -> Code:
    """Give a copy of the runtime with a mistake."""
    package = f"mutant_{next(_numbers)}"
    with TemporaryDirectory() as folder:
        copytree(_TEMPLATES / "runtime", Path(folder, package), ignore=ignore_patterns("__pycache__"))
        Path(folder, package, mutant.file).write_text(text_of(mutant), encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            return Code(package)
        finally:
            sys.path.remove(folder)
