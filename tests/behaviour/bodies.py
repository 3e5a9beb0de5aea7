"""Payloads that the tests of this folder send."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.generated import SPECS

USER = {"user_id": "u-1", "email": "ada@example.com", "name": "Ada Lovelace"}
BODY = json.dumps(USER).encode()
ORDER_KEY = b"0b1d3c9e-5a0f-4a55-9d8e-2f6f3a1c7b10"
"""A key that the contract of `specs/orders` allows."""


def examples(message: str) -> dict[str, Any]:
    """Give the payloads of the examples of a message of `specs/orders`, by their names."""
    text = (SPECS / "orders" / "messages" / f"{message}.yaml").read_text(encoding="utf-8")
    return {example["name"]: example["payload"] for example in yaml.safe_load(text)["examples"]}
