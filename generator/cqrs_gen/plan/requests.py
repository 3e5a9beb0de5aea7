"""Requests: the events that a handler gives a reply to, and what sends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cqrs_gen.plan.brokers import can_be_on
from cqrs_gen.plan.discriminators import fixed_headers, required_members
from cqrs_gen.plan.sending_views import AnswerView, RequestView
from cqrs_gen.protocols.base import Destination
from cqrs_gen.rules import UNSUPPORTED_REPLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cqrs_gen.plan.publishers import Publishing
    from cqrs_gen.plan.replies import Answer
    from cqrs_gen.plan.sending_views import PublisherView
    from cqrs_gen.plan.served import Served


def plan_requests(served: Sequence[Served], publishing: Publishing) -> dict[str, RequestView]:
    """Give the reply to each event that gets one, by the id of the message.

    A handler gives one kind of reply: reports operations that want another one for the same event.
    """
    messages: dict[str, str] = {}
    answers: dict[str, dict[str, AnswerView]] = {}
    for one in served:
        for answer in one.answers:
            view = _answer(one, answer, _holder(one, served, answer, publishing), publishing)
            if view.direct is None and view.fixed is None:  # which was reported
                continue
            _report_missing_headers(answer, publishing)
            for request in answer.operation.messages:
                known = answers.setdefault(request.id, {})
                if messages.setdefault(request.id, answer.message.id) != answer.message.id or view.operation in known:
                    _refuse(answer, publishing)
                else:
                    known[view.operation] = view
    return {
        id_: RequestView(
            f"{publishing.messages[id_].name}Replies",
            publishing.payloads.get(messages[id_], "Any"),
            tuple(views.values()),
        )
        for id_, views in answers.items()
    }


def repliers(requests: Sequence[RequestView]) -> list[PublisherView]:
    """Give what sends replies to addresses of the contract."""
    return [answer.fixed for request in requests for answer in request.answers if answer.fixed is not None]


def _holder(own: Served, served: Sequence[Served], answer: Answer, publishing: Publishing) -> Served | None:
    """Give the broker that has the contract's channel for a reply: that of the request, or another; reports none."""
    if answer.destination is None:
        return None
    channel = answer.destination.operation.channel
    same = [own, *(one for one in served if one.protocol is own.protocol)]
    found = next((one for one in same if can_be_on(one.protocol, channel, one.share)), None)
    if found is None:
        text = f"operation {answer.operation.key!r}: its reply is not sent to {channel.key!r}, where the service has no"
        publishing.report(UNSUPPORTED_REPLY, channel.node, f"{text} broker", at_key=True)
    return found


def _answer(served: Served, answer: Answer, holder: Served | None, publishing: Publishing) -> AnswerView:
    module, fixed = served.protocol, answer.destination
    direct = Destination(answer.operation, "", module.direct)
    has_direct = answer.location is not None or module.carries_reply_address
    unchecked = replace(publishing, headers={}, keys={})  # a handler gives the payload only
    return AnswerView(
        answer.operation.key,
        unchecked.view("direct", served, direct, answer.message) if has_direct else None,
        unchecked.view("fixed", holder, fixed, answer.message) if fixed is not None and holder is not None else None,
    )


def _report_missing_headers(answer: Answer, publishing: Publishing) -> None:
    """Report headers that a reply must have and that no handler can give: the contract leaves a choice about them."""
    message, resolve = answer.message, publishing.resolve
    headers = message.headers
    correlation = message.correlation_id.location.steps[:1] if message.correlation_id is not None else ()
    missing = required_members(headers, resolve) - fixed_headers(headers, resolve).keys() - set(correlation)
    if headers is not None and missing:
        publishing.report(
            UNSUPPORTED_REPLY,
            headers,
            f"operation {answer.operation.key!r}: its reply is sent without what its headers must have,"
            f" {', '.join(map(repr, sorted(missing)))}",
            hint="a handler gives the payload only; a header with a const is sent",
            at_key=True,
        )


def _refuse(answer: Answer, publishing: Publishing) -> None:
    reply = answer.operation.reply
    publishing.report(
        UNSUPPORTED_REPLY,
        reply.node if reply is not None else answer.operation.node,
        f"operation {answer.operation.key!r}: its reply is not sent, because its message has one already",
        hint="one handler serves a message over all protocols and operations, and gives one kind of reply",
        at_key=True,
    )
