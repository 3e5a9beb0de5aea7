"""Receiving from Kafka."""

from .adapter import Kafka
from .settings import KafkaSettings
from .sources import Source
from .subscription import Batch, Subscription

__all__ = ["Batch", "Kafka", "KafkaSettings", "Source", "Subscription"]
