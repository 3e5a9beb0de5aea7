"""What a mistake may be: operators of cosmic-ray, and two that it does not have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import parso
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.operators.provider import OperatorProvider

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OF_COSMIC_RAY: Final = (
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            *("Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
            *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is"),
        )
    ),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "Pow_Mul", "Mod_Div")),
    *("AddNot", "ReplaceUnaryOperator_Delete_Not", "ReplaceAndWithOr", "ReplaceOrWithAnd"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "NumberReplacer", "ExceptionReplacer", "ZeroIterationForLoop"),
)
_HARMLESS: Final = re.compile(r"^if not TYPE_CHECKING:|(^|,)\s*/,", re.MULTILINE)
"""What imports more than is needed, and lets arguments be given by name or not."""
_REMOVED: Final = frozenset({"expr_stmt", "atom_expr", "del_stmt", "raise_stmt", "keyword"})


class _Replace(Operator):
    """Puts another statement in the place of one."""

    by = ""

    def is_replaced(self, statement: Any) -> bool:
        """Whether this is one of those."""
        raise NotImplementedError

    def mutation_positions(self, node: Any) -> Iterable[Any]:
        """Give where the statement is."""
        if node.type == "simple_stmt" and self.is_replaced(node.children[0]):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002 - there is one
        """Put the other in its place."""
        indentation = node.children[0].get_first_leaf().prefix
        node.children[0] = parso.parse(f"{indentation}{self.by}")
        return node

    @classmethod
    def examples(cls) -> Iterable[Example]:
        """Give none: cosmic-ray tests its own."""
        return ()


class RemoveStatement(_Replace):
    """Leaves out a statement of a function."""

    by = "pass"

    def is_replaced(self, statement: Any) -> bool:
        """Whether it does something."""
        is_idle = statement.type == "keyword" and statement.value == "pass"
        in_function = parso.tree.search_ancestor(statement, "funcdef") is not None
        return in_function and statement.type in _REMOVED and not is_idle


class ReturnNone(_Replace):
    """Returns None in the place of a value."""

    by = "return None"

    def is_replaced(self, statement: Any) -> bool:
        """Whether it returns something else."""
        return statement.type == "return_stmt" and statement.children[1].get_code().strip() != "None"


def mutants(code: str) -> Iterator[tuple[str, str]]:
    """Give each mistake: what it is, and the module with it."""
    provider = OperatorProvider()
    seen = {code}
    for operator in (*(provider[name] for name in _OF_COSMIC_RAY), RemoveStatement, ReturnNone):
        number = 0
        while (mutated := mutate_code(code, operator(), number)) is not None:
            number += 1
            if mutated not in seen and _is_mistake(mutated):
                seen.add(mutated)
                yield operator.__name__, mutated


def _is_mistake(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:  # the `/` of parameters is no division
        return False
    return _HARMLESS.search(text) is None
