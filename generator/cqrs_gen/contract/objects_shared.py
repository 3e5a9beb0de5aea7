"""The objects that AsyncAPI 2 and 3 have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cqrs_gen.contract.objects import ANY, OBJECT, TEXT, Choice, ListOf, MapOf, ObjectType, Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cqrs_gen.contract.objects import Shape

CONTACT: Final = ObjectType("contact", {"name": TEXT, "url": TEXT, "email": TEXT})
LICENSE: Final = ObjectType("license", {"name": TEXT, "url": TEXT}, required=("name",))
EXTERNAL_DOCS: Final = ObjectType("external documentation", {"description": TEXT, "url": TEXT}, required=("url",))
TAG: Final = ObjectType(
    "tag", {"name": TEXT, "description": TEXT, "externalDocs": Reference(EXTERNAL_DOCS)}, required=("name",)
)
SERVER_VARIABLE: Final = ObjectType(
    "server variable", {"enum": ListOf(TEXT), "default": TEXT, "description": TEXT, "examples": ListOf(TEXT)}
)
CORRELATION_ID: Final = ObjectType("correlation id", {"description": TEXT, "location": TEXT}, required=("location",))
MESSAGE_EXAMPLE: Final = ObjectType(
    "message example", {"headers": OBJECT, "payload": ANY, "name": TEXT, "summary": TEXT}
)
_SECURITY_TYPES: Final = (
    *("userPassword", "apiKey", "X509", "symmetricEncryption", "asymmetricEncryption", "httpApiKey", "http", "oauth2"),
    *("openIdConnect", "plain", "scramSha256", "scramSha512", "gssapi"),
)
"""All that AsyncAPI 2.1 to 3.1 know (Security Scheme Object, `type`)."""


def security_scheme(*, scopes_of_flow: str, own: Mapping[str, Shape]) -> ObjectType:
    """Describe the Security Scheme Object of a version: what its flows call their scopes, the fields only it has.

    Which of the fields belong to which type is not looked at: only the type has an effect.
    """
    flow = ObjectType(
        "OAuth flow",
        {"authorizationUrl": TEXT, "tokenUrl": TEXT, "refreshUrl": TEXT, scopes_of_flow: MapOf("scopes", TEXT)},
    )
    flows = ("implicit", "password", "clientCredentials", "authorizationCode")
    return ObjectType(
        "security scheme",
        {
            "type": Choice(_SECURITY_TYPES),
            "description": TEXT,
            "name": TEXT,
            "in": TEXT,
            "scheme": TEXT,
            "bearerFormat": TEXT,
            "flows": ObjectType("OAuth flows", dict.fromkeys(flows, flow)),
            "openIdConnectUrl": TEXT,
            **own,
        },
        required=("type",),
    )
