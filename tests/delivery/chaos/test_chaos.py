"""A short storm on each broker; `python -m tests.delivery.chaos` makes a long one."""

from __future__ import annotations

import random
import secrets
from typing import TYPE_CHECKING, Final

import pytest

from tests.delivery.chaos.account import Sent, account
from tests.delivery.chaos.sides import KafkaSide, RabbitSide
from tests.delivery.chaos.storm import Plan, storm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.delivery.chaos.account import Kind
    from tests.delivery.chaos.sides import Side

_PLAN: Final = Plan(messages=1_500, kills=3, restarts=0, pause=(0.5, 2.0))


@pytest.mark.xdist_group("kafka")
async def test_kills_lose_nothing_on_kafka(apache_kafka: str, tmp_path: Path) -> None:
    await _weather(KafkaSide(apache_kafka, tmp_path))


@pytest.mark.xdist_group("rabbit")
async def test_kills_lose_nothing_on_rabbit(rabbit: str, tmp_path: Path) -> None:
    await _weather(RabbitSide(rabbit, tmp_path))


async def _weather(side: Side) -> None:
    seed, told = secrets.randbelow(1_000_000), list[str]()
    aftermath = await storm(side, _PLAN, random.Random(seed), told.append)  # noqa: S311 - a storm can be had again

    complaints = aftermath.complaints(_PLAN, keeps_order=side.keeps_order)
    assert complaints == [], f"seed {seed}: {told}\n{side.package.logs()}"


def test_an_account_complains_of_everything_that_is_wrong() -> None:
    """The storm above can fail: what it looks for is found."""
    kinds: tuple[Kind, ...] = ("ok", "flaky", "ok", "poison", "bad")
    ok, flaky, late, poison, bad = (Sent(number, kind) for number, kind in enumerate(kinds))
    unsent = "k9-9"
    same_key = Sent(30, "ok")
    handled = [same_key.name, ok.name, *[flaky.name] * 5, unsent]

    complaints = account([ok, flaky, late, poison, bad, same_key], handled, [poison.name, ok.name]).complaints(
        0, keeps_order=True
    )

    assert complaints == [
        f"1 lost: {late.name}",
        f"1 handled in vain: {unsent}",
        f"1 not dead: {bad.name}",
        f"1 wrongly dead: {ok.name}",
        "1 out of order: k0",
        "4 repeats after 0 kills",
        "one message was handled 5 times",
    ]
