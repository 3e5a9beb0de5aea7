"""The document and every file it refers to as one JSON text, for a page that can open no other file."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from cqrs_gen.document.node import escape, is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.document.load import Document
    from cqrs_gen.document.node import ParsedFile

REFERENCED: Final = "x-referenced-files"
"""The extension of the root object that holds the other files by their labels."""


def bundle_document(document: Document) -> str:
    """Give the document as JSON, with references into other files turned into references into itself.

    Only references to files that were read are turned; any other stays as it is written.
    """
    root, *others = document.parsed_files
    places = {root.source.label: ""}
    places |= {file.source.label: f"/{REFERENCED}/{escape(file.source.label)}" for file in others}
    bundled = bundle_file(root, places)
    if others and is_mapping(bundled):
        bundled[REFERENCED] = {file.source.label: bundle_file(file, places) for file in others}
    return json.dumps(bundled, indent=2, ensure_ascii=False) + "\n"


def bundle_file(file: ParsedFile, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    """Give the value of a file for a document that holds several files.

    `places` are the pointers at which it holds them, by their labels. References to other files stay as they are.
    """
    return _rewritten(file.value, file.source.label, places)


def _rewritten(value: Any, label: str, places: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON value
    if is_sequence(value):
        return [_rewritten(element, label, places) for element in value]
    if not is_mapping(value):
        return value
    return {
        key: _reference(member, label, places)
        if key == "$ref" and isinstance(member, str)
        else _rewritten(member, label, places)
        for key, member in value.items()
    }


def _reference(reference: str, label: str, places: Mapping[str, str]) -> str:
    path, _, pointer = reference.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(label), unquote(path))) if path else label
    return f"#{places[target]}{pointer}" if target in places else reference
