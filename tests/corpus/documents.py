"""The documents that are looked at one by one, under short names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import pytest

SHARED: Final = os.environ.get("CQRS_GEN_SHARED")

_SPRINGWOLF: Final = "springwolf__springwolf-core"
_EXAMPLE: Final = "src/test/resources/asyncapi.json"
_RETAIL: Final = "zenwave-sdk-test-resources/src/main/resources/retail-domain-catalog"

DOCUMENTS: Final = {
    "streetlights": "asyncapi__spec/examples/streetlights-kafka-asyncapi.yml",
    "streetlights_2": "asyncapi__spec/history/v2.6.0/examples/streetlights-kafka.yml",
    "rpc_server": "asyncapi__spec/examples/rpc-server-asyncapi.yml",
    "spring_amqp": f"{_SPRINGWOLF}/springwolf-examples/springwolf-amqp-example/{_EXAMPLE}",
    "spring_kafka": f"{_SPRINGWOLF}/springwolf-examples/springwolf-kafka-example/{_EXAMPLE}",
    "spring_kafka_2": f"{_SPRINGWOLF}/history/v0.18.0/springwolf-examples/springwolf-kafka-example/{_EXAMPLE}",
    "spring_stream": f"{_SPRINGWOLF}/springwolf-examples/springwolf-cloud-stream-example/{_EXAMPLE}",
    "spring_stream_2": f"{_SPRINGWOLF}/history/v0.18.0/springwolf-examples/springwolf-cloud-stream-example/{_EXAMPLE}",
    "orders_with_reply": "specmatic__labs/arazzo-workflow-testing/specs/asyncapi/order.yaml",
    "stable_surface": "koxudaxi__datamodel-code-generator/tests/data/asyncapi/stable-surface.yaml",
    "adeo": "asyncapi__spec/examples/adeo-kafka-request-reply-asyncapi.yml",
    "product_service": "Sokol111__ecommerce-product-service-api/asyncapi/asyncapi.yaml",
    "customer_profile": (
        f"ZenWave360__zenwave-sdk/{_RETAIL}/customer-relationship/customer-management/customer-profile/asyncapi.yml"
    ),
}

SERVED: Final = (
    *("rpc_server", "spring_amqp", "spring_kafka", "spring_kafka_2", "spring_stream", "spring_stream_2"),
    "orders_with_reply",
)
"""Those of them that give a package."""


def corpus() -> Path:
    """Give the folder with `documents/` and `index.tsv`; skips the test where there is none."""
    if not SHARED:
        pytest.skip("CQRS_GEN_SHARED is not set: there is no corpus")
    return Path(SHARED) / "corpus"


def find(name: str) -> Path:
    """Give the path of a document by its short name; skips the test where there is no corpus."""
    path = corpus() / "documents" / DOCUMENTS[name]
    assert path.is_file()
    return path
