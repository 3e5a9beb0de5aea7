"""Where the templates lie. Imports nothing but `os`, because the fast path of `entry` needs it too."""
# ruff: noqa: PTH100, PTH112, PTH118, PTH120 (importing pathlib would cost the fast path too much)

from __future__ import annotations

import os

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


def templates_folder() -> str:
    """Give the folder of the templates: inside an installed package, beside `generator/` in a checkout."""
    installed = os.path.join(_PACKAGE, "templates")
    checkout = os.path.join(_PACKAGE, "..", "..", "templates")
    return installed if os.path.isdir(installed) else checkout
