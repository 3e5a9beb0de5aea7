"""Which brokers a service has over one protocol: what its channels' servers, and virtual hosts, come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cqrs_gen.plan.names import resolve_names, snake_name
from cqrs_gen.rules import NAME_COLLISION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.contract.model import Channel, Operation, Server
    from cqrs_gen.protocols.base import ProtocolModule, Report


@dataclass(frozen=True)
class Share:
    """The operations of one broker, which all their channels can be on."""

    servers: tuple[Server, ...]
    """Those that the service chooses from, the default first; none where the contract has none of the protocol."""
    virtual_host: str
    """Empty where the server's address says it."""
    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class BrokerName:
    """What a broker is called in Python: its adapter, its module, its settings."""

    name: str
    server: str
    """The broker whose settings say where the server is and how the service gets into it; another one's where only the
    virtual host differs."""


def share_out(module: ProtocolModule, operations: Sequence[Operation], servers: Sequence[Server]) -> list[Share]:
    """Give the brokers of a protocol with the operations that each of them serves.

    A channel can be on the servers that it names, else on all of the protocol (AsyncAPI 3.0, Channel Object). In the
    order of the contract each channel goes to the first broker with a server that it can be on, too; from then on
    that broker has only servers that all its channels can be on. Without such a broker the channel gets one of its own.
    Channels of different virtual hosts share no broker; the host that the address says comes first.

    A broker that is alone can be sent to every other server of the protocol as well: nothing is mixed up there.
    """
    known = [server for server in servers if server.protocol in module.schemes]
    groups: list[tuple[list[Server], list[Operation]]] = []
    for operation in operations:
        candidates = [server for server in operation.channel.servers if server.protocol in module.schemes]
        for group, receiving in groups:
            common = [server for server in group if server in candidates]
            if common or not candidates:
                group[:] = common
                receiving.append(operation)
                break
        else:
            groups.append((candidates, [operation]))
    if len(groups) == 1:
        [(group, _)] = groups
        group += [server for server in known if server not in group]
    return [share for group, receiving in groups for share in _by_virtual_host(module, group, receiving)]


def name_brokers(module: ProtocolModule, shares: Sequence[Share], report: Report) -> list[BrokerName]:
    """Name each broker: the first after its protocol, the others also after their default server or virtual host.

    Reports names that are the same to the last.
    """
    leaders: dict[tuple[str, ...], int] = {}
    wanted: dict[int, list[str]] = {}
    for index, share in enumerate(shares):
        keys = tuple(server.key for server in share.servers)
        leader = leaders.setdefault(keys, index)
        if index == 0:
            wanted[index] = [module.key]
        elif index == leader:
            wanted[index] = _wanted(module.key, keys[0], "server")
        else:
            wanted[index] = _wanted(wanted[leader][0], share.virtual_host, "vhost")
    names, collisions = resolve_names(wanted)
    for _, second in collisions:
        channel = shares[second].operations[0].channel
        report(NAME_COLLISION, channel.node, f"two brokers would both be called {names[second]!r} in Python")
    return [
        BrokerName(names[index], names[leaders[tuple(server.key for server in share.servers)]])
        for index, share in enumerate(shares)
    ]


def can_be_on(module: ProtocolModule, channel: Channel, share: Share) -> bool:
    """Whether a channel that had no say in the sharing can be on a broker: by its servers, and its virtual host."""
    candidates = [server for server in channel.servers if server.protocol in module.schemes]
    is_there = not candidates or any(server in candidates for server in share.servers)
    return is_there and module.virtual_host(channel) == share.virtual_host


def _by_virtual_host(module: ProtocolModule, servers: Sequence[Server], operations: Sequence[Operation]) -> list[Share]:
    hosts: dict[str, list[Operation]] = {}
    for operation in operations:
        hosts.setdefault(module.virtual_host(operation.channel), []).append(operation)
    return [Share(tuple(servers), host, tuple(hosts[host])) for host in sorted(hosts, key=bool)]


def _wanted(name: str, word: str, what: str) -> list[str]:
    inner = snake_name(word, what).rstrip("_")  # a part of a longer name needs no `_` to differ from a builtin
    return [f"{name}_{inner}", f"{name}_{what}_{inner}"]
