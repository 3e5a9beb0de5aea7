"""From schemas that stand in the test to the module that is generated for them."""

from __future__ import annotations

import importlib
import itertools
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load
from cqrs_gen.models.bundle import bundle_schemas
from cqrs_gen.models.module import generate_models
from cqrs_gen.plan.names import class_name
from cqrs_gen.plan.schema_names import SchemaNames, SchemaToName, name_schemas
from cqrs_gen.plan.schema_places import Stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType


TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
sys.path.insert(0, str(TEMPLATES))  # `import runtime` finds the files that are copied into packages


@dataclass(frozen=True)
class Generated:
    """What came of a document whose `messages` have the payloads."""

    names: SchemaNames
    bundle: dict[str, Any]
    found: list[str]
    """The rule and the message of every diagnostic."""
    folder: Path

    @property
    def text(self) -> str:
        """The text of models.py."""
        return generate_models(self.bundle, self.names)

    @property
    def module(self) -> ModuleType:
        """The module itself, imported."""
        package = self.folder / f"generated_{next(_numbers)}"
        (package / "runtime").mkdir(parents=True)
        shutil.copy(TEMPLATES / "runtime" / "types.py", package / "runtime")
        (package / "models.py").write_text(self.text, encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(f"{package.name}.models")


@dataclass(frozen=True)
class Payload:
    """The type of one payload, as a deserializer reads it."""

    adapter: TypeAdapter[Any]

    def read(self, value: object) -> Any:
        """Read a value as it comes in JSON."""
        return self.adapter.validate_json(json.dumps(value), strict=True, by_alias=True, by_name=False)

    def takes(self, value: object) -> bool:
        """Whether a value is valid."""
        try:
            self.read(value)
        except ValidationError:
            return False
        return True

    def rewritten(self, value: object) -> object:
        """Read a value and write it again."""
        return json.loads(self.adapter.dump_json(self.read(value), by_alias=True))


@pytest.fixture
def generate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Generated]]:
    """Give a function that generates from the messages of a document, by their events' names, and other files."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def generate_from(text: str, **files: str) -> Generated:
        for name, content in {"orders": text, **files}.items():
            (tmp_path / f"{name}.yaml").write_text(dedent(content), encoding="utf-8")
        diagnostics = Diagnostics()
        document = load([Path("orders.yaml")], diagnostics, cwd=tmp_path)
        assert document is not None
        messages = document.root.get("messages")
        assert messages is not None
        schemas = [
            SchemaToName(payload, Stem(class_name(key), "Payload"))
            for key, node in messages.members()
            if (payload := node.get("payload")) is not None
        ]
        names = name_schemas(document, schemas, diagnostics)
        bundle = bundle_schemas(document, schemas, names) if not diagnostics.has_errors else {}
        found = [f"{each.rule.id}: {each.message}" for each in diagnostics.sorted()]
        return Generated(names, bundle, found, tmp_path)

    yield generate_from
    for name in [name for name in sys.modules if name.startswith("generated_")]:
        del sys.modules[name]


@pytest.fixture
def payload(generate: Callable[..., Generated]) -> Callable[[Any], Payload]:
    """Give a function that gives the type of the payload with a schema, which may refer to itself as `#/schema`."""

    def payload_of(schema: Any) -> Payload:
        text = yaml.safe_dump({"messages": {"Thing": {"payload": {"$ref": "#/schema"}}}, "schema": schema})
        generated = generate(text)
        assert generated.found == []
        (name,) = generated.names.names.values()
        return Payload(TypeAdapter(getattr(generated.module, name)))

    return payload_of


_numbers = itertools.count()
