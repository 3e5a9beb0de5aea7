"""Mistakes in `delivery` and `failure`."""

from __future__ import annotations

from typing import Final

from .mutant import BOTH, Mutant


def _mutant(name: str, before: str, after: str, file: str = "delivery.py") -> Mutant:
    return Mutant(name, file, before, after, BOTH)


_BURY = "await asyncio.wait_for(self._dead_letter(message, reasons(message, failure)), self._dead_letter_timeout)"

OF_DELIVERY: Final = (
    _mutant(
        "dead letter after commit",
        _BURY,
        "asyncio.get_running_loop().call_later(\n"
        "                0.5, lambda: asyncio.create_task(self._dead_letter(message, reasons(message, failure)))\n"
        "            )",
    ),
    _mutant("dead letter without a limit", _BURY, "await self._dead_letter(message, reasons(message, failure))"),
    _mutant(
        "lost dead letter counts",
        "            return replace(failure, delay=delay)\n",
        "            return None\n",
    ),
    _mutant("handler runs again for a dead letter", "if earlier is None or not earlier.is_final:", "if True:"),
    _mutant(
        "attempts are not counted",
        "message.attempt = earlier.attempts + 1 if earlier is not None",
        "message.attempt = 1 if earlier is not None",
    ),
    _mutant("one attempt too many", "attempt >= self.attempts", "attempt > self.attempts", "failure.py"),
    _mutant("one attempt too few", "attempt >= self.attempts", "attempt + 1 >= self.attempts", "failure.py"),
    _mutant("nothing is permanent", "isinstance(error, _PERMANENT) or ", "", "failure.py"),
    _mutant(
        "dead letter tells of too few attempts",
        "ATTEMPTS: str(failure.attempts)",
        "ATTEMPTS: str(failure.attempts - 1)",
        "failure.py",
    ),
    _mutant(
        "failure counts as handled",
        "        failure = self._retry.judge(message.attempt, error, name)\n",
        "        return None\n",
    ),
    _mutant(
        "cancelled from within counts as asked to stop",
        " and self._is_cancelled(message)\n",
        "\n",
    ),
    _mutant("left out counts as skipped", "            if self._skips_left_out:\n", "            if True:\n"),
    _mutant(
        "undecodable counts as skipped",
        "            raise UndecodableMessage(decoded.error_message, decoded.error_type.__name__)\n",
        "            return None\n",
    ),
)
