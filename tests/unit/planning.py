"""Planning a contract that stands in the test."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from cqrs_gen.contract.read import read
from cqrs_gen.diagnostics import Diagnostics
from cqrs_gen.document.load import load
from cqrs_gen.plan.build import Plan, build_plan

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from cqrs_gen.diagnostics import Diagnostic
    from cqrs_gen.document.load import Document
    from cqrs_gen.plan.deserializer_views import DeserializerView
    from cqrs_gen.plan.views import SubscriberView

HEAD3 = "asyncapi: 3.0.0\ninfo: {title: Orders, version: 1.0.0}\n"
HEAD2 = "asyncapi: 2.6.0\ninfo: {title: Orders, version: 1.0.0}\n"


@dataclass(frozen=True)
class Planned:
    """What planning a document gave. The package is called `shop`."""

    plan: Plan
    findings: list[Diagnostic]
    document: Document

    @property
    def found(self) -> list[str]:
        """`line:column rule-id` of every diagnostic; the two lines in front of the text of the test count."""
        return [f"{each.location.line}:{each.location.column} {each.rule.id}" for each in self.findings]

    @property
    def subscribers(self) -> list[SubscriberView]:
        """The subscribers of all brokers."""
        return [one for broker in self.plan.view.brokers for one in broker.subscribers]

    @property
    def details(self) -> list[Any]:
        """What only the template of the protocol sees of each subscriber."""
        return [subscriber.details for subscriber in self.subscribers]

    @property
    def deserializer(self) -> DeserializerView:
        """The only deserializer."""
        (deserializer,) = self.plan.view.deserializers
        return deserializer

    def text(self, rule: str) -> str:
        """Give the message of the only finding of a rule."""
        (message,) = [each.message for each in self.findings if each.rule.id == rule]
        return message


def plan_text(
    folder: Path, text: str, head: str = HEAD3, *, protocols: Collection[str] = (), **options: Any
) -> Planned:
    """Load, read and plan the text of a document, which must be free of errors up to there; `options` of the plan."""
    (folder / "asyncapi.yaml").write_text(head + dedent(text).lstrip("\n"), encoding="utf-8")
    diagnostics = Diagnostics()
    document = load([folder / "asyncapi.yaml"], diagnostics, cwd=folder)
    assert document is not None
    contract = read(document, diagnostics)
    assert contract is not None
    assert not diagnostics.has_errors, [str(each) for each in diagnostics.sorted()]
    options = {"envelope": "auto", **options}
    plan = build_plan(contract, document, diagnostics, package="shop", protocols=protocols, **options)
    return Planned(plan, list(diagnostics.sorted()), document)


def plan_bound(folder: Path, binding: str, place: str, field: str, value: str = "1") -> Planned:
    """Plan one operation over one protocol, with one field of a binding: of the server, the channel and so on."""
    bound = dict.fromkeys(("server", "channel", "operation", "message"), "")
    bound[place] = f", bindings: {{{binding}: {{{field}: {value}}}}}"
    text = f"""
        servers: {{s: {{host: broker, protocol: {binding}{bound["server"]}}}}}
        channels:
          orders: {{address: orders{bound["channel"]}, messages: {{Placed: {{payload: {{}}{bound["message"]}}}}}}}
        operations:
          handle: {{action: receive, channel: {{$ref: '#/channels/orders'}}{bound["operation"]}}}
    """
    return plan_text(folder, text)
