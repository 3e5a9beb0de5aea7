"""How the service gets into a server of the contract, and what of the server's security has no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cqrs_gen import rules
from cqrs_gen.plan.server_views import AccessView, SecuritySettingView

if TYPE_CHECKING:
    from collections.abc import Collection

    from cqrs_gen.contract.model import SecurityRequirement, Server
    from cqrs_gen.protocols.base import ProtocolModule, Report


def access_of(server: Server, module: ProtocolModule) -> AccessView:
    """Give the way in that the first requirement says which is served; without one, nobody says who they are."""
    requirement = _taken(server, module)
    logins = [module.logins[scheme.type] for scheme in requirement.schemes] if requirement is not None else []
    sasl = next(filter(None, logins), "")
    return AccessView(tls=module.schemes[server.protocol], sasl=sasl, certificate="" in logins)


def access_settings(
    accesses: Collection[AccessView], module: ProtocolModule, broker: str, title: str
) -> tuple[SecuritySettingView, ...]:
    """Give the settings that these ways into a broker need; which the chosen one lacks, the service finds out.

    They are called after the broker, and tell people of it under its title.
    """

    def setting(member: str, kind: str, description: str) -> SecuritySettingView:
        name = f"{broker}_{member}"
        if kind == "bool":
            return SecuritySettingView(name, kind, "False", description, member)
        return SecuritySettingView(name, f"{kind} | None", "None", description, member)

    settings: list[SecuritySettingView] = []
    if any(access.sasl for access in accesses):
        settings.append(setting("username", "SecretStr", f"User name at {title}."))
        settings.append(setting("password", "SecretStr", f"Password at {title}."))
    if any(access.tls for access in accesses):
        authorities = f"PEM file of the authorities that vouch for {title}; by default those of the system."
        settings.append(setting("tls_ca_file", "FilePath", authorities))
    if any(access.certificate for access in accesses):
        certificate = f"PEM file of the certificate that the service shows to {title}."
        key = "PEM file of the private key of the certificate; by default it is in the same file."
        settings.append(setting("tls_cert_file", "FilePath", certificate))
        settings.append(setting("tls_key_file", "FilePath", key))
    if settings and module.plaintext:
        settings.append(setting("plaintext", "bool", module.plaintext))
    return tuple(settings)


def warn_security(server: Server, module: ProtocolModule, report: Report) -> None:
    """Say once what of a server's security has no effect: all of it, or the alternatives that are not taken."""
    security = server.security
    if security is None:
        return
    taken = _taken(server, module)
    others = [each for each in security.requirements if each is not taken]
    if taken is None:
        report(
            rules.UNSUPPORTED_SECURITY,
            others[0].node,
            f"server {server.key!r} asks for {' or '.join(map(_named, others))}, which is not served yet: "
            "the generated service connects without credentials",
            hint=_hint(others, module),
        )
    elif others:
        report(
            rules.UNSUPPORTED_SECURITY,
            others[0].node,
            f"server {server.key!r}: the generated service has what {_named(taken)} needs, "
            f"and nothing for {' or '.join(map(_named, others))}",
            hint="these are alternatives: the first one that is served is taken",
        )


def _taken(server: Server, module: ProtocolModule) -> SecurityRequirement | None:
    requirements = server.security.requirements if server.security is not None else ()
    return next((each for each in requirements if _is_served(each, server, module)), None)


def _is_served(requirement: SecurityRequirement, server: Server, module: ProtocolModule) -> bool:
    logins = [module.logins.get(scheme.type) for scheme in requirement.schemes]
    mechanisms = {login for login in logins if login}
    return None not in logins and len(mechanisms) <= 1 and ("" not in logins or module.schemes[server.protocol])


def _hint(requirements: Collection[SecurityRequirement], module: ProtocolModule) -> str:
    types = {scheme.type for requirement in requirements for scheme in requirement.schemes}
    if types <= module.logins.keys():
        secured = next(scheme for scheme, is_secured in module.schemes.items() if is_secured)
        return f"a client certificate needs TLS: the server's protocol is then {secured!r}"
    return f"over {module.title} these are served: {', '.join(module.logins)}"


def _named(requirement: SecurityRequirement) -> str:
    return " with ".join(repr(scheme.type) for scheme in requirement.schemes) or "nothing"
