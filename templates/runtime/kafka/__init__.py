"""Receiving from Kafka."""

from .adapter import Kafka
from .settings import KafkaSettings
from .subscription import Batch, Source, Subscription

__all__ = ["Batch", "Kafka", "KafkaSettings", "Source", "Subscription"]
