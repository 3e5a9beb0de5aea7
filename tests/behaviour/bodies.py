"""Payloads that the tests of this folder send."""

from __future__ import annotations

import json
from typing import Any

import yaml

from tests.generated import SPECS

USER = {"user_id": "u-1", "email": "ada@example.com", "name": "Ada Lovelace"}
BODY = json.dumps(USER).encode()


def examples(message: str) -> dict[str, Any]:
    """Give the payloads of the examples of a message of `specs/orders`, by their names."""
    text = (SPECS / "orders" / "messages" / f"{message}.yaml").read_text(encoding="utf-8")
    return {example["name"]: example["payload"] for example in yaml.safe_load(text)["examples"]}
