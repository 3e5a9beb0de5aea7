"""The text of one file, as plain data with the place of every value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from cqrs_gen.diagnostics import Diagnostic
from cqrs_gen.document.building import Builder, UnparsableError
from cqrs_gen.document.json_text import read_json
from cqrs_gen.document.node import ParsedFile
from cqrs_gen.document.places import Places
from cqrs_gen.document.yaml_text import read_yaml
from cqrs_gen.rules import SYNTAX_ERROR
from cqrs_gen.source import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from cqrs_gen.diagnostics import Diagnostics
    from cqrs_gen.source import SourceFile

_STARTS_OF_JSON: Final = ("{", "[", '"')


def parse(source: SourceFile, diagnostics: Diagnostics) -> ParsedFile | None:
    """Parse a file, as JSON or as YAML 1.2; None when there are mistakes in it, which are all reported.

    A file called `.json` is JSON. Any other is YAML, which is nearly a superset of JSON: what is indented with tabs,
    for one, is only JSON, so a text that looks like JSON is first read as that.
    """
    is_json = source.path.suffix.lower() == ".json"
    if is_json or source.text.lstrip(" \t\r\n").startswith(_STARTS_OF_JSON):
        builder = _read(read_json, source.text)
        if not is_json and _is_broken(builder):
            as_yaml = _read(read_yaml, source.text)
            # What was meant is whatever the text is for longer.
            builder = max(builder, as_yaml, key=_end_of_sense)
    else:
        builder = _read(read_yaml, source.text)

    for rule, line, column, message, hint in builder.mistakes:
        location = Location(source.name, line, column)
        diagnostics.add(Diagnostic(rule, location, message, hint, source.line(line)))
    if builder.mistakes or builder.places is None:
        return None
    return ParsedFile(source, builder.value, Places(builder.places))


def _read(reader: Callable[[str, Builder], None], text: str) -> Builder:
    builder = Builder()
    try:
        reader(text, builder)
    except UnparsableError as error:
        builder.mistakes.append(error.mistake)
    return builder


def _is_broken(builder: Builder) -> bool:
    return any(mistake.rule is SYNTAX_ERROR for mistake in builder.mistakes)


def _end_of_sense(builder: Builder) -> tuple[float, int]:
    last = builder.mistakes[-1] if _is_broken(builder) else None
    return (last.line, last.column) if last else (math.inf, 0)
