"""Logging: configured once, client libraries kept quiet, and no storm of lines while a broker is away."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Final

from .reason import describe

_TALKATIVE: Final = ("aiokafka", "aio_pika", "aiormq")
_EVERY: Final = 5.0
"""Seconds between two lines of one kind: with the few kinds that come together, a line a second."""


class Throttle(logging.Filter):
    """Lets a line pass when none of its kind has passed a moment ago, and says how many were held back since.

    Lines are of one kind when they come from the same place with the same text before values are put into it. A
    traceback, which would show the inside of the library, becomes one line.
    """

    def __init__(self, every: float = _EVERY) -> None:
        super().__init__()
        self._every = every
        self._passed: dict[tuple[str, int, object], float] = {}
        self._held_back: dict[tuple[str, int, object], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = (record.name, record.lineno, record.msg)
        now = monotonic()
        if now - self._passed.get(kind, -self._every) < self._every:
            self._held_back[kind] = self._held_back.get(kind, 0) + 1
            return False
        self._passed[kind] = now
        if record.exc_info and record.exc_info[1]:
            record.msg, record.args = f"{record.getMessage()}: {describe(record.exc_info[1])}", None
            record.exc_info = record.exc_text = None
        if held_back := self._held_back.pop(kind, 0):
            record.msg = f"{record.msg} (and {held_back} more like it)"
        return True


def configure_logging(level: str) -> None:
    """Write log lines to stderr, unless somebody has configured logging, and keep chatty libraries quiet.

    A level that somebody has given to a library's logger stays.
    """
    throttle = Throttle()
    for library in _TALKATIVE:
        if logging.getLogger(library).level == logging.NOTSET:
            logging.getLogger(library).setLevel(logging.WARNING)
        for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == library]:
            logging.getLogger(name).addFilter(throttle)  # a filter holds for the logger itself, not for those below it
    logging.getLogger("cqrs").setLevel(logging.INFO)  # it sets itself to DEBUG, where it writes whole payloads
    if not logging.getLogger().handlers:
        logging.basicConfig(level=level, format="%(asctime)s %(levelname)-8s %(name)s: %(message)s")
