"""The objects that AsyncAPI 2 and 3 have in common."""

from __future__ import annotations

from typing import Final

from cqrs_gen.contract.objects import ANY, OBJECT, TEXT, ListOf, ObjectType, Reference

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
