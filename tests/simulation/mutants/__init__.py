"""Mistakes that the simulation must notice: each is one change of one module of the runtime."""

from typing import Final

from .mutant import BOTH, KAFKA, RABBIT, Mutant
from .of_delivery import OF_DELIVERY
from .of_partitions import OF_PARTITIONS
from .of_rabbit import OF_RABBIT

__all__ = ["BOTH", "KAFKA", "MUTANTS", "RABBIT", "Mutant"]

MUTANTS: Final = (*OF_PARTITIONS, *OF_DELIVERY, *OF_RABBIT)
