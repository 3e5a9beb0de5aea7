"""Addresses of the contract in which parameters may stand: `users.{userId}.created`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPRESSION: Final = re.compile(r"\{([^{}]+)\}")
_VALUE: Final = "([^./]+)"
"""What a parameter can be: it ends where the next part of the address begins."""


class Address:
    """One address, or a template of many."""

    def __init__(self, template: str) -> None:
        self.template: Final = template
        self.names: Final[tuple[str, ...]] = tuple(_EXPRESSION.findall(template))
        texts: list[str] = _EXPRESSION.split(template)[::2]
        self.pattern: Final = _VALUE.join(map(re.escape, texts))
        """A regular expression for the whole of an address."""
        self._match: Final = re.compile(self.pattern).fullmatch

    @property
    def plain(self) -> str:
        """One name for all addresses of the template, without braces."""
        return _EXPRESSION.sub(lambda found: re.sub(r"[^A-Za-z0-9_-]", "_", found[1]), self.template)

    def filled(self, texts: Mapping[str, str]) -> str:
        """Give the address in which these texts stand for the parameters."""
        return _EXPRESSION.sub(lambda found: texts[found[1]], self.template)

    def parameters_in(self, address: str) -> dict[str, str] | None:
        """Give the values of the parameters; None for an address that is none of the template's."""
        found = self._match(address)
        return None if found is None else dict(zip(self.names, found.groups(), strict=True))
