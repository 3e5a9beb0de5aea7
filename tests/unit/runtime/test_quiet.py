"""Client libraries say something once, however often they say it."""

import logging
from collections.abc import Iterator

import pytest
from runtime import quiet
from runtime.quiet import Throttle, configure_logging


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Give a clock that the test sets: its only element."""
    now = [100.0]
    monkeypatch.setattr(quiet, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def client() -> Iterator[logging.Logger]:
    """Give a logger of a client library, below that library's own, with a level of its own.

    python-cqrs's Kafka producer sets aiokafka's level to ERROR for the whole process, here for the tests after its own.
    """
    logger = logging.getLogger("aiokafka.of_this_test")
    logger.setLevel(logging.WARNING)
    yield logger
    logger.filters.clear()
    logger.setLevel(logging.NOTSET)


def test_lines_of_one_kind_pass_once_in_a_while_and_are_counted(
    clock: list[float], client: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    client.addFilter(Throttle(every=5.0))
    for second in (0, 1, 2, 4.9, 5.1, 20):
        clock[0] = 100.0 + second
        client.warning("no connection to node %d", int(second))
    assert [record.getMessage() for record in caplog.records] == [
        "no connection to node 0",
        "no connection to node 5 (and 3 more like it)",
        "no connection to node 20",
    ]


@pytest.mark.usefixtures("clock")
def test_lines_of_several_kinds_do_not_hold_each_other_back(
    client: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    client.addFilter(Throttle())
    client.warning("one")
    client.warning("other")
    assert [record.getMessage() for record in caplog.records] == ["one", "other"]


def test_a_traceback_becomes_one_line(client: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    client.addFilter(Throttle())
    client.warning("reader of %s ended", "node 1", exc_info=ConnectionResetError("by the peer, 100%"))
    assert caplog.text.count("\n") == 1
    assert "reader of node 1 ended: ConnectionResetError: by the peer, 100%" in caplog.text


def test_client_libraries_are_held_down_and_the_service_itself_is_not(client: logging.Logger) -> None:
    configure_logging("INFO")
    assert [type(one) for one in client.filters] == [Throttle]
    assert [type(one) for one in logging.getLogger("orders.contract").filters] == []
