"""The AsyncAPI page: it shows the contract itself, not what FastStream makes of our subscribers."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

from faststream.specification.base import Specification, SpecificationFactory

if TYPE_CHECKING:
    from faststream._internal.broker import BrokerUsecase
    from faststream.asgi.handlers import HttpHandler
    from typing_extensions import Self


class ContractPage(SpecificationFactory):
    """The contract that a service was generated from, as FastStream asks for it. `contract` is JSON."""

    def __init__(self, contract: bytes) -> None:
        self._specification = _Specification(json.loads(contract))
        self.title = self._specification.title
        self.version = self.description = self.contact = self.license = None

    def add_broker(self, broker: BrokerUsecase[Any, Any, Any], /) -> Self:  # noqa: ARG002 - the contract has it
        return self

    def add_http_route(self, path: str, handler: HttpHandler) -> Self:  # noqa: ARG002 - no part of the contract
        return self

    def to_specification(self) -> Specification:
        return self._specification


class _Specification(Specification):
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    @property
    def title(self) -> str:
        return html.escape(str(self._document.get("info", {}).get("title", "Contract")))

    def to_jsonable(self) -> dict[str, Any]:
        return self._document

    def to_json(self) -> str:
        return json.dumps(self._document).replace("<", r"\u003c")  # FastStream writes it into a script of the page

    def to_yaml(self) -> str:
        return json.dumps(self._document, indent=2)  # which is YAML
