"""The document and every file it refers to as one JSON text, for a page that can open no other file."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from cqrs_gen.document.node import escape, is_mapping, is_sequence

if TYPE_CHECKING:
    from cqrs_gen.document.load import Document

REFERENCED: Final = "x-referenced-files"
"""The extension of the root object that holds the other files by their labels."""


def bundle_document(document: Document) -> str:
    """Give the document as JSON, with references into other files turned into references into itself.

    Only references to files that were read are turned; any other stays as it is written.
    """
    root, *others = document.parsed_files
    labels = {file.source.label for file in others}
    bundled = _rewritten(root.value, root.source.label, root.source.label, labels)
    if others and is_mapping(bundled):
        bundled[REFERENCED] = {
            file.source.label: _rewritten(file.value, file.source.label, root.source.label, labels) for file in others
        }
    return json.dumps(bundled, indent=2, ensure_ascii=False) + "\n"


def _rewritten(value: Any, label: str, root: str, labels: set[str]) -> Any:  # noqa: ANN401 - any JSON value
    if is_sequence(value):
        return [_rewritten(element, label, root, labels) for element in value]
    if not is_mapping(value):
        return value
    return {
        key: _reference(member, label, root, labels)
        if key == "$ref" and isinstance(member, str)
        else _rewritten(member, label, root, labels)
        for key, member in value.items()
    }


def _reference(reference: str, label: str, root: str, labels: set[str]) -> str:
    path, _, pointer = reference.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(label), unquote(path))) if path else label
    if target == root:
        return f"#{pointer}"
    return f"#/{REFERENCED}/{escape(target)}{pointer}" if target in labels else reference
