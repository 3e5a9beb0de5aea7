"""Mistakes in `rabbit/`."""

from __future__ import annotations

from typing import Final

from .mutant import RABBIT, Mutant


def _acknowledgements(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "rabbit/acknowledgements.py", before, after, RABBIT)


def _parking(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "rabbit/parking.py", before, after, RABBIT)


def _subscription(name: str, before: str, after: str) -> Mutant:
    return Mutant(name, "rabbit/subscription.py", before, after, RABBIT)


OF_RABBIT: Final = (
    _acknowledgements("two acknowledge at once", "        async with self._draining:\n", "        if True:\n"),
    _acknowledgements(
        "acknowledged past a gap",
        "        self._beyond.update(finished)\n",
        "        last = finished[max(finished)] if finished else last\n        finished = {}\n",
    ),
    _acknowledgements(
        "new channel not noticed",
        "        if message.channel is not self._channel:",
        "        if self._channel is None:",
    ),
    _acknowledgements("beyond outlives its channel", "            self._beyond.clear()\n", ""),
    _acknowledgements("finished outlives its channel", "            self._finished.clear()\n", ""),
    _acknowledgements(
        "counts from two",
        "self._channel, self._acknowledged = message.channel, 0",
        "self._channel, self._acknowledged = message.channel, 1",
    ),
    _acknowledgements("no timer", "        elif self._timer is None:\n", "        elif False:\n"),
    _acknowledgements("SIGTERM as ever", "        self._limit = 1\n", ""),
    _acknowledgements(
        "SIGTERM leaves what is finished",
        "        self._limit = 1\n        await self.drain()\n",
        "        self._limit = 1\n",
    ),
    _acknowledgements(
        "one frame is enough", "                await last.ack(multiple=True)\n", "                await last.ack()\n"
    ),
    _acknowledgements(
        "each frame is multiple",
        "                await message.ack()\n",
        "                await message.ack(multiple=True)\n",
    ),
    _parking("parks dead letters", "if failure.is_final or failure.delay", "if failure.delay"),
    _parking("never parks", "failure.delay <= _IN_HAND", "failure.delay <= 100"),
    _parking("failed write counts", "describe(error))\n            return False\n", "describe(error))\n"),
    _parking(
        "write not waited for",
        "await asyncio.wait_for(self._write(message, failure, seconds), self._patience)",
        "asyncio.create_task(self._write(message, failure, seconds))",
    ),
    _parking(
        "write without a limit",
        "await asyncio.wait_for(self._write(message, failure, seconds), self._patience)",
        "await self._write(message, failure, seconds)",
    ),
    _parking("expires to nowhere", '"x-dead-letter-exchange": "", ', ""),
    _parking(
        "expires to itself",
        '"x-dead-letter-routing-key": self._queue',
        '"x-dead-letter-routing-key": f"{self._queue}.retry"',
    ),
    _parking("not declared", "        if self._declares:", "        if not self._declares:"),
    _parking("attempts not kept", "            WAITED_ATTEMPTS: failure.attempts,\n", ""),
    _parking("origin not kept", "            WAITED_ROUTING_KEY: message.routing_key,\n", ""),
    _parking("headers not kept", "            **message.amqp_headers,\n", ""),
    Mutant("attempts read wrongly", "rabbit/arrival.py", "max(0, attempts) + 1 if", "max(0, attempts) if", RABBIT),
    Mutant(
        "headers of a dead letter not kept",
        "rabbit/dead_letter.py",
        "    yield {**kept, **added}\n",
        "    yield {**added}\n",
        RABBIT,
    ),
    _subscription(
        "acknowledged before it is handled",
        "            if await self._is_finished(message):\n"
        "                await self._acknowledgements.finished(incoming)\n",
        "            await self._acknowledgements.finished(incoming)\n            await self._is_finished(message)\n",
    ),
    _subscription(
        "acknowledged whatever comes",
        "            if await self._is_finished(message):\n",
        "            if await self._is_finished(message) or True:\n",
    ),
    _subscription(
        "begun after SIGTERM",
        "        if self._is_stopping:\n            return False\n        failure",
        "        failure",
    ),
    _subscription("SIGTERM wakes nobody", "            pause.set()\n", "            pass\n"),
    _subscription("tried again after SIGTERM", "if self._is_stopping or self._comes_again", "if self._comes_again"),
    _subscription(
        "a cancellation left behind ends a retry",
        "await undisturbed(self._pause(failure.delay), is_asked_for)",
        "await self._pause(failure.delay)",
    ),
    _subscription("tried again on a closed channel", " or self._comes_again(message):", ":"),
    _subscription("nobody forgets here", "            self._delivery.forget(message)\n", "            pass\n"),
)
