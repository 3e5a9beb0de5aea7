"""What /metrics shows of what deliveries have counted."""

from prometheus_client.parser import text_string_to_metric_families
from runtime.metrics import Metrics
from runtime.observation import BOUNDS, Observation, Tally

from .service import Adapter
from .test_application import get

LABELS = ("protocol", "channel", "event", "partition", "le")


def observation() -> Observation:
    handled = Tally(handled=2, retried=1)
    for seconds in (0.0005, 0.001, 0.3, 500.0):
        handled.took(seconds)
    return Observation("orders.v1", {"OrderPlaced": handled, "": Tally(skipped=3, dead_lettered=1)}, 4, {0: 7})


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    return {
        (sample.name, tuple(sample.labels[name] for name in LABELS if name in sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_shows_what_was_counted() -> None:
    adapter = Adapter()
    adapter.observations = [observation()]
    path, app = Metrics([adapter]).route()
    assert path == "/metrics"
    status, text = await get(app, path)
    assert status == 200
    found = samples(text)
    event = ("kafka", "orders.v1", "OrderPlaced")
    assert found["messages_handled_total", event] == 2
    assert found["messages_retried_total", event] == 1
    assert found["messages_skipped_total", ("kafka", "orders.v1", "")] == 3
    assert found["messages_dead_lettered_total", ("kafka", "orders.v1", "")] == 1
    assert found["messages_in_flight", ("kafka", "orders.v1")] == 4
    assert found["messages_lag", ("kafka", "orders.v1", "0")] == 7
    assert found["messages_handling_seconds_count", event] == 4
    assert found["messages_handling_seconds_sum", event] == 500.3015
    buckets = {bound: found["messages_handling_seconds_bucket", (*event, str(bound))] for bound in BOUNDS}
    assert (buckets[0.001], buckets[0.25], buckets[0.5], buckets[60.0]) == (2, 2, 3, 3)


async def test_shows_two_services_of_one_process_apart() -> None:
    first, second = Adapter(), Adapter()
    first.observations = [observation()]
    texts = [(await get(Metrics([adapter]).route()[1], "/metrics"))[1] for adapter in (first, second)]
    assert ["orders.v1" in text for text in texts] == [True, False]
