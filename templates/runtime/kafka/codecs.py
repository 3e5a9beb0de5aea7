"""Whether every record can be read, however its producer or its topic compressed it."""

# aiokafka is not typed; what comes from it is Any in this module.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from typing import Final

from aiokafka import codec  # type: ignore[import-untyped] # it has no types

from ..adapter import CannotStart

_CODECS: Final = {"snappy": codec.has_snappy, "lz4": codec.has_lz4, "zstd": codec.has_zstd}


def check_codecs() -> None:
    """Raise CannotStart when a codec is not installed.

    aiokafka would log that, fetch nothing, and answer every ping: the service would stand still for ever.
    """
    if missing := [name for name, is_there in _CODECS.items() if not is_there()]:
        raise CannotStart(f"records compressed with {', '.join(missing)} cannot be read: install cramjam")
