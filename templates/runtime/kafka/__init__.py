"""Receiving from Kafka."""

from .adapter import Kafka
from .records import Batch
from .settings import KafkaSettings
from .sources import Layout, Source
from .subscription import Subscription

__all__ = ["Batch", "Kafka", "KafkaSettings", "Layout", "Source", "Subscription"]
