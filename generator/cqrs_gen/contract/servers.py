"""Reading servers: what 2.6 and 3 have in common once the address is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen.contract.addresses import expressions
from cqrs_gen.contract.model import Server, ServerVariable
from cqrs_gen.contract.objects_shared import SERVER_VARIABLE
from cqrs_gen.rules import UNDESCRIBED_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cqrs_gen.contract.described import Described
    from cqrs_gen.contract.model import Security
    from cqrs_gen.contract.reading import Reading


def read_server(  # noqa: PLR0913 - host and pathname are what differs between versions
    key: str,
    server: Described,
    reading: Reading,
    *,
    host: str,
    pathname: str,
    written_in: Iterable[str],
    security: Security | None,
) -> Server:
    """Read a server whose host and path name are written in the fields `written_in`.

    Reports variables that these use and `variables` does not describe. Protocols are lower case; a Ruby symbol
    (`:amqp`) counts as its name.
    """
    return Server(
        key=key,
        protocol=(server.text("protocol") or "").lstrip(":").lower(),
        host=host,
        pathname=pathname,
        variables=_variables(server, reading, written_in),
        description=server.text("description"),
        security=security,
        bindings=reading.bindings(server),
        node=server.node,
    )


def servers_hint(servers: Iterable[Server]) -> str:
    """Say which servers a channel may name."""
    return f"the document has {', '.join(repr(server.key) for server in servers) or 'no servers'}"


def _variables(server: Described, reading: Reading, written_in: Iterable[str]) -> tuple[ServerVariable, ...]:
    described = dict(server.members("variables"))
    for place in filter(None, map(server.get, written_in)):
        for name in expressions(place.value):
            if name not in described:
                message = f"server {server.node.token!r}: variable {name!r} is not described"
                reading.report(UNDESCRIBED_VARIABLE, place, message, hint="describe it in 'variables' of the server")
    opened = ((name, reading.open(node, SERVER_VARIABLE)) for name, node in described.items())
    return tuple(
        ServerVariable(
            name=name,
            default=variable.text("default"),
            enum=tuple(element.value for element in variable.elements("enum")),
            description=variable.text("description"),
            node=variable.node,
        )
        for name, variable in opened
        if variable is not None
    )
