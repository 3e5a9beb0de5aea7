"""Reading what servers and operations ask of who connects."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from cqrs_gen.contract.model import Security, SecurityRequirement, SecurityScheme
from cqrs_gen.rules import UNKNOWN_SECURITY_SCHEME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cqrs_gen.contract.described import Described
    from cqrs_gen.contract.objects import ObjectType
    from cqrs_gen.contract.reading import Reading
    from cqrs_gen.document.node import Node


def read_named_security(
    owner: Described, schemes: Mapping[str, Node], description: ObjectType, reading: Reading
) -> Security | None:
    """Read `security` of AsyncAPI 2, whose requirements name schemes of the components; None where it is empty.

    Reports names that are not among `schemes`; a requirement with one is left out.
    """

    def requirement(node: Node) -> SecurityRequirement | None:
        known = [(_named(name, member, schemes, reading), _texts(member)) for name, member in node.members()]
        found = [_scheme(each, description, reading, scopes) for each, scopes in known if each is not None]
        read = tuple(scheme for scheme in found if scheme is not None)
        return SecurityRequirement(read, node) if len(read) == len(known) else None

    return _security(owner, requirement)


def read_referenced_security(owner: Described, description: ObjectType, reading: Reading) -> Security | None:
    """Read `security` of AsyncAPI 3, a list of schemes and of references to them; None where it is empty."""

    def requirement(node: Node) -> SecurityRequirement | None:
        scheme = _scheme(node, description, reading)
        return SecurityRequirement((scheme,), node) if scheme is not None else None

    return _security(owner, requirement)


def _security(owner: Described, requirement: Callable[[Node], SecurityRequirement | None]) -> Security | None:
    node = owner.get("security")
    if node is None or not node.value:
        return None
    found = tuple(read for each in owner.elements("security") if (read := requirement(each)) is not None)
    return Security(found, node) if found else None


def _named(name: str, place: Node, schemes: Mapping[str, Node], reading: Reading) -> Node | None:
    if name not in schemes:
        close = get_close_matches(name, schemes, 1)
        known = ", ".join(map(repr, schemes)) or "none"
        reading.report(
            UNKNOWN_SECURITY_SCHEME,
            place,
            f"there is no security scheme {name!r}",
            hint=f"did you mean {close[0]!r}?" if close else f"'securitySchemes' of the components has {known}",
            at_key=True,
        )
    return schemes.get(name)


def _scheme(
    node: Node, description: ObjectType, reading: Reading, scopes: tuple[str, ...] = ()
) -> SecurityScheme | None:
    """Read a scheme; `scopes` are those of AsyncAPI 2, whose requirements name them. In AsyncAPI 3 the scheme does."""
    scheme = reading.open(node, description)
    type_ = scheme.text("type") if scheme is not None else None
    if scheme is None or type_ is None:
        return None
    own = scheme.get("scopes") if "scopes" in description.fields else None
    return SecurityScheme(type_, _token_url(scheme), _texts(own) if own is not None else scopes, scheme.node)


def _token_url(scheme: Described) -> str | None:
    place = scheme.get("flows")
    for member in ("clientCredentials", "tokenUrl"):
        place = place.get(member) if place is not None else None
    return place.value if place is not None and isinstance(place.value, str) else None


def _texts(listed: Node) -> tuple[str, ...]:
    return tuple(element.value for element in listed.elements() if isinstance(element.value, str))
