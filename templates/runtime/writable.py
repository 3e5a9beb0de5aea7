"""Texts that clients have read and refuse to write."""

from __future__ import annotations


def writable(text: str) -> str:
    r"""Write bytes that are no UTF-8, which were read as surrogates, as `\udc80` and so on."""
    return text.encode("utf-8", "backslashreplace").decode()
