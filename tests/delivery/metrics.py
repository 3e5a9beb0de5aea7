"""What a service tells at /metrics, read as Prometheus reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from tests.live.packages import get

if TYPE_CHECKING:
    from tests.brokers import Service


@dataclass(frozen=True)
class Metrics:
    """All samples at one moment: name, labels, value."""

    samples: tuple[tuple[str, dict[str, str], float], ...]

    def value(self, name: str, /, **labels: str) -> float:
        """Give the sum of the samples with these labels; fails the test when there is none."""
        found = [value for sample, own, value in self.samples if sample == name and labels.items() <= own.items()]
        assert found, f"no {name} with {labels} in {self.samples}"
        return sum(found)


def metrics_of(service: Service) -> Metrics:
    """Ask a service for its metrics."""
    status, text = get(service, "/metrics")
    assert status == 200
    families = text_string_to_metric_families(text)
    return Metrics(
        tuple((found.name, dict(found.labels), found.value) for family in families for found in family.samples)
    )
