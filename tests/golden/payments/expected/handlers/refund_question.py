"""Handles `RefundQuestion`. This file is yours: it was written once and is never changed again."""

from ..contract import models
from ..contract.events import RefundQuestion
from ..contract.replies import RefundQuestionReplies


class RefundQuestionHandler(RefundQuestionReplies):
    """Somebody wants to know what a refund would be."""

    async def answer(self, event: RefundQuestion) -> models.RefundAnswerPayload:
        """Give the reply to one event. The same event may come more than once."""
        raise NotImplementedError
