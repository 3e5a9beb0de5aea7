"""The stages in order. After each stage that reads, errors end the run, all of that stage's together."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from cqrs_gen.compare import plan_changes
from cqrs_gen.contract.read import read
from cqrs_gen.convert import to_asyncapi
from cqrs_gen.document.bundle import bundle_document
from cqrs_gen.document.load import load
from cqrs_gen.fingerprint import fingerprint
from cqrs_gen.inspection.build import inspect_plan
from cqrs_gen.manifest import ABSENT, file_digest, resolve_options
from cqrs_gen.models.bundle import bundle_schemas
from cqrs_gen.models.module import generate_models
from cqrs_gen.obstacles import recorded_outputs
from cqrs_gen.plan.build import build_plan
from cqrs_gen.plan.package import package_name
from cqrs_gen.render import render
from cqrs_gen.rules import NOT_SCHEMA
from cqrs_gen.templates_folder import templates_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from cqrs_gen.changes import Changes
    from cqrs_gen.config import Config
    from cqrs_gen.contract.model import Contract
    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.document.load import Document
    from cqrs_gen.inspection.model import Inspection
    from cqrs_gen.plan.views import PackageView


@dataclass(frozen=True)
class Generation:
    """What a run would do, and what of the contract it stands for."""

    view: PackageView
    changes: Changes


def generate(
    config: Config, diagnostics: Diagnostics, *, cwd: Path, enter: Callable[[str], None] = lambda _: None
) -> Generation | None:
    """Do all but write; None when the document has errors, which `diagnostics` then holds.

    `enter` is told each stage before it begins.
    Raises `UnreadableFile` for a document that cannot be read, `BadPackageNameError` and what `plan_changes` raises.
    """
    understood = _understand(config, diagnostics, cwd, enter)
    if understood is None:
        return None
    document, contract = understood

    enter("planning the package")
    package = package_name(config.package, contract.info.title)
    plan = build_plan(
        contract,
        document,
        diagnostics,
        package=package,
        envelope=config.envelope,
        protocols=config.protocols,
        handles_tombstones=config.tombstones == "handle",
        existing_handlers=_existing_handlers(config.output / package),
    )
    if diagnostics.has_errors:
        return None

    enter("making the models")
    schemas = bundle_schemas(document, plan.schemas, plan.schema_names)
    models = generate_models(schemas, plan.schema_names)
    enter("rendering the files")
    shown = (
        bundle_document(document)
        if contract.spec_version
        else _as_json(to_asyncapi(contract, document, plan.schema_names, config.protocols))
    )
    files = render(plan, models, shown, Path(templates_folder()))

    enter("comparing with the folder")
    changes = plan_changes(
        config.output,
        package,
        files,
        documents=[root.file.source.label for root in document.roots],
        options=resolve_options(
            package=config.package,
            role=config.role,
            envelope=config.envelope,
            protocols=config.protocols,
            tombstones=config.tombstones,
        ),
        inputs={
            **{file.label: file_digest(str(file.path)) for file in document.files},
            **dict.fromkeys(document.missing_files, ABSENT),
        },
        fingerprint=fingerprint(),
    )
    return Generation(plan.view, changes)


def inspect(
    config: Config, diagnostics: Diagnostics, *, cwd: Path, enter: Callable[[str], None] = lambda _: None
) -> Inspection | None:
    """Tell what the document means, also where nothing can be generated from it; None when it cannot be read.

    Writes nothing and looks at no folder. Raises as `generate` does for the document and the package's name.
    """
    understood = _understand(config, diagnostics, cwd, enter)
    if understood is None:
        return None
    document, contract = understood

    enter("planning the package")
    plan = build_plan(
        contract,
        document,
        diagnostics,
        package=package_name(config.package, contract.info.title),
        envelope=config.envelope,
        protocols=config.protocols,
    )
    return inspect_plan(contract, plan)


def convert(
    config: Config, diagnostics: Diagnostics, *, cwd: Path, enter: Callable[[str], None] = lambda _: None
) -> dict[str, Any] | None:
    """Give schema files as an AsyncAPI document; None when they have errors, which `diagnostics` then holds.

    Raises `UnreadableFile` for a file that cannot be read.
    """
    understood = _understand(config, diagnostics, cwd, enter)
    if understood is None:
        return None
    document, contract = understood
    if contract.spec_version:
        message = "the document is AsyncAPI already: there is nothing to convert"
        document.report(diagnostics, NOT_SCHEMA, document.root, message)
        return None

    enter("planning the package")
    plan = build_plan(
        contract,
        document,
        diagnostics,
        package="service",  # which is in no name of a model
        envelope=config.envelope,
        protocols=config.protocols,
    )
    if diagnostics.has_errors:
        return None
    return to_asyncapi(contract, document, plan.schema_names, config.protocols)


def _understand(
    config: Config, diagnostics: Diagnostics, cwd: Path, enter: Callable[[str], None]
) -> tuple[Document, Contract] | None:
    enter("loading the document")
    document = load(config.documents, diagnostics, cwd=cwd)
    if document is None or diagnostics.has_errors:
        return None

    enter("reading the contract")
    contract = read(document, diagnostics, is_client=config.role == "client")
    return None if contract is None or diagnostics.has_errors else (document, contract)


def _as_json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _existing_handlers(folder: Path) -> set[str]:
    """Give the modules of the handlers that earlier runs created in a package folder."""
    paths = map(PurePosixPath, recorded_outputs(folder))
    return {path.stem for path in paths if path.parent == PurePosixPath("handlers")}
