"""A contract from the other side: what the application sends its clients receive, and the other way round."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.model import Action

if TYPE_CHECKING:
    from cqrs_gen.contract.model import Contract

_OTHER: Final = {Action.SEND: Action.RECEIVE, Action.RECEIVE: Action.SEND}


def mirror(contract: Contract) -> Contract:
    """Give the contract of a client of the application that the document describes."""
    operations = (replace(operation, action=_OTHER[operation.action]) for operation in contract.operations)
    return replace(contract, operations=tuple(operations))
