"""What addresses are written as: URLs of servers, and `{expressions}`."""

from __future__ import annotations

import re
from typing import Final

_EXPRESSION: Final = re.compile(r"\{([^{}]+)\}")


def expressions(address: str) -> tuple[str, ...]:
    """Give the names in curly braces, each once, in their order."""
    return tuple(dict.fromkeys(_EXPRESSION.findall(address)))


def split_url(url: str) -> tuple[str, str]:
    """Split the `url` of a 2.x server into what 3.x calls `host` (with the port) and `pathname`."""
    after_scheme = url.partition("://")[2] or url
    host, slash, path = after_scheme.partition("/")
    return host, slash + path
