"""Kafka: a partitioned log, a group that shares it, and replicas that drive `Partitions`."""

from .model import ConcurrentKafka, Kafka

__all__ = ["ConcurrentKafka", "Kafka"]
