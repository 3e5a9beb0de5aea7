"""Metrics in Prometheus' text format, made from what deliveries have counted, when somebody asks for them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from faststream.asgi import AsgiResponse, get
from faststream.asgi.types import ASGIApp, Scope  # noqa: TC002 - FastStream reads the annotations
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from .observation import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prometheus_client import Metric

    from .adapter import Adapter
    from .observation import Observation, Tally

_CHANNEL: Final = ("protocol", "channel")
_EVENT: Final = (*_CHANNEL, "event")
_COUNTERS: Final = {
    "handled": "Messages whose handler finished.",
    "retried": "Attempts that failed and were followed by another.",
    "dead_lettered": "Messages in the dead letter.",
    "skipped": "Tombstones, and messages that no operation receives.",
}
_BUCKETS: Final = (*(str(bound) for bound in BOUNDS), "+Inf")


class Metrics(Collector):
    """The metrics of a service; nothing is kept here, and two services in one process do not meet."""

    def __init__(self, adapters: Sequence[Adapter]) -> None:
        self._adapters = adapters

    def route(self) -> tuple[str, ASGIApp]:
        """Give /metrics."""
        registry = CollectorRegistry()
        registry.register(self)

        @get
        async def metrics(scope: Scope) -> AsgiResponse:  # noqa: ARG001 - FastStream calls it so
            return AsgiResponse(generate_latest(registry), 200, {"content-type": CONTENT_TYPE_LATEST})

        return "/metrics", metrics

    def collect(self) -> Iterator[Metric]:
        """Give all metrics as they are now, as prometheus_client asks for them."""
        observed = [
            ((adapter.key, observation.channel), observation)
            for adapter in self._adapters
            for observation in adapter.observe()
        ]
        yield from _counters(observed)
        yield _durations(observed)
        in_flight = GaugeMetricFamily("messages_in_flight", "Messages that are being handled.", labels=_CHANNEL)
        lag = GaugeMetricFamily("messages_lag", "Records that are not finished.", labels=(*_CHANNEL, "partition"))
        for labels, observation in observed:
            in_flight.add_metric(labels, observation.in_flight)
            for partition, records in observation.lags.items():
                lag.add_metric((*labels, str(partition)), records)
        yield in_flight
        yield lag


def _counters(observed: Sequence[tuple[tuple[str, str], Observation]]) -> Iterator[Metric]:
    for name, text in _COUNTERS.items():
        counter = CounterMetricFamily(f"messages_{name}", text, labels=_EVENT)
        for labels, event, tally in _tallies(observed):
            count: int = getattr(tally, name)
            counter.add_metric((*labels, event), count)
        yield counter


def _durations(observed: Sequence[tuple[tuple[str, str], Observation]]) -> Metric:
    histogram = HistogramMetricFamily("messages_handling_seconds", "How long an attempt to handle took.", labels=_EVENT)
    for labels, event, tally in _tallies(observed):
        buckets = list(zip(_BUCKETS, accumulate(tally.attempts), strict=True))
        histogram.add_metric((*labels, event), buckets, tally.seconds)
    return histogram


def _tallies(
    observed: Sequence[tuple[tuple[str, str], Observation]],
) -> Iterator[tuple[tuple[str, str], str, Tally]]:
    for labels, observation in observed:
        for event, tally in observation.tallies.items():
            yield labels, event, tally
