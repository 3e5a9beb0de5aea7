"""Plain data as YAML 1.2 that reads as the same data, here and with tools that know YAML 1.1."""

from __future__ import annotations

from typing import Any, Final

import yaml

from cqrs_gen.document.scalars import plain_value

_WIDTH: Final = 120
_TEXT: Final = "tag:yaml.org,2002:str"


def write_yaml(data: Any) -> str:  # noqa: ANN401 - any JSON value
    """Give the text of a YAML document, the same for equal data in equal order."""
    # The writer in Python, which is there on every machine.
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


class _Dumper(yaml.SafeDumper):
    """PyYAML quotes what would be no text in YAML 1.1; this one also what would be none in 1.2."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - repeated values are written out
        return True


def _represent_text(_dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_TEXT, text, style=_style(text))


def _style(text: str) -> str | None:
    """Give how a text is written; None where PyYAML may decide."""
    lines = text.split("\n")
    if not _is_text(text) or not all(line.isprintable() for line in lines):
        return '"'
    return "|" if len(lines) > 1 and not any(line[:1].isspace() for line in lines) else None


def _is_text(text: str) -> bool:
    """Whether it is one without quotes."""
    try:
        return plain_value(text) == text
    except ValueError:
        return False


_Dumper.add_representer(str, _represent_text)
