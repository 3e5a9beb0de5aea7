"""How the service gets into a server of the contract, and what of the server's security has no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen import rules
from cqrs_gen.plan.server_views import AccessView, SecuritySettingView

if TYPE_CHECKING:
    from collections.abc import Collection

    from cqrs_gen.contract.model import SecurityRequirement, SecurityScheme, Server
    from cqrs_gen.protocols.base import ProtocolModule, Report


_OAUTH: Final = "OAUTHBEARER"
"""The SASL mechanism that takes a token (RFC 7628)."""


def access_of(server: Server, module: ProtocolModule) -> AccessView:
    """Give the way in that the first requirement says which is served; without one, nobody says who they are."""
    requirement = _taken(server, module)
    schemes = requirement.schemes if requirement is not None else ()
    logins = {module.logins[scheme.type]: scheme for scheme in schemes}
    by_token = logins.get(_OAUTH)
    return AccessView(
        tls=module.schemes[server.protocol],
        sasl=next(filter(None, logins), ""),
        certificate="" in logins,
        token_url=(by_token.token_url or "") if by_token is not None else "",
        scope=" ".join(by_token.scopes) if by_token is not None else "",
    )


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
    mechanisms = {access.sasl for access in accesses}
    if mechanisms - {"", _OAUTH}:
        settings.append(setting("username", "SecretStr", f"User name at {title}."))
        settings.append(setting("password", "SecretStr", f"Password at {title}."))
    if _OAUTH in mechanisms:
        settings.append(
            setting("oauth_token_url", "str", f"Where tokens for {title} come from, if not the contract's.")
        )
        settings.append(setting("oauth_client_id", "SecretStr", f"Name with which to ask for tokens for {title}."))
        settings.append(
            setting("oauth_client_secret", "SecretStr", f"Secret with which to ask for tokens for {title}.")
        )
        scope = f"What a token for {title} has to allow, if not what the contract says; separated by blanks."
        settings.append(setting("oauth_scope", "str", scope))
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
    logins = [_login(scheme, module) for scheme in requirement.schemes]
    mechanisms = {login for login in logins if login}
    return None not in logins and len(mechanisms) <= 1 and ("" not in logins or module.schemes[server.protocol])


def _login(scheme: SecurityScheme, module: ProtocolModule) -> str | None:
    """Give the mechanism of a scheme; a token can be had only where the contract has a flow for services."""
    login = module.logins.get(scheme.type)
    return None if login == _OAUTH and not scheme.token_url else login


def _hint(requirements: Collection[SecurityRequirement], module: ProtocolModule) -> str:
    types = {scheme.type for requirement in requirements for scheme in requirement.schemes}
    if any(module.logins.get(type_) == _OAUTH for type_ in types):
        return "of OAuth the flow 'clientCredentials' is served, with its 'tokenUrl'"
    if types <= module.logins.keys():
        secured = next(scheme for scheme, is_secured in module.schemes.items() if is_secured)
        return f"a client certificate needs TLS: the server's protocol is then {secured!r}"
    return f"over {module.title} these are served: {', '.join(module.logins)}"


def _named(requirement: SecurityRequirement) -> str:
    return " with ".join(repr(scheme.type) for scheme in requirement.schemes) or "nothing"
