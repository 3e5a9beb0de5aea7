"""What became of messages, all events of a channel together."""

from dataclasses import dataclass

from runtime.observation import Observation


@dataclass(frozen=True)
class Counts:
    """How many messages were handled, and so on."""

    handled: int = 0
    retried: int = 0
    dead_lettered: int = 0
    skipped: int = 0


def counted(observation: Observation) -> Counts:
    tallies = observation.tallies.values()
    return Counts(
        sum(tally.handled for tally in tallies),
        sum(tally.retried for tally in tallies),
        sum(tally.dead_lettered for tally in tallies),
        sum(tally.skipped for tally in tallies),
    )
