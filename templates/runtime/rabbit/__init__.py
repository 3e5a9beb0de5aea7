"""Receiving from RabbitMQ."""

from .adapter import Rabbit
from .queues import Binding, Exchange, Queue
from .sending import Sending
from .settings import RabbitSettings
from .subscription import Received, Subscription

__all__ = ["Binding", "Exchange", "Queue", "Rabbit", "RabbitSettings", "Received", "Sending", "Subscription"]
