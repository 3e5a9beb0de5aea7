"""Where the brokers are: the contract's servers and the settings that choose and complete them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from cqrs_gen.plan.names import snake_name
from cqrs_gen.plan.security import access_of, access_settings
from cqrs_gen.plan.server_views import ServersView, ServerView, VirtualHostView
from cqrs_gen.plan.views import SettingView, VariableView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import ServerVariable
    from cqrs_gen.plan.served import Served

_VARIABLE: Final = re.compile(r"\{([^{}]+)\}")


def plan_servers(served: Sequence[Served]) -> tuple[tuple[ServersView, ...], tuple[VariableView, ...]]:
    """Give the servers of each broker, the default first, and a setting for every variable in their addresses.

    Brokers that differ in nothing but the virtual host have their servers, and what those ask for, in common.
    """
    views: list[ServersView] = []
    declared: dict[str, list[ServerVariable]] = {}
    for one in served:
        if one.broker.name != one.broker.server:
            continue
        view = _servers(one, [other for other in served if other.broker.server == one.broker.name and other is not one])
        for found, server in zip(view.servers, one.share.servers, strict=True):
            for name in _VARIABLE.findall(found.address):
                declared.setdefault(name, []).extend(v for v in server.variables if v.name == name)
        views.append(view)
    return tuple(views), tuple(_variable(name, variables) for name, variables in declared.items())


def _servers(served: Served, others: Sequence[Served]) -> ServersView:
    """Give the servers of a broker; `others` are further virtual hosts of them."""
    module, share, name = served.protocol, served.share, served.broker.name
    servers = tuple(
        ServerView(server.key, module.address(server, share.virtual_host), access_of(server, module))
        for server in share.servers
    )
    return ServersView(
        name,
        module.key,
        served.title,
        module.address_setting,
        servers[0].address if servers else module.default_address(share.virtual_host),
        servers,
        access_settings([server.access for server in servers], module, name, served.title),
        tuple(
            VirtualHostView(
                other.broker.name, other.share.virtual_host, f"{other.broker.name}_{module.address_setting}"
            )
            for other in others
        ),
    )


def _variable(name: str, variables: Sequence[ServerVariable]) -> VariableView:
    allowed = list(dict.fromkeys(value for variable in variables for value in variable.enum))
    default = next((variable.default for variable in variables if variable.default is not None), None)
    if default is not None and allowed and default not in allowed:
        allowed.insert(0, default)
    annotation = f"Literal[{', '.join(json.dumps(value) for value in allowed)}]" if allowed else "str"
    description = next((variable.description for variable in variables if variable.description), None)
    setting = SettingView(
        f"server_{snake_name(name)}",
        annotation,
        default,
        description or f"Stands for {{{name}}} in the address of a server.",
    )
    return VariableView(name, setting)
