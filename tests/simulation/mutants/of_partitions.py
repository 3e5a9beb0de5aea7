"""Mistakes in `kafka/partitions` and `kafka/lane`."""

from __future__ import annotations

from typing import Final

from .mutant import KAFKA, Mutant


def _mutant(name: str, before: str, after: str, models: tuple[str, ...] = KAFKA) -> Mutant:
    return Mutant(name, "kafka/partitions.py", before, after, models)


def _of_lane(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "kafka/lane.py", before, after, ("kafka-3",))


OF_PARTITIONS: Final = (
    _mutant(
        "commit before handling",
        "            record = records[0]  #",
        "            record = records[0]\n            self._finished[partition] = record.offset + 1  #",
    ),
    _mutant(
        "no revoke handling",
        "        self._is_revoking = True\n        await self._drain()\n        await self._commit(consumer)\n"
        "        self._lanes.clear()\n        self._finished.clear()\n",
        "        return\n",
    ),
    _mutant(
        "commit past a retry",
        "            if failure is not None and not await self._is_finished_later(record, failure, partition, lane):\n"
        "                return  # it comes again\n",
        "            if failure is not None:\n"
        "                asyncio.create_task(self._is_finished_later(record, failure, partition, lane))\n",
    ),
    _mutant("no commit before giving up", "        await self._drain()\n        await self._commit(consumer)\n", ""),
    _mutant("handler not cancelled", "                worker.cancel()\n", "                pass\n"),
    _mutant("nobody knows who is given up", "            self._given_up.update(busy)\n", ""),
    _mutant("no patience with handlers", "timeout=self._drain_timeout)", "timeout=0)"),
    _mutant("too much patience with handlers", "timeout=self._drain_timeout)", "timeout=None)"),
    _mutant("lanes outlive a revoke", "        self._lanes.clear()\n", ""),
    _mutant("finished outlives a revoke", "        self._finished.clear()\n", ""),
    _mutant("halted for ever", "            self._halt.clear()\n", "            pass\n"),
    _mutant("never assigned again", "        self._is_revoking = False\n", "        pass\n"),
    _mutant(
        "assignment undoes SIGTERM",
        "        if not self._is_stopping:\n            self._halt.clear()\n",
        "        self._is_stopping = False\n        self._halt.clear()\n",
    ),
    _mutant("SIGTERM stops nothing", "while records and not self._halt.is_set():", "while records:"),
    _mutant(
        "retry after halt",
        "                if self._halt.is_set() or self._lanes.get(partition) is not lane:\n",
        "                if self._lanes.get(partition) is not lane:\n",
    ),
    _mutant(
        "a cancellation left behind ends a worker",
        "await undisturbed(self._pause(failure.delay), self.is_given_up)",
        "await self._pause(failure.delay)",
    ),
    _mutant(
        "interrupted retry counts",
        "is not lane:\n                    return False\n",
        "is not lane:\n                    return True\n",
    ),
    _mutant(
        "finished after giving up counts",
        "            if self._lanes.get(partition) is not lane or (self._given_up and self.is_given_up()):\n"
        "                return  #",
        "            if False:\n                return  #",
    ),
    _mutant("nobody forgets", "            self._delivery.forget(record)\n", "            pass\n"),
    _mutant("resume forgotten", "                consumer.resume(partition)\n", "                pass\n"),
    _mutant(
        "commit only when nothing is left",
        "        while self._finished or self._has_work():\n",
        "        while False:\n",
    ),
    _mutant("failed commit not tried again", "while self._finished or self._has_work():", "while self._has_work():"),
    _mutant(
        "failed commit forgotten",
        'logger.warning("%scommit of %s failed: %r", self._prefix, offsets, error)\n                return\n',
        "pass\n",
    ),
    _mutant("commit forgets what came meanwhile", "if self._finished.get(partition) == offset:", "if True:"),
    _mutant(
        "commit of all at once forgets",
        "                    del self._finished[partition]\n",
        "                    self._finished.clear()\n",
    ),
    _mutant("timer is started once", "if self._timer is None or self._timer.done():", "if self._timer is None:"),
    _of_lane(
        "commit past a gap",
        "            self._ahead.add(record.offset)\n            return None\n",
        "            self._unfinished.remove(record.offset)\n            return record.offset + 1\n",
    ),
    _of_lane("position lags", "        self._position = last + 1\n", "        self._position = last\n"),
    _of_lane("keys spread over strands", "hash(record.key) % len", "record.offset % len"),
    _of_lane(
        "what is ahead is never caught up with",
        "while self._ahead and self._unfinished[0] in self._ahead:",
        "while False:",
    ),
)
